"""What the house itself tells: a file that was asked for lies ready."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, listens
from linli.kernel.files.models import Export
from linli.kernel.notices.kinds import Kind, declare
from linli.kernel.notices.services import tell


def _href(key: int, face: str) -> str:
    return reverse("files:export", args=[key])


READY = declare(Kind("files.ready", _("导出好了"), _("您要的文件写好了，可以下载。"), href=_href))
FAILED = declare(
    Kind("files.failed", _("导出没有完成"), _("文件没有写成，打开后点“重新生成”即可。"), href=_href)
)


@listens("files.end_export")
def tell_of_exports(act: Act, facts: list[Any]) -> None:
    """Tell whoever asked for a big export how it ended."""
    for fact in facts:
        kind = READY if fact.data.get("state") == Export.State.READY else FAILED
        tell(act, [fact.actor], kind.code, Export(pk=fact.subject_id))
