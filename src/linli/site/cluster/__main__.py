"""`python -m linli.site.cluster start|stop|status|remove|url|owner-url`, before Django can load."""

from __future__ import annotations

import sys
from collections.abc import Callable

from linli.site.cluster import ClusterError, address, ensure, remove, status, stop


def _start() -> str:
    return f"PostgreSQL runs as process {ensure().pid}"


def _stop() -> str:
    return "PostgreSQL ended" if stop() else "PostgreSQL was not running"


def _remove() -> str:
    remove()
    return "PostgreSQL and its data are removed"


COMMANDS: dict[str, Callable[[], str]] = {
    "start": _start,
    "stop": _stop,
    "status": lambda: str(status()),
    "remove": _remove,
    "url": lambda: address("app"),
    "owner-url": lambda: address("owner"),
}


def main(arguments: list[str]) -> int:
    """Run one command; 2 for an unknown one, 1 when the server cannot be used."""
    chosen = COMMANDS.get(arguments[0]) if len(arguments) == 1 else None
    if chosen is None:
        print(f"One of: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        print(chosen())
    except ClusterError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
