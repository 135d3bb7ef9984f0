"""Errors of the API: one shape, in the caller's language."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from linli.kernel.acts import Denied, Refusal

log = logging.getLogger(__name__)
# Somebody else acted meanwhile, or the key was used for something else.
CONFLICTS = frozenset(
    {
        "key-reused",
        "changed",
        "gone",
        "not-holder",
        "already-offered",
        "not-offered",
        "flow-state",
        "flow-limit",
        "flow-distinct",
        "flow-paused",
        "flow-running",
        "pending",
        "rated",
        "urged-today",
        "same-unit",
        "flow-time",
    }
)
STATUS = {"throttled": 429, "too-big": 413, "size": 413, "csrf": 403, "second-factor": 401}
WORDS = {
    "missing": _("必填"),
    "extra_forbidden": _("没有这个字段"),
    "string_type": _("应为文字"),
    "string_too_long": _("最多 %(max_length)s 字"),
    "string_too_short": _("至少 %(min_length)s 字"),
    "int_type": _("应为整数"),
    "int_parsing": _("应为整数"),
    "int_from_float": _("应为整数"),
    "float_type": _("应为数字"),
    "float_parsing": _("应为数字"),
    "finite_number": _("应为数字"),
    "bool_type": _("应为 true 或 false"),
    "bool_parsing": _("应为 true 或 false"),
    "list_type": _("应为列表"),
    "dict_type": _("应为对象"),
    "model_type": _("应为对象"),
    "model_attributes_type": _("应为对象"),
    "literal_error": _("只能是 %(expected)s"),
    "enum": _("只能是 %(expected)s"),
    "uuid_parsing": _("应为 UUID"),
    "less_than_equal": _("不能大于 %(le)s"),
    "greater_than_equal": _("不能小于 %(ge)s"),
    "greater_than": _("须大于 %(gt)s"),
    "too_long": _("最多 %(max_length)s 项"),
    "date_from_datetime_parsing": _("应为日期，如 2026-03-02"),
    "date_parsing": _("应为日期，如 2026-03-02"),
    "json_invalid": _("不是合法的 JSON"),
}


def language_of(request: HttpRequest) -> str:
    """The language that a caller asks for: `Accept-Language`, else the one in force."""
    wanted = request.headers.get("Accept-Language", "")
    return "en" if wanted.strip().lower().startswith("en") else translation.get_language() or ""


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: object,
    field: str | None = None,
    details: Any = None,
) -> HttpResponse:
    """One error, in the one shape; what the request wrote is undone."""
    if transaction.get_connection().in_atomic_block and status != 429:
        transaction.set_rollback(True)
    with translation.override(language_of(request)):
        body = {"code": code, "message": str(message), "field": field, "details": details or []}
        text = json.dumps(body, ensure_ascii=False, default=str)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    status = STATUS.get(error.code, 409 if error.code in CONFLICTS else 422)
    return answer(request, status, error.code, error.message, error.field)


def _denied(request: HttpRequest, error: Denied) -> HttpResponse:
    return answer(request, STATUS.get(error.code, 403), error.code, error.message)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    with translation.override(language_of(request)):
        found = [_told(each) for each in error.errors]
        first = found[0] if found else {"field": None, "message": ""}
        words = gettext("；").join(f"{e['field']}{gettext('：')}{e['message']}" for e in found[:5])
    return answer(request, 422, "invalid", words, first["field"], found)


def _told(each: dict[str, Any]) -> dict[str, Any]:
    # ("body", "payload", "title"): where, the argument, the field
    place = [str(part) for part in each.get("loc", ())]
    inside = len(place) > 2 and place[1] in ("payload", "asked", "file")
    named = place[2:] if inside else place[1:] or place
    template = str(WORDS.get(each.get("type", ""), _("格式不对")))
    values = {k: str(v) for k, v in (each.get("ctx") or {}).items()}
    try:
        words = template % values if "%(" in template else template
    except KeyError:
        words = template.split("%", 1)[0]
    return {"field": ".".join(named), "message": words}


def _no_one(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, 401, "signed-out", _("请先登录，或检查访问令牌是否有效。"))


def _nothing(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, 404, "not-found", _("没有这件诉求，或不在您的范围内。"))


def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return answer(request, 422, "invalid", _("请求内容读不懂：不是合法的 JSON 或表单。"))
    return answer(request, error.status_code, "http", str(error))


def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, 413, "too-big", _("内容太大，请分开发送。"))


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, 422, "invalid", _("请求内容读不懂：不是合法的 JSON 或表单。"))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("API failed", exc_info=error)
    return answer(request, 500, "broken", _("系统出了点问题，您的内容没有丢，请稍后再试。"))


def install(api: NinjaAPI) -> None:
    """Let every error of an API take the one shape."""
    handlers: dict[type[Exception], Any] = {
        Denied: _denied,
        Refusal: _refused,
        ValidationError: _invalid,
        AuthenticationError: _no_one,
        Http404: _nothing,
        HttpError: _other,
        RequestDataTooBig: _too_big,
        SuspiciousOperation: _unreadable,
        RecursionError: _unreadable,
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
