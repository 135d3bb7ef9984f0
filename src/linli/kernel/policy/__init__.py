"""Policy 政策包: what the law and each city say, as data with a date and a source.

`policies/<place>/*.yaml` extends another pack, is merged entry by entry (by `code`), checked strictly, hashed and kept
as an immutable `PolicyVersion` (in `models`). A case keeps the version it began under. Not obvious: packs hold
parameters, never expressions; `current()` looks for a newer version of another process every five seconds.
"""

from linli.kernel.policy.compare import Change, diff
from linli.kernel.policy.load import NoSuchPack, RawPack, load, places
from linli.kernel.policy.pack import NoSuchSection, Pack
from linli.kernel.policy.versions import (
    BadPack,
    NoPolicy,
    apply,
    check,
    checks,
    current,
    forget,
    sections,
    version,
)
from linli.kernel.policy.yamlfile import Problem

__all__ = [
    "BadPack",
    "Change",
    "NoPolicy",
    "NoSuchPack",
    "NoSuchSection",
    "Pack",
    "Problem",
    "RawPack",
    "apply",
    "check",
    "checks",
    "current",
    "diff",
    "forget",
    "load",
    "places",
    "sections",
    "version",
]
