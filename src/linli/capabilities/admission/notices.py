"""The notices of admission: whose demand, which place; no person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.notices.kinds import Kind, declare

ANSWERED = declare(
    Kind("admission.answered", _("准入申请有新进展"), _("“%(title)s”现在是：%(status)s。"))
)
HELD = declare(
    Kind("admission.held", _("街道没有下发"), _("“%(title)s”由街道说明理由，没有下发。"))
)
DECLINED = declare(
    Kind(
        "admission.declined",
        _("社区不予承接"),
        _("“%(place)s”对“%(title)s”不予承接，理由见记录。不予承接不影响对社区的考核。"),
    )
)
JOINED = declare(
    Kind(
        "admission.joined",
        _("会议和检查合并为一次"),
        _("“%(gone)s”并入“%(into)s”，%(day)s 一起进行，%(place)s只接待一次。"),
    )
)
RECONSIDERED = declare(
    Kind(
        "admission.reconsidered",
        _("社区撤回了不予承接"),
        _("“%(place)s”撤回了对“%(title)s”的不予承接，重新考虑。"),
    )
)


def _request(pk: int, face: str) -> str:
    name = "certificate_answer" if face == "desk" else "certificate_request"
    return reverse(f"admission:{name}", kwargs={"pk": pk})


ISSUED = declare(
    Kind(
        "admission.certificate_issued",
        _("您申请的证明已出具"),
        _("“%(title)s”已由社区出具，可以下载。"),
        href=_request,
    )
)
STAMPED = declare(
    Kind(
        "admission.certificate_stamped",
        _("您的证明已盖章"),
        _("“%(title)s”已经盖章，可以看盖章影像，也可以到社区领取。"),
        href=_request,
    )
)
REFUSED = declare(
    Kind(
        "admission.certificate_refused",
        _("您申请的证明未予出具"),
        _("“%(title)s”社区没有出具，理由和该找谁写在申请里。"),
        href=_request,
    )
)
VOIDED = declare(
    Kind(
        "admission.certificate_void",
        _("您的证明已作废"),
        _("“%(title)s”已经作废，理由写在证明上。"),
        href=_request,
    )
)
