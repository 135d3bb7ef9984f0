"""The notices of the registry: no name in any of them; who may see the person opens the page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.notices.kinds import Kind, declare

ADOPTED = declare(
    Kind(
        "registry.adopted",
        _("一位居民已由其他社区接收"),
        _("“%(place)s”登记的一位居民已迁往“%(to)s”，原居住信息已按规定调整，请核对。"),
    )
)


def _filing(pk: int, face: str) -> str:
    return reverse("registry:filing", kwargs={"pk": pk})


TO_FILE = declare(
    Kind(
        "registry.to_file",
        _("有任职等待备案"),
        _("“%(place)s”报送了任职变动，请备案或退回。"),
        href=_filing,
    )
)
POST_FILED = declare(
    Kind("registry.post_filed", _("任职已备案"), _("“%(place)s”的任职已备案。"), href=_filing)
)
POST_RETURNED = declare(
    Kind(
        "registry.post_returned",
        _("任职备案被退回"),
        _("“%(place)s”的任职备案被退回，理由写在备案页上，改好后重新报送。"),
        href=_filing,
    )
)
DIED = declare(
    Kind(
        "registry.died",
        _("一位居民已在其他社区登记死亡"),
        _("“%(place)s”登记的一位居民已由“%(to)s”登记死亡，原居住信息已结束，请核对。"),
    )
)
LINKED = declare(
    Kind(
        "registry.linked",
        _("账号已在社区窗口关联"),
        _("您的账号已由社区工作人员核验证件后，关联到您的登记信息。不是本人办理的，请联系社区。"),
    )
)
OBJECTED = declare(
    Kind(
        "registry.objected",
        _("居民对登记信息提出异议"),
        _("“%(place)s”的一位居民认为登记信息有误，请核实后答复。"),
    )
)
ANSWERED = declare(
    Kind(
        "registry.answered", _("您提出的异议已答复"), _("您对登记信息提出的异议已经答复，请查看。")
    )
)
