"""Links between the documents lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tests.shape.tree import ROOT, files, read

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
HEADING = re.compile(r"^#+\s+(.*?)\s*#*$", re.M)


def _anchors(path: Path) -> set[str]:
    text = FENCE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {word.replace(" ", "-") for word in words}


def broken_links(path: Path) -> list[str]:
    """Links of one document to files or headings that are not there."""
    broken = []
    for link in LINK.findall(FENCE.sub("", read(path))):
        if re.match(r"[a-z][a-z+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        if not (ROOT / target).exists():
            broken.append(f"{path}: {link}")
        elif anchor and target.suffix == ".md" and anchor not in _anchors(target):
            broken.append(f"{path}: {link} (no such heading)")
    return broken


def test_links_resolve() -> None:
    documents = [path for path in files() if path.suffix == ".md"]
    assert Path("README.md") in documents
    assert not [link for path in documents for link in broken_links(path)]
