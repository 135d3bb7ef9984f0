"""Which Python the environment is made from: the same program, built by others, runs a quarter slower or faster."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Seconds of what pages do most: short strings, dictionaries, calls; the best of seven tries of about 10 ms.
WORK = """
import time
class A:
    def __init__(self, x): self.x = x
    def get(self): return self.x + 1
def work():
    seen, text = {}, []
    for i in range(30000):
        seen[str(i % 97)] = A(i).get()
        text.append("x%s" % i)
    return "".join(text)
def once():
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
print(min(once() for _ in range(7)))
"""
GAIN = 0.9  # another build is taken only when the work takes it less than this share of the time
PLACES = ("/usr/local/bin", "/usr/bin")


def interpreter() -> str:
    """The quickest build of the Python that runs us, the one that was named (`make PYTHON=…`) if one was."""
    if os.environ.get("LINLI_PYTHON"):
        return sys.executable
    own = _seconds(sys.executable)
    others = {found: took for found in _others() if (took := _seconds(found)) is not None}
    if own is None or not others:
        return sys.executable
    best = min(others, key=others.__getitem__)
    if others[best] >= own * GAIN:
        return sys.executable
    print(f"      {best} works in {others[best] / own:.0%} of the time: taking it", flush=True)
    return best


def version(python: str | Path) -> tuple[int, int] | None:
    """Major and minor version of a Python, None where it does not run or cannot make an environment."""
    said = _ask(python, "import sys, venv, ssl, sqlite3; print(*sys.version_info[:2])")
    return tuple(map(int, said.split())) if said else None  # type: ignore[return-value]


def _others() -> list[str]:
    """Other builds of the very version that runs us, where programs usually lie."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = [*os.environ.get("PATH", os.defpath).split(os.pathsep), *PLACES]
    ours = Path(sys.executable).resolve()
    found = {Path(folder, name).resolve() for folder in folders if Path(folder, name).is_file()}
    return sorted(str(p) for p in found - {ours} if version(p) == sys.version_info[:2])


def _seconds(python: str) -> float | None:
    said = _ask(python, WORK)
    return float(said) if said else None


def _ask(python: str | Path, program: str) -> str:
    try:
        call = [str(python), "-I", "-c", program]
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if not done.returncode else ""
