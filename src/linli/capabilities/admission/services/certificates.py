"""Certificates that communities issue, and the log of the seal (R079)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import (
    Agreement,
    Certificate,
    CertificateRequest,
    SealUse,
)
from linli.capabilities.admission.notices import STAMPED, VOIDED
from linli.capabilities.admission.rules import Stopped, certificate_refused
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.rows import (
    community,
    locked,
    numbered,
    picture,
    said,
    today,
    unit_of,
)
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.files.services import keep
from linli.kernel.notices.services import tell
from linli.kernel.places.models import Area
from linli.kernel.tasks import services as tasks
from linli.kernel.vault.idnumber import IdNumberError, parse

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
DOCUMENT_LEAST = 5
STAMP = "admission.stamp"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which certificate about whom, what for, what it says and how it was checked."""

    area: int
    item: str
    name: str
    body: str
    purpose: str
    checked: str
    document: str = ""
    wish: str = ""


def refuse_wish(wish: str) -> None:
    """Refuse a wish for one of the national list, with who proves it instead; silent otherwise."""
    policy = section()
    found = certificate_refused(policy.certificates, wish)
    if found is not None:
        raise Turned(policy, Stopped("certificate", found.code))


def certificate_key(number: str, code: str) -> UUID:
    """The scope key behind a certificate's number and code, as somebody typed them."""
    plain = "".join(c for c in code.upper() if c in ALPHABET)
    text = f"certificate:{number.strip()}:{plain}".encode()
    return UUID(bytes=hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).digest()[:16])


def _document(typed: str, day: date) -> str:
    """The number of an identity card, checked; of any other document as it was typed."""
    plain = "".join(typed.split())
    try:
        if len(plain) in (15, 18) and plain[:-1].isdigit():
            return parse(plain, day).number
    except IdNumberError as error:
        raise Refusal(_(str(error)), field="document", code="id-number") from None
    if plain and not (len(plain) >= DOCUMENT_LEAST and plain.isalnum()):
        raise Refusal(_("证件号码不对，请照证件再核对一遍。"), field="document", code="document")
    return plain


@action("admission.certify", title=_("出具证明"), codes=())
def certify(act: Act, *, wanted: Wanted) -> Certificate:
    """Issue a certificate of the list; anybody can check it by number and code. Others are refused with who proves it."""
    refuse_wish(wanted.wish)
    refuse_wish(wanted.purpose)
    area = community(act, wanted.area)
    policy, found = section(), reads.held(wanted.item, today(act), area.pk)
    if found is None:
        raise Turned(policy, Stopped("unlisted_certificate"))
    held, item, _version = found
    if "seal" not in held.kinds:
        raise Turned(policy, Stopped("unlisted_certificate"))
    if not held.in_force:
        raise Turned(policy, Stopped("not_in_force"))
    version = item.versions.get(number=found[2])
    number = numbered(Certificate, f"{area.code}-{today(act).year}-")
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    unit = unit_of(act)
    made = Certificate.objects.create(
        area=area,
        unit=unit,
        item=item,
        number=number,
        key=certificate_key(number, code),
        code=code,
        title=version.title,
        name=said(wanted.name, "name", 60, _("姓名")),
        document=_document(wanted.document, today(act)) or None,
        body=said(wanted.body, "body", 1000, _("证明内容")),
        purpose=said(wanted.purpose, "purpose", 200, _("用途")),
        checked=said(wanted.checked, "checked", 300, _("核实方式")),
        by=act.actor,
        at=act.at,
    )
    tasks.add(act, made, kind=STAMP, title=number, area=area.pk, unit=unit.pk)
    return made


@action("admission.void", title=_("作废证明"), keep=("why",))
def void(act: Act, certificate: Certificate, *, why: str) -> Certificate:
    """Declare a certificate void; whoever checks it reads so."""
    row = locked(Certificate, certificate.pk)
    if row.void is not None:
        raise Refusal(_("这份证明已经作废。"), code="state")
    row.void, row.why = act.at, said(why, "why", 200, _("理由"))
    row.save(update_fields=["void", "why"])
    tasks.finish(act, row)
    _told(act, row, VOIDED.code)
    return row


def _told(act: Act, paper: Certificate, kind: str) -> None:
    """Tell whoever asked for a certificate what became of it."""
    asked = CertificateRequest.objects.filter(certificate=paper).first()
    if asked is not None:
        tell(act, [asked.account], kind, asked, {"title": asked.title})


def _basis(
    place: Area, certificate: str, agreement: str
) -> tuple[Certificate | None, Agreement | None]:
    """What the seal is put on, by the numbers that were typed: each that is typed must be found in the community."""
    paper = Certificate.objects.filter(number=certificate, area=place).first()
    bargain = Agreement.objects.filter(number=agreement, area=place).first()
    if certificate and paper is None:
        words = _("本社区没有这个编号的证明，请照证明再核对一遍。")
        raise Refusal(words, field="certificate", code="basis")
    if agreement and bargain is None:
        words = _("本社区没有这个编号的协议，请照协议再核对一遍。")
        raise Refusal(words, field="agreement", code="basis")
    if paper is None and bargain is None:
        words = _("用印要有依据：填本社区出具的证明编号，或者签订的协议编号。")
        raise Refusal(words, field="certificate", code="basis")
    return paper, bargain


@action("admission.stamp", title=_("用印"), keep=("reason",))
def stamp(
    act: Act,
    *,
    area: int,
    reason: str,
    certificate: str = "",
    agreement: str = "",
    photo: UploadedFile[Any] | None = None,
) -> SealUse:
    """Log one use of the seal: on a certificate that was issued or an agreement that was made, with a picture."""
    place = community(act, area)
    paper, bargain = _basis(place, certificate.strip(), agreement.strip())
    if paper is not None and paper.void is not None:
        raise Refusal(_("这份证明已经作废，不能用印。"), field="certificate", code="void")
    if photo is None:
        raise Refusal(_("请拍下盖好章的文件。"), field="photo", code="required")
    clean = picture(photo, "photo")
    row = SealUse.objects.create(
        area=place,
        item=paper.item if paper else bargain.item if bargain else None,
        certificate=paper,
        agreement=bargain,
        reason=said(reason, "reason", 300, _("用印事由")),
        by=act.actor,
        name=act.name[:64],
        at=act.at,
    )
    keep(act, clean, owner=row, purpose="seal")
    if paper is not None:
        tasks.finish(act, paper, STAMP)
        _told(act, paper, STAMPED.code)
    note(certificate=paper.pk if paper else None)
    return row
