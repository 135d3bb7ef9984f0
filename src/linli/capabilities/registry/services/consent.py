"""What people agree to, on which basis, until withdrawn (PIPL 13–15, 31)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Bond, Consent, Person
from linli.capabilities.registry.policy import Ground, Purpose
from linli.capabilities.registry.rules.people import consents_alone
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services.corrections import home_area
from linli.capabilities.registry.services.people import alive, locked, ours
from linli.capabilities.registry.services.rows import today
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import Holder, keep


@action("registry.consent", title=_("登记同意"), codes=("purpose", "by_guardian"))
def consent(
    act: Act,
    *,
    person: Person,
    purpose: str,
    by_guardian: bool = False,
    signature: Clean | None = None,
) -> Consent:
    """Record what somebody agreed to: a purpose of the pack that rests on consent; below its age a guardian agrees.

    The same purpose is not kept twice.
    """
    row = locked(person)
    ours(row)
    alive(row)
    aim = _aim(purpose)
    if not consents_alone(row.born, today(act), aim.guardian_below):
        _guardian_agrees(row, by_guardian, aim.guardian_below)
    held = Consent.objects.filter(person=row, purpose=aim.code, withdrawn__isnull=True).first()
    if held is not None:
        note(again=True)
        return held
    area = home_area(act, row)
    file = None
    if signature is not None:
        holder = Holder("registry.person", row.pk, area, account=row.account_id)
        file = keep(act, signature, owner=holder, purpose="signature", field="signature")
    note(person=row.pk)
    return Consent.objects.create(
        person=row,
        account_id=row.account_id,
        area_id=area,
        purpose=aim.code,
        basis=aim.ground.value,
        by_guardian=by_guardian,
        signature=file,
        given=act.at,
    )


def _aim(code: str) -> Purpose:
    """The purpose by code; what the law orders needs no consent and is not asked for one."""
    aim = kinds.section().purpose_by_code.get(code)
    if aim is None:
        raise Refusal(_("请选择同意用于什么。"), field="purpose", code="purpose")
    if aim.ground is not Ground.CONSENT:
        raise Refusal(
            _("“%(what)s”依法进行，不需要本人同意。") % {"what": aim.title},
            field="purpose",
            code="statutory",
        )
    return aim


def _guardian_agrees(person: Person, by_guardian: bool, below: int) -> None:
    guarded = Bond.objects.filter(person=person, kind="guardian", until__isnull=True).exists()
    if not (by_guardian and guarded):
        raise Refusal(
            _("未满 %(age)s 周岁须由登记的监护人同意。") % {"age": below},
            field="by_guardian",
            code="guardian",
        )


@action("registry.withdraw_consent", title=_("撤回同意"))
def withdraw_consent(act: Act, consent: Consent) -> Consent:
    """Withdraw a consent; what was done before stays lawful (PIPL 15, 16)."""
    row = Consent.objects.select_for_update(of=("self",)).filter(pk=consent.pk).first()
    if row is None:
        raise Refusal(_("找不到这条同意记录。"), code="gone")
    if row.withdrawn is not None:
        raise Refusal(_("这项同意已经撤回。"), code="withdrawn")
    if row.basis != Ground.CONSENT:
        raise Refusal(_("这项处理依法进行，不以同意为依据，不能撤回。"), code="statutory")
    row.withdrawn = act.at
    row.save(update_fields=["withdrawn"])
    return row
