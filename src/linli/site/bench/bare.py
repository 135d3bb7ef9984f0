"""The machine's ceiling: the same server with Linli beside two bare views that do one insert and one list.

They know no session, no scope and no house: one pooled connection, one statement, one Jinja2 template.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from jinja2 import Environment

from linli.site.wsgi import application as house

_local = threading.local()
_PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><table>{% for id, title, state, opened in rows %}"
    "<tr><td>{{ id }}</td><td>{{ title }}</td><td>{{ state }}</td><td>{{ opened }}</td></tr>"
    "{% endfor %}</table>"
)
_INSERT = "INSERT INTO bench_bare (title, body, state) VALUES (%s, %s, %s) RETURNING id"
_LIST = "SELECT id, title, state, opened FROM matters_matter ORDER BY id DESC LIMIT 50"

Start = Callable[..., Any]


def _link() -> psycopg.Connection[Any]:
    link: psycopg.Connection[Any] | None = getattr(_local, "link", None)
    if link is None:
        link = _local.link = psycopg.connect(os.environ["LINLI_BARE_URL"], autocommit=True)
    return link


def _insert() -> bytes:
    row = _link().execute(_INSERT, ["3号楼楼道灯坏了", "二单元三楼的灯一周不亮" * 4, "reported"])
    return str(row.fetchone()).encode()


def _list() -> bytes:
    return _PAGE.render(rows=_link().execute(_LIST).fetchall()).encode()


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Two bare paths, the house for all else."""
    path = environ["PATH_INFO"]
    if not path.startswith("/bare/"):
        answer: Iterable[bytes] = house(environ, start_response)
        return answer
    body = _insert() if path == "/bare/insert" else _list()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]
