"""What an upload is for, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.files.models import Export

STATES: dict[Any, Any] = dict(Export.State.choices)

PURPOSES = {
    "pending": _("还没有用上的上传"),
    "report": _("反映情况"),
    "handle": _("处理结果"),
    "verify": _("现场核实"),
    "message": _("补充材料"),
    "export": _("导出文件"),
    "entry": _("台账照片"),
    "form": _("表格原件"),
    "edition": _("定版表格"),
    "edition-rows": _("定版的数据"),
    "placement": _("挂牌照片"),
    "minutes": _("会议记录"),
    "evidence": _("佐证材料"),
    "seal": _("用印照片"),
    "visit": _("走访照片"),
    "signature": _("本人签名"),
}
KINDS = {
    "ledger": _("台账"),
    "matters": _("诉求"),
    "registry": _("人口"),
    "admission.register": _("准入登记册"),
}
