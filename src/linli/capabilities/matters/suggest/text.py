"""Residents' writing brought to one form before it is compared or learned from."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")


def plain(text: str) -> str:
    """One width, one case, no white space: what two spellings of the same words share."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).lower())


def pieces(text: str, *, least: int = 20, most: int = 60) -> list[str]:
    """Sentences of a long text joined to `least`–`most` characters, in order; a short text is one piece."""
    out: list[str] = []
    held = ""
    for sentence in _SENTENCE.findall(text):
        held += sentence
        if len(held) >= least:
            out.extend(held[at : at + most] for at in range(0, len(held), most))
            held = ""
    return [*out, held] if held else out or [text]
