"""A resident asks their community for a certificate; it is issued or refused with a reason (R079)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Certificate, CertificateRequest
from linli.capabilities.admission.notices import ISSUED, REFUSED
from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.certificates import Wanted, certify, refuse_wish
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.rows import locked, said, today
from linli.capabilities.registry.selectors.kin import Kin, kin
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.notices.services import tell
from linli.kernel.places import selectors as places
from linli.kernel.tasks import services as tasks

ANSWER = "admission.answer_request"
State = CertificateRequest.State


@dataclass(frozen=True, slots=True)
class Requested:
    """Which certificate of the list, about whom and from which community, what for, and what it should say."""

    item: str
    person: int
    community: int
    purpose: str
    words: str


def _asked_for(act: Act, wanted: Requested) -> Kin:
    """The person whom it is about; refused for anybody whom one may not ask for."""
    for each in kin(act, household=section().requests.household):
        if (each.person, each.community) == (wanted.person, wanted.community):
            return each
    raise Refusal(
        _("只能为自己、您监护的孩子或者同户的家人申请，并且要向住的社区申请。"),
        field="who",
        code="who",
    )


@action("admission.request_certificate", title=_("申请社区证明"), codes=())
def request_certificate(act: Act, *, wanted: Requested) -> CertificateRequest:
    """Ask the community for a certificate of its list; those of the national list are refused with who proves it."""
    refuse_wish(wanted.purpose)
    about, policy = _asked_for(act, wanted), section()
    found = reads.held(wanted.item, today(act), about.community)
    if found is None or "seal" not in found[0].kinds:
        raise Turned(policy, Stopped("unlisted_certificate"))
    if not found[0].in_force:
        raise Turned(policy, Stopped("not_in_force"))
    row = CertificateRequest(
        area=places.area(about.community),
        item=found[1],
        title=found[1].versions.get(number=found[2]).title,
        account=act.actor,
        person=about.person,
        name=about.name[:60],
        relation=about.relation,
        purpose=said(wanted.purpose, "purpose", 200, _("用途")),
        words=said(wanted.words, "words", 500, _("要证明的事")),
        made=act.at,
        due=due_at(act.at, policy.requests.term, calendar(), office(), SHANGHAI),
    )
    _save(row)
    unit = offices.unit_over(row.area_id, offices.COMMITTEE)
    tasks.add(
        act,
        row,
        kind=ANSWER,
        title=row.title,
        area=row.area_id,
        unit=unit.pk if unit else None,
        due=row.due,
    )
    return row


def _save(row: CertificateRequest) -> None:
    """Keep it, unless the same is asked already: whoever presses twice has asked once."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refusal(
            _("这份证明您已经申请过，社区正在办理，不用再申请。"), field="item", code="again"
        ) from None


def _open(row: CertificateRequest) -> CertificateRequest:
    """The request as it is now, held; refused once it is answered or withdrawn."""
    found = locked(CertificateRequest, row.pk)
    if found.state != State.ASKED:
        raise Refusal(
            _("这份申请%(state)s，不能再办。") % {"state": found.get_state_display()}, code="state"
        )
    return found


def _closed(act: Act, row: CertificateRequest, state: str) -> None:
    row.state, row.answered = state, act.at
    row.save(update_fields=["state", "answered", "reason", "certificate"])
    tasks.finish(act, row)


@action("admission.withdraw_request", title=_("撤回证明申请"))
def withdraw_request(act: Act, request: CertificateRequest) -> CertificateRequest:
    """Take one's request back while nobody has answered it."""
    row = _open(request)
    if row.account != act.actor:
        raise Refusal(_("只有申请人自己能撤回。"), code="who")
    _closed(act, row, State.WITHDRAWN)
    return row


@action("admission.answer_request", title=_("照申请出具证明"), codes=())
def answer_request(
    act: Act, request: CertificateRequest, *, body: str, checked: str, document: str = ""
) -> Certificate:
    """Issue what a resident asked for; they read it at once."""
    row = _open(request)
    given = Wanted(
        row.area_id, row.item.code, row.name, body, row.purpose, checked, document=document
    )
    row.certificate = certify(act, wanted=given)
    _closed(act, row, State.ISSUED)
    note(certificate=row.certificate.pk)
    tell(act, [row.account], ISSUED.code, row, {"title": row.title})
    return row.certificate


@action("admission.refuse_request", title=_("不予出具证明"), keep=("reason",))
def refuse_request(act: Act, request: CertificateRequest, *, reason: str) -> CertificateRequest:
    """Say why the community does not issue it; the resident reads the reason."""
    row = _open(request)
    row.reason = said(reason, "reason", 300, _("理由"))
    _closed(act, row, State.REFUSED)
    tell(act, [row.account], REFUSED.code, row, {"title": row.title})
    return row
