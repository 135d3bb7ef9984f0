"""Where somebody is led after entering or changing hats: the first page of their face."""

from __future__ import annotations

from django.apps import apps
from django.urls import reverse

from linli.kernel.access.hats import post_of
from linli.kernel.acts import Act
from linli.ui.manifest import Face, Room


def face_of(act: Act) -> Face:
    """The face somebody works on: field for grids, desk for other posts, portal without a post."""
    post = post_of(act.post) if act.post else None
    if post is None:
        return "portal"
    return "field" if post.level == "grid" else "desk"


def landing(act: Act) -> str:
    """The address of the first page of the actor's face that they may open."""
    face = face_of(act)
    if face == "portal":
        return reverse("home")
    rooms = (config for config in apps.get_app_configs() if isinstance(config, Room))
    items = sorted((n for room in rooms for n in room.nav if n.face == face), key=lambda n: n.order)
    for item in items:
        if not item.needs or act.may(item.needs):
            return reverse(item.url_name)
    return reverse("access:account")
