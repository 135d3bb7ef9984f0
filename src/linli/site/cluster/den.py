"""Where the embedded server lives, and as whom it runs."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_LIMIT = 100


class ClusterError(RuntimeError):
    """The database server cannot be used; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a den must remember: passwords, and which server was prepared there."""

    root: str
    owner: str
    app: str
    data: str = ""
    bin: str = ""


@dataclass(frozen=True, slots=True)
class Den:
    """The folders of one checkout's server; `uid`/`gid` are those the server runs under."""

    state: Path
    home: Path
    socket: Path
    uid: int
    gid: int

    @property
    def card_path(self) -> Path:
        return self.home / "cluster.json"

    @property
    def dropped(self) -> bool:
        """Whether the server runs as another user than we do."""
        return self.uid != os.geteuid()


def state_folder() -> Path:
    """Where this installation keeps everything: `LINLI_STATE`, else `.linli` of the checkout."""
    given = os.environ.get("LINLI_STATE")
    if given:
        return Path(given).absolute()
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file():
            return folder / ".linli"
    kept = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(kept).expanduser() / "linli"


def den() -> Den:
    """The den of this checkout, found from its path alone; creates nothing."""
    state = state_folder()
    mark = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:12]
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        # A server refuses to run as root, and the user it drops to cannot enter root's folders.
        # /var/lib and not /var/tmp, where old files are swept away.
        someone = pwd.getpwnam(os.environ.get("LINLI_PG_USER", "nobody"))
        home = Path("/var/lib/linli") / mark
        return Den(state, home, home / "socket", someone.pw_uid, someone.pw_gid)
    socket = state / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) >= SOCKET_LIMIT:
        socket = Path("/tmp") / f"linli-{uid}-{mark}"
    return Den(state, state, socket, uid, gid)


def private(path: Path, mode: int, uid: int, gid: int) -> Path:
    """Make a folder that belongs to `uid` alone; refuse one that somebody else put there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    seen = path.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in (uid, os.geteuid()):
        raise ClusterError(f"{path} belongs to somebody else; remove it, then try again")
    if (seen.st_uid, seen.st_gid) != (uid, gid) and os.geteuid() == 0:
        os.chown(path, uid, gid)
    if stat.S_IMODE(seen.st_mode) != mode:
        path.chmod(mode)
    return path


@contextmanager
def locked(place: Den) -> Iterator[None]:
    """Hold the checkout's one lock, so that two processes never start two servers."""
    try:
        place.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = (place.state / "cluster.lock").open("w")
    except PermissionError as refused:
        raise ClusterError(f"{place.state} belongs to another user of this machine") from refused
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read_card(place: Den) -> Card | None:
    """The den's card, or None when the den was not settled yet or belonged to a former checkout."""
    try:
        card = Card(**json.loads(place.card_path.read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as broken:
        raise ClusterError(f"{place.card_path} is damaged: run `make clean`") from broken
    return card if _same_checkout(place) else None


def write_card(place: Den, card: Card) -> Card:
    """Keep the card readable by its owner only, replaced in one step."""
    fresh = place.card_path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(card), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place.card_path)
    return card


def settle(place: Den) -> Card:
    """Make the den's folders and passwords; the caller holds the lock, no server runs."""
    card = read_card(place)
    me = (os.geteuid(), os.getegid())
    private(place.state, 0o700, *me)
    if place.dropped:
        private(place.home.parent, 0o711, *me)
        private(place.home, 0o711, *me)
    private(place.socket, 0o700, place.uid, place.gid)
    if card:
        return card
    if place.dropped:
        mark = secrets.token_hex(8)
        for folder in (place.state, place.home):
            (folder / "den-id").write_text(mark)
    return write_card(place, Card(*(secrets.token_urlsafe(24) for _ in range(3))))


def abandon(place: Den) -> None:
    """Remove data, socket and passwords of a den; its server must have ended."""
    if place.dropped:
        shutil.rmtree(place.home, ignore_errors=True)
        with suppress(OSError):  # other checkouts keep theirs beside it
            place.home.parent.rmdir()
        return
    for folder in (*place.home.glob("data-*"), place.socket):
        shutil.rmtree(folder, ignore_errors=True)
    place.card_path.unlink(missing_ok=True)


def data_folders(place: Den) -> list[Path]:
    """Every data folder in the den, one for each major version that was used."""
    return sorted(p for p in place.home.glob("data-*") if (p / "PG_VERSION").exists())


def _same_checkout(place: Den) -> bool:
    # A clone made anew at the same path must not find the former clone's rows.
    if not place.dropped:
        return True
    marks = []
    for folder in (place.state, place.home):
        file = folder / "den-id"
        marks.append(file.read_text() if file.exists() else None)
    return marks[0] is not None and marks[0] == marks[1]
