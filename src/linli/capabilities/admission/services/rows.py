"""What the verbs share: the section, the day, texts that must be said, the unit one acts for, running numbers."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import EVERYWHERE, Act, Refusal, crossing
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import check
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

Row = TypeVar("Row", bound=models.Model)
SCAN = "application/pdf"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s))"


def today(act: Act) -> date:
    """The day of the act where the house stands."""
    return timezone.localdate(act.at)


def said(text: str, field: str, most: int, label: Any) -> str:
    """A text that must be there and fit; refused otherwise."""
    plain = " ".join(text.split()) if most <= 200 else text.strip()
    if not plain:
        raise Refusal(_("请填写%(what)s。") % {"what": label}, field=field, code="required")
    if len(plain) > most:
        raise Refusal(
            _("%(what)s最多 %(most)s 字。") % {"what": label, "most": most},
            field=field,
            code="long",
        )
    return plain


def unit_of(act: Act) -> Unit:
    """The unit one acts for; refused without one."""
    unit = offices.unit(act.unit)
    if unit is None:
        raise Refusal(_("您没有以任何单位的身份办事。"), code="no-unit")
    return unit


def unit_coded(code: str, what: Any) -> Unit:
    """A unit that the pack names; refused with the remedy where it is not set up."""
    unit = offices.unit_coded(code)
    if unit is None:
        raise Refusal(
            _("还没有登记%(what)s（单位代码 %(code)s），请先在单位管理里登记。")
            % {"what": what, "code": code},
            code="office",
        )
    return unit


def locked(model: type[Row], pk: int, gone: Any = None) -> Row:
    """The row as it is now, held until the transaction ends; refused when it is out of sight."""
    rows: Any = model._default_manager
    found: Row | None = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Refusal(gone or _("没有这一条，或者不在您的范围内。"), code="gone")
    return found


def community(act: Act, area: int, field: str = "area") -> Area:
    """A present community in the actor's sight."""
    try:
        found = places.area(area)
    except Area.DoesNotExist:
        raise Refusal(_("没有这个社区。"), field=field, code="area") from None
    if found.level != Level.COMMUNITY or found.until is not None:
        raise Refusal(_("请选一个现有的社区。"), field=field, code="area")
    if not act.sees(found.pk):
        raise Refusal(_("这个社区不在您的范围内。"), field=field, code="area")
    return found


def picture(upload: UploadedFile[Any], field: str) -> Clean:
    """A photo or a scan, made clean; refused for any other paper."""
    clean = check(upload, field)
    if clean.media_type.startswith("image/") or clean.media_type == SCAN:
        return clean
    words = _("“%(name)s”不是照片，请拍照，或者选图片、扫描的 PDF。") % {"name": clean.name[-60:]}
    raise Refusal(words, field=field, code="type")


def waiting(what: str) -> None:
    """Hold a name until the transaction ends; whoever comes second waits."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"admission:{what}"])


def numbered(
    model: type[models.Model],
    prefix: str,
    width: int = 4,
    *,
    column: str = "number",
    area: int | None = None,
) -> str:
    """The next running number after a prefix, without gaps, perhaps of one place; whoever comes second waits."""
    waiting(f"{prefix}{area or ''}")
    rows: Any = model._default_manager
    asked = {f"{column}__startswith": prefix} | ({} if area is None else {"area_id": area})
    with crossing(EVERYWHERE):
        # As numbers: the ten-thousandth stands after the thousandth, though its text does not.
        found = rows.filter(**asked).annotate(far=Length(column)).order_by("-far", f"-{column}")
        last = found.values_list(column, flat=True).first()
    count = int(last[len(prefix) :]) if last is not None else 0
    return f"{prefix}{count + 1:0{width}d}"
