"""Writes of the API that begin something: a photo, a matter."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Status
from ninja.files import UploadedFile

from linli.capabilities.matters import services
from linli.capabilities.matters.api.gate import DESCRIBED, allowed, key_of, router
from linli.capabilities.matters.api.reads import located
from linli.capabilities.matters.api.shapes import NewMatter, Photo, Problem, Receipt
from linli.capabilities.matters.selectors.evidence import judged
from linli.kernel.access import offices
from linli.kernel.access.once import digest, once, own_key
from linli.kernel.acts import Act, Refusal
from linli.kernel.files import services as files
from linli.kernel.places import selectors as places
from linli.kernel.places.datum import WGS84, convert
from linli.kernel.places.finding import elsewhere, listed, told
from linli.kernel.vault.phone import PhoneError, any_phone
from linli.ui.spoken import Spoken

ERRORS: dict[int, Any] = {c: Problem for c in (401, 403, 404, 409, 413, 422, 429)}


def writes(verb: str, doc: str) -> dict[str, Any]:
    """What every write declares: its verb, its words, the key header."""
    header = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "format": "uuid", "description": Spoken("重发只办一次")},
    }
    return {
        "description": DESCRIBED % {"verb": verb, "doc": doc},
        "openapi_extra": {"parameters": [header]},
    }


def receipt(matter: Any) -> dict[str, Any]:
    """A matter as an action left it, in plain JSON values."""
    unit = offices.unit(matter.unit_id)
    return {
        "number": matter.number,
        "state": matter.state,
        "round": matter.round,
        "due": matter.due.isoformat() if matter.due else None,
        "unit": unit.name if unit else "",
        "post": matter.post,
        "route": str(matter.route.get("reason", "")),
    }


@router.post(
    "/photos",
    summary=Spoken("上传照片"),
    response={200: Photo, 201: Photo, **ERRORS},
    **writes("files.add", Spoken("上传一张照片，返回编号，供登记或办理时引用。")),
)
def photo(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Status[dict[str, Any]]:
    """Upload one photo; its id is named by the report or action that uses it."""
    act = allowed(request, "files.add")
    content = hashlib.sha256()
    for piece in file.chunks():
        content.update(piece)

    def work() -> tuple[int, dict[str, Any]]:
        clean = judged(file, "file")
        hint = files.place_hint(clean)
        kept = files.hold(act, clean)
        lon, lat = (hint.lon, hint.lat) if hint else (None, None)
        return 201, {"id": kept.pk, "name": kept.name, "lon": lon, "lat": lat}

    return Status(*once(act, key_of(request), digest("photo", content.hexdigest()), work))


@router.post(
    "/matters",
    summary=Spoken("登记诉求"),
    response={200: Receipt, 201: Receipt, **ERRORS},
    **writes(
        "matters.report",
        Spoken("登记一件诉求。同一 Idempotency-Key 同一内容返回 200 和原诉求；内容不同返回 409。"),
    ),
)
def create(request: HttpRequest, payload: NewMatter) -> Status[dict[str, Any]]:
    """Record a matter."""
    act = allowed(request, "matters.report")
    key = key_of(request)

    def work() -> tuple[int, dict[str, Any]]:
        made = services.report(act, intake=_intake(act, payload, key))
        return 201, receipt(made)

    return Status(*once(act, key, digest("report", payload.dict()), work))


def _intake(act: Act, given: NewMatter, key: UUID | None) -> services.Intake:
    lon, lat = given.lon, given.lat
    if (lon is None) != (lat is None):
        raise Refusal(_("经度和纬度要一起填。"), field="lat" if lat is None else "lon")
    if lon is not None and lat is not None and given.datum != WGS84:
        lon, lat = convert(lon, lat, given.datum, WGS84)
    resident = act.hat is None
    return services.Intake(
        code=given.code,
        title=given.title,
        body=given.body,
        area=_area(given, lon, lat),
        address=given.address,
        lon=lon,
        lat=lat,
        answers=given.answers,
        reporter=act.actor if resident and not given.anonymous else None,
        reporter_name=given.reporter_name or (act.name if resident else ""),
        phone=_phone(given.phone),
        anonymous=given.anonymous,
        token=own_key(act, key),
        files=files.taken(act, given.photos) if given.photos else (),
        system=given.system,
    )


def _phone(typed: str) -> str:
    try:
        return any_phone(typed) if typed.strip() else ""
    except PhoneError as error:
        raise Refusal(_(str(error)), field="phone", code="phone") from error


def _area(given: NewMatter, lon: float | None, lat: float | None) -> int:
    if given.area is not None:
        if given.area not in places.tree().by_id:
            raise Refusal(_("没有这个区域。"), field="area", code="no-area")
        return given.area
    if lon is not None and lat is not None:
        found: int | None = located(lon, lat, WGS84)["area"]
        if found is None:
            raise Refusal(_("这个位置不在本市范围内。"), field="lon", code="outside")
        return found
    if given.address and elsewhere(given.address):
        raise Refusal(_("这个位置不在本市范围内。"), field="address", code="outside")
    named = told(given.address)
    if named.several:
        words = _("不止一个地方叫这个名字：%(areas)s。请写上街道或社区全名，或给出 area。")
        raise Refusal(words % {"areas": listed(named.several)}, field="address", code="several")
    if named.area is None:
        raise Refusal(
            _("请给出位置：area、lon 和 lat，或写明社区的地址。"), field="area", code="no-place"
        )
    return named.area.pk
