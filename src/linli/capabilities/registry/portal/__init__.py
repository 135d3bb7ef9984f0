"""Entrance of residents: what is held about me, by whom, and what I can do about it."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.portal import directory, own

routes: list[URLPattern] = [
    path("directory/", directory.finding, name="directory"),
    path("directory/<str:code>/", directory.community, name="directory_community"),
    path("me/registry/", own.page, name="own"),
    path("me/registry/children/<int:pk>/", own.ward, name="own_ward"),
    path("me/registry/consents/", own.agree, name="own_agree"),
    path("me/registry/link/", own.link, name="own_link"),
    path("me/registry/object/", own.objection, name="own_object"),
    path("me/registry/consents/<int:pk>/withdraw/", own.withdraw, name="own_withdraw"),
]
