"""One step of something at the desk: its verb, its form, what runs, as a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from linli.capabilities.admission.desk.asking import asked, granted, sent
from linli.capabilities.admission.forms import StepForm
from linli.kernel.access.doors import act_in
from linli.kernel.acts import verbs


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody may do with a row; `run` takes the act, the row and what the form holds.

    The title is the verb's own where none is said.
    """

    verb: str
    run: Callable[..., Any]
    form: type[StepForm] = StepForm
    title: Any = ""
    icon: str = ""
    hint: Any = ""
    danger: bool = False


def known(steps: Mapping[str, Step], slug: str) -> Step:
    """The step that an address names; not found for any other."""
    if slug not in steps:
        raise Http404(_t("没有这一步。"))
    return steps[slug]


def stepped(
    request: HttpRequest,
    step: Step,
    row: Any,
    *,
    back: str,
    hint: Any = "",
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Ask what a step needs, then do it and go back to its row."""
    act = act_in(request)
    granted(act, step.verb)
    form = step.form(sent(request), initial=initial)
    title = step.title or verbs()[step.verb].title

    def do(data: dict[str, Any]) -> None:
        step.run(act, row, **data)

    said = " · ".join(str(each) for each in (hint, step.hint) if each)
    return asked(request, form, do, title=title, back=back, hint=said, danger=step.danger)
