"""The OpenAPI page: drawn on the server from the schema itself, without a script, so that any policy allows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from ninja import NinjaAPI

from linli.kernel.access.doors import public

_METHODS = ("get", "post", "put", "patch", "delete")


def _named(schema: dict[str, Any]) -> str:
    """The type of a value in one word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_named(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_named(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")


def _limits(schema: dict[str, Any]) -> str:
    bounds = ("minLength", "maxLength", "minimum", "maximum", "maxItems", "default")
    given = {**next((s for s in schema.get("anyOf", []) if "type" in s), {}), **schema}
    return gettext("，").join(
        f"{name} {given[name]}" for name in bounds if given.get(name) not in (None, "")
    )


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    needed = schema.get("required", [])
    return [
        {"name": n, "type": _named(s), "limits": _limits(s), "required": n in needed}
        for n, s in schema.get("properties", {}).items()
    ]


def _body(operation: dict[str, Any]) -> tuple[str, str]:
    content = operation.get("requestBody", {}).get("content", {})
    for media, each in content.items():
        return media, _named(each.get("schema", {}))
    return "", ""


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    media, body = _body(operation)
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            {
                "name": p["name"],
                "in": p["in"],
                "type": _named(p["schema"]),
                "required": p["required"],
            }
            for p in operation.get("parameters", [])
        ],
        "media": media,
        "body": body,
        "answers": sorted(str(code) for code in operation.get("responses", {})),
    }


def said(value: Any) -> Any:
    """The schema as plain values, in the reader's language."""
    if isinstance(value, dict):
        return {str(key): said(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [said(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else str(value)


def documentation(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponseBase]:
    """The page of an API."""

    @public
    def page(request: HttpRequest) -> HttpResponse:
        schema = said(api.get_openapi_schema())
        operations = [
            _operation(method, path, each[method])
            for path, each in schema["paths"].items()
            for method in _METHODS
            if method in each
        ]
        shapes = [
            {"name": name, "description": each.get("description", ""), "fields": _fields(each)}
            for name, each in sorted(schema["components"]["schemas"].items())
        ]
        context = {"info": schema["info"], "operations": operations, "shapes": shapes}
        return render(request, "matters/api/docs.html", context)

    return page
