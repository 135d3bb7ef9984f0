"""Words for the codes that facts of the gate keep, for whoever reads the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import (
    CertificateRequest,
    Demand,
    Occasion,
    Placement,
    Work,
)
from linli.capabilities.admission.selectors.lists import section

STEPS = {
    "list": _("公布清单"),
    "agreement": _("签订协议"),
    "street_rates": _("街道评社区"),
    "community_rates": _("社区评街道"),
    "indicator": _("考核指标"),
    "sample": _("抽查"),
    "rectify": _("整改"),
    "opinion": _("合法性审查意见"),
    "duty": _("定期工作"),
}
KINDS = {
    **dict(Work.Kind.choices),
    **dict(Placement.Kind.choices),
    **dict(Occasion.Kind.choices),
    "table": _("填表"),
    "task": _("办事"),
    "ledger": _("记台账"),
}


def states() -> dict[Any, Any]:
    """Titles of the states of applications, demands and pieces of work."""
    own = {code: str(each.title) for code, each in section().flow.states.items()}
    return {
        **dict(CertificateRequest.State.choices),
        **dict(Work.State.choices),
        **dict(Demand.State.choices),
        **own,
    }


def groups() -> dict[str, str]:
    """Titles of the groups of the time log."""
    return {each.code: str(each.title) for each in section().time_log.groups}


def clauses() -> dict[str, str]:
    """Titles of the clauses for which the gate says no."""
    return {code: str(each.title) for code, each in section().clause_by_code.items()}
