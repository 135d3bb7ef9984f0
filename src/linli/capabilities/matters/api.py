"""Entrance of matters for machines: a JSON API with its OpenAPI page."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="邻里 Linli", version="1", urls_namespace="linli-api")
