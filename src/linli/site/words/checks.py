"""What is wrong with the words: sentences without English, broken placeholders, Chinese that no translation reaches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

from linli.site.words.catalogues import CHINESE, ENGLISH, Found, read
from linli.site.words.sources import sentences
from linli.site.words.strays import strays

HAN = re.compile(r"[\u3400-\u9fff]")
WIDE = re.compile(r"[，。！？；：（）、【】]")
HOLE = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[a-z]|%[sd%]|\{[^{}]*\}")
# Names that residents know in Chinese, and our own.
KEPT = re.compile(r"“[^”]*”|东亭街道春城社区|春城社区|邻里")


def problems() -> Iterator[str]:
    """Each fault as a line: what, where, which sentence."""
    found = sentences()
    english = read(ENGLISH)
    yield from _missing(found, english)
    yield from _obsolete(found, english)
    for language, catalogue in ((ENGLISH, english), (CHINESE, read(CHINESE))):
        for message in catalogue:
            if message.id:
                yield from _faults(language, message)
    yield from (f"not wrapped for translation: {stray}" for stray in strays())


def _missing(found: list[Found], catalogue: Catalog) -> Iterator[str]:
    told = set()
    for each in found:
        first = each.key[0] if isinstance(each.key, tuple) else each.key
        message = catalogue.get(first, each.context)
        if (first, each.context) in told:
            continue
        told.add((first, each.context))
        if message is None:
            yield f"not extracted (run `linli words extract`): {each.file}: {first}"
        elif not all(_texts(message)):
            yield f"no English: {each.file}: {first}"


def _obsolete(found: list[Found], catalogue: Catalog) -> Iterator[str]:
    wanted = {(f.key[0] if isinstance(f.key, tuple) else f.key, f.context) for f in found}
    for message in catalogue:
        if message.id and (_first(message), message.context) not in wanted:
            yield f"no longer used (run `linli words extract`): {_first(message)}"


def _faults(language: str, message: Message) -> Iterator[str]:
    first = _first(message)
    if message.fuzzy:
        yield f"fuzzy: {first}"
    for text in filter(None, _texts(message)):
        if _holes(text) != _holes(first) and not _one_left_out(message, text):
            yield f"placeholders differ: {first} → {text}"
        if "%" in HOLE.sub("", text):
            yield f"a bare %, which templates take for a placeholder: {first} → {text}"
        if language == ENGLISH and (HAN.search(KEPT.sub("", text)) or WIDE.search(text)):
            yield f"Chinese in the English: {first} → {text}"


def _holes(text: str) -> Counter[str]:
    return Counter(HOLE.findall(text))


def _one_left_out(message: Message, text: str) -> bool:
    """A singular may say “a day” without its number."""
    first = _first(message)
    return isinstance(message.id, tuple | list) and not _holes(text) - _holes(first)


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _texts(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)
