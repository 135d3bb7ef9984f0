"""The queue's entrance to matters."""

from __future__ import annotations

from urllib.parse import parse_qs

from procrastinate.contrib.django import app

from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.services import exports
from linli.kernel.access.hats import act_for
from linli.kernel.acts import under


@app.task(queue="house", name="matters.export_rows")
def export_rows(export: int, account: int, hat: int | None) -> int:
    """Write a big export under the scope of whoever asked; returns how many rows."""
    act = act_for(account, hat)
    with under(act):
        made = exports.one(act, export)
    if made is None or made.file_id is not None or not act.may("matters.export"):
        return 0
    plain = {name: values[0] for name, values in parse_qs(made.query).items()}
    exports.in_background(act, made, filters_from(plain, "open"))
    return made.total
