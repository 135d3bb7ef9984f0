"""The files of the project, as the shape tests see them: tracked, or new and not ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".cfg", ".css", ".csv", ".html", ".js", ".json", ".md", ".mjs", ".po", ".py", ".sh"}
TEXT |= {".svg", ".toml", ".txt", ".yaml", ".yml", ".lock", ""}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that is still there, relative to its root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = sorted(Path(name) for name in listed.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def python_files() -> tuple[Path, ...]:
    """Python sources that people write: migrations are generated."""
    return tuple(p for p in files() if p.suffix == ".py" and "migrations" not in p.parts)


def read(path: Path) -> str:
    """The text of one file."""
    return (ROOT / path).read_text(encoding="utf-8")
