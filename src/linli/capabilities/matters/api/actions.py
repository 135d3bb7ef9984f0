"""Actions of the API: each is one declared verb of matters, under the same permission as its button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import Status

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.api import shapes
from linli.capabilities.matters.api.gate import allowed, key_of, router
from linli.capabilities.matters.api.writes import ERRORS, receipt, writes
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Act, Refusal, verbs
from linli.kernel.files import services as files
from linli.ui.spoken import Spoken

Service = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Door:
    """One action: its verb, what it takes, the service behind it."""

    verb: str
    shape: type[shapes.Step]
    service: Service

    @property
    def slug(self) -> str:
        """Its last part in the address."""
        return self.verb.split(".")[1].replace("_", "-")


DOORS = (
    Door("matters.accept", shapes.Step, services.accept),
    Door("matters.refuse", shapes.Reasoned, services.refuse),
    Door("matters.handle", shapes.Handled, services.handle),
    Door("matters.verify", shapes.Verified, services.verify),
    Door("matters.rework", shapes.Reworked, services.rework),
    Door("matters.close", shapes.Contacted, services.close),
    Door("matters.ask", shapes.Reasoned, services.ask),
    Door("matters.contact", shapes.Contacted, services.contact),
    Door("matters.transfer", shapes.Handed, services.transfer),
    Door("matters.send_down", shapes.Handed, services.send_down),
    Door("matters.escalate", shapes.Reasoned, services.escalate),
    Door("matters.accept_transfer", shapes.Step, services.accept_transfer),
    Door("matters.decline_transfer", shapes.Reasoned, services.decline_transfer),
    Door("matters.ask_extension", shapes.Prolonged, services.ask_extension),
    Door("matters.reclassify", shapes.Reclassified, services.reclassify),
    Door("matters.explain_delay", shapes.Reasoned, services.explain_delay),
    Door("matters.urge", shapes.Contacted, services.urge),
    Door("matters.withdraw", shapes.Reasoned, services.withdraw),
    Door("matters.rate", shapes.Rated, services.rate),
    Door("matters.reopen", shapes.Reworked, services.reopen),
    Door("matters.message", shapes.Said, services.message),
)


def _checked(act: Act, number: str, seen: str, verb: str) -> Any:
    matter = selectors.find(act, number)
    if matter is None:
        raise Http404
    now = f"{matter.state}/{matter.round}"
    if seen and seen != now:
        told = {
            "state": selectors.names().states.get(matter.state, matter.state),
            "round": matter.round,
            "what": verbs()[verb].title,
        }
        if selectors.barred(act, matter, verb):
            words = _(
                "这件诉求已有变化，现在是“%(state)s”（第 %(round)s 轮），不用再“%(what)s”了。"
            )
            raise Refusal(words % told, code="flow-state")
        words = _("这件诉求已有变化，现在是“%(state)s”（第 %(round)s 轮），请看过再办。")
        raise Refusal(words % told, code="changed")
    return matter


def _view(door: Door) -> Callable[..., Any]:
    def act_on(request: HttpRequest, number: str, payload: Any) -> Status[dict[str, Any]]:
        act = allowed(request, door.verb)
        given = payload.dict()

        def work() -> tuple[int, dict[str, Any]]:
            values = dict(given)
            matter = _checked(act, number, values.pop("seen"), door.verb)
            if photos := values.pop("photos", None):
                values["files"] = files.taken(act, photos)
            return 200, receipt(door.service(act, matter, **values))

        return Status(*once(act, key_of(request), digest(door.verb, number, given), work))

    act_on.__annotations__["payload"] = door.shape
    act_on.__annotations__["number"] = str
    act_on.__annotations__["request"] = HttpRequest
    act_on.__name__ = f"do_{door.slug.replace('-', '_')}"
    return act_on


def _address(door: Door) -> str:
    tail = "messages" if door.verb == "matters.message" else door.slug
    return f"/matters/{{number}}/{tail}"


# Words are kept as they were written, in whatever language the first to come reads.
@translation.override("zh-hans")
def _register() -> None:
    known = verbs()
    for door in DOORS:
        declared = writes(door.verb, Spoken("%(title)s。") % {"title": known[door.verb].title})
        answers: dict[int, Any] = {200: shapes.Receipt, **ERRORS}
        summary = Spoken(str(known[door.verb].title))
        router.post(_address(door), response=answers, summary=summary, **declared)(_view(door))


_register()
