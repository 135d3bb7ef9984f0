"""Messages of the pure modules are marked here and translated where they are shown (pure)."""


def N_(text: str) -> str:
    """Mark a message for the extractor; it stays as it is until somebody shows it."""
    return text
