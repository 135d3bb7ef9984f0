"""The day: what to do, what is due, what was offered, what residents said."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.selectors import desk
from linli.capabilities.matters.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.notices import selectors as notices
from linli.kernel.tasks import day as tasks
from linli.kernel.tasks.verbs import OWN
from linli.ui.manifest import Today

FIGURES = (
    ("todo", _("待办"), "inbox", None),
    ("offered", _("转来待接"), "arrow-right", "info"),
    ("soon", _("24 小时内到期"), "clock", "warn"),
    ("overdue", _("已超期"), "alert-circle", "bad"),
    ("waiting", _("等居民补充"), "player-pause", None),
    ("verify", _("待核实"), "shield-check", None),
    ("verified", _("待结案"), "circle-check", None),
)
NOTICES_MOST, STOPS_MOST = 5, 8


def _rooms(act: Act) -> list[Today]:
    """What other rooms add to the day."""
    names = [name for room in apps.get_app_configs() for name in getattr(room, "today", ())]
    return [number for name in names for number in import_string(name)(act)]


@require_safe
@needs(READ.code)
def day(request: HttpRequest) -> HttpResponse:
    """The first page of a working day; each number opens its list."""
    act = act_in(request)
    counted = selectors.day_counts(act)
    todo = tasks.day(act, size=STOPS_MOST) if act.may(OWN.code) else None
    context = {
        "counted": counted,
        "figures": FIGURES,
        "offered": desk.offered(act) if counted["offered"] else [],
        "wishes": desk.wishes(act),
        "day": todo,
        "said": desk.latest_words(act),
        "urged": desk.most_urged(act),
        "notices": notices.inbox(act, unread=True, size=NOTICES_MOST).rows,
        "rooms": _rooms(act),
        "first": not counted["open"] and not counted["offered"] and not (todo and todo.stops),
    }
    return render(request, "matters/desk/day.html", context)
