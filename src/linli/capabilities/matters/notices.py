"""The notices of matters: what residents and offices are told, in their words."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.notices.kinds import Kind, declare


def _href(key: int, face: str) -> str:
    return reverse("matters:desk_open" if face == "desk" else "matters:open", kwargs={"key": key})


def _kind(
    code: str, title: object, body: object, sms: object = "", *, urgent: bool = False
) -> Kind:
    return declare(
        Kind(f"matters.{code}", title, body, sms, urgent, False, _href)  # type: ignore[arg-type]
    )


ACCEPTED = _kind(
    "accepted",
    _("您的诉求已受理"),
    _("“%(title)s”（%(number)s）已受理，承诺 %(due)s 前办好。"),
    _("诉求%(number)s已受理，承诺%(due)s前办好。"),
)
ACCEPTED_UNDATED = _kind(
    "accepted_undated",
    _("您的诉求已受理"),
    _("“%(title)s”（%(number)s）已受理，等补充完整后从那天起算期限。"),
    _("诉求%(number)s已受理。"),
)
REFUSED = _kind(
    "refused",
    _("您的诉求未予受理"),
    _("“%(title)s”（%(number)s）未予受理，原因请看进度。"),
    _("诉求%(number)s未予受理，详情请查询。"),
)
MOVED = _kind("moved", _("您的诉求换了承办单位"), _("“%(title)s”（%(number)s）已由新的单位接手。"))
ASKED = _kind(
    "asked",
    _("请您补充情况"),
    _("“%(title)s”（%(number)s）需要您补充情况，补充前暂停计时。"),
    _("诉求%(number)s需要您补充情况。"),
)
HANDLED = _kind("handled", _("您的诉求已处理"), _("“%(title)s”（%(number)s）已处理，正在核实。"))
CLOSED = _kind(
    "closed",
    _("您的诉求已办结，请评价"),
    _("“%(title)s”（%(number)s）已办结。解决了吗？请您评价。"),
    _("诉求%(number)s已办结，请评价。"),
)
MERGED = _kind(
    "merged", _("您的诉求已并案"), _("“%(title)s”（%(number)s）与另一件相同，合并办理。")
)
EXTENDED = _kind(
    "extended",
    _("您的诉求延期"),
    _("“%(title)s”（%(number)s）的办理期限有调整，现为 %(due)s。"),
)
EXTENDED_UNDATED = _kind(
    "extended_undated",
    _("您的诉求延期"),
    _("“%(title)s”（%(number)s）的办理期限有调整，等补充完整后接着计时。"),
)
REPLIED = _kind("replied", _("承办人给您留言"), _("“%(title)s”（%(number)s）有新的留言。"))
URGED = _kind("urged", _("居民催办"), _("“%(title)s”（%(number)s）被催办，请尽快处理。"))
ANSWERED = _kind("answered", _("居民已补充"), _("“%(title)s”（%(number)s）已补充，恢复计时。"))
REWORKED = _kind("reworked", _("核实未通过，退回重办"), _("“%(title)s”（%(number)s）退回重办。"))
REOPENED = _kind("reopened", _("居民反映没有解决"), _("“%(title)s”（%(number)s）重新办理。"))
DECIDED = _kind(
    "decided", _("延期申请已批复"), _("“%(title)s”（%(number)s）的延期申请已批复，请看结果。")
)
SAID = _kind("said", _("居民留言"), _("“%(title)s”（%(number)s）有居民留言。"))
