"""Messages of the pure modules are marked here; they are said in the reader's language where they are shown."""

from linli.ui.spoken import Spoken


def N_(text: str) -> str:
    """Mark a message for the extractor; it stays as it is until somebody shows it."""
    return Spoken(text)
