"""People at the residents' pages, for tests: signed in or not, with a form to send."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from linli.capabilities.matters.models import Matter
from linli.kernel.acts import system_act, under
from linli.kernel.files.tests.bytes import jpeg
from linli.kernel.places import selectors
from linli.kernel.places.models import Area, AreaStamp
from tests.town import Town

HERE = {"lon": "120.34", "lat": "31.595"}


def visitor(town: Town, who: str = "") -> Client:
    """A browser; with a key of the cast it is signed in."""
    client = Client()
    if who:
        session = client.session
        session["account"] = town.account(who).pk
        session["second"] = True
        session.save()
    return client


def words(**changes: Any) -> dict[str, Any]:
    """A report that needs nothing more; changes replace single fields, None leaves one out."""
    whole: dict[str, Any] = {
        "title": "3号楼门口路灯不亮",
        "body": "一周了，晚上看不见路",
        "code": "0901",
        "address": "甲社区3号楼",
        "token": str(uuid4()),
        **HERE,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def photo(name: str = "灯.jpg", *, gps: bool = False, tint: int = 90) -> SimpleUploadedFile:
    """A small real photo."""
    return SimpleUploadedFile(name, jpeg(gps=gps, tint=tint), "image/jpeg")


def all_matters() -> list[Matter]:
    """Every matter there is, oldest first."""
    with under(system_act()):
        return list(Matter.objects.order_by("id"))


def reported(client: Client, **changes: Any) -> Matter:
    """Report something and return what was recorded."""
    answer = client.post("/report/", words(seen="1", **changes))
    assert answer.status_code == 303, answer.content.decode()
    return all_matters()[-1]


def called(name: str, new: str) -> None:
    """Give an area another name, as the import of a newer table does."""
    Area.objects.filter(name=name).update(name=new)
    AreaStamp.objects.update(stamp=F("stamp") + 1)
    selectors.forget()
