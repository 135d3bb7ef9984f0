"""Entrance of matters for machines: a JSON API with its OpenAPI page."""

from __future__ import annotations

from django.urls import URLPattern, path
from ninja import NinjaAPI

from linli.capabilities.matters.api import actions as actions
from linli.capabilities.matters.api import errors
from linli.capabilities.matters.api import reads as reads
from linli.capabilities.matters.api import writes as writes
from linli.capabilities.matters.api.docs import documentation
from linli.capabilities.matters.api.gate import caller, router
from linli.kernel.access.doors import SIGNED_IN
from linli.ui.spoken import Spoken

DESCRIPTION = Spoken("""诉求从提交到办结的接口。

身份：机器用 `Authorization: Bearer …`（由 `linli access token` 签发）；网页用登录会话，写操作须带 `X-CSRFToken`。
权限与页面相同，每个操作写明其动词。写操作可带 `Idempotency-Key`（UUID）：同一编号重发只办一次。
出错时一律返回 `{code, message, field, details}`。""")

api = NinjaAPI(
    title="Linli",
    version="1",
    description=DESCRIPTION,
    urls_namespace="matters:linli-api",
    auth=caller,
    docs_url=None,
)
errors.install(api)
api.add_router("", router)


def _patterns() -> list[URLPattern]:
    found = [each for each in api.urls[0] if isinstance(each, URLPattern)]
    for each in found:
        open_to_all = each.name in ("openapi-json", "api-root")
        setattr(each.callback, "needs", "" if open_to_all else SIGNED_IN)  # noqa: B010
    return found


docs = path("docs", documentation(api), name="api_docs")
urls = ([docs, *_patterns()], api.urls[1], api.urls[2])
