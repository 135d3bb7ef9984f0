"""Choosing one of very many: a few words are written, what they find is shown, one of it is picked; no script needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from linli.ui.keys import key_of
from linli.ui.manifest import Hit

SHOWN = 20
PICK, FIND = "_pick", "_find"


@dataclass(frozen=True, slots=True)
class Choosing:
    """Where to choose from: `find` (words, most) → hits, the best first; `one` tells of a key that may be chosen.

    Where `sure`, a single hit that is called exactly as was written needs no picking.
    """

    find: Callable[[str, int], Sequence[Hit]]
    one: Callable[[int], Hit | None]
    placeholder: Any = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sends: the words, what was picked, whether only finding was asked for."""

    text: str = ""
    pick: int | None = None
    finding: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What the control shows: the words, what they found, which of it is picked, whether there was more."""

    text: str
    hits: Sequence[Hit] = ()
    picked: int | None = None
    more: bool = False


class FindInput(forms.TextInput):
    """Words to find by, a button, and what was found as choices."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        """The words and the pick as they were sent."""
        text = str(data.get(name) or "").replace("\x00", "").strip()[:60]
        pick = str(data.get(name + PICK) or "")
        return Sent(text, key_of(pick), name + FIND in data)


class FindField(forms.Field):
    """One of very many; cleans to its key, or None."""

    widget = FindInput

    def __init__(self, *, choosing: Choosing, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choosing = choosing

    def state(self, value: Any) -> State:
        """What to show for what was sent, or for the key that the form begins with."""
        if isinstance(value, Sent):
            hits = self._found(value)
            keys = [each.key for each in hits]
            picked = value.pick if value.pick in keys else None
            alone = hits[0].key if len(hits) == 1 else None
            return State(value.text, hits[:SHOWN], picked or alone, len(hits) > SHOWN)  # type: ignore[arg-type]
        held = self.choosing.one(int(value)) if value else None
        return State(held.title, (held,), int(value)) if held else State("")

    def _found(self, sent: Sent) -> Sequence[Hit]:
        """What the words find; a pick made before stays among it while its words stand."""
        if not sent.text:
            return []
        hits = list(self.choosing.find(sent.text, SHOWN + 1))
        if sent.pick is not None and all(each.key != sent.pick for each in hits):
            held = self.choosing.one(sent.pick)
            hits = [held, *hits] if held is not None and held.title == sent.text else hits
        return hits

    def clean(self, value: Any) -> int | None:
        """The key that was picked, or of the only thing of that name; what to do next where neither is."""
        if not value.text:
            if self.required or value.finding:
                raise forms.ValidationError(_("请写几个字再找。"), code="required")
            return None
        hits = self._found(value)
        if not hits:
            raise forms.ValidationError(
                _("没有找到“%(text)s”，请换个写法再找。"), code="none", params={"text": value.text}
            )
        picked = next((int(each.key) for each in hits if each.key == value.pick), None)
        if picked is None and self.choosing.sure:
            same = [int(each.key) for each in hits if each.title == value.text]
            picked = same[0] if len(same) == 1 else None
        if picked is None or value.finding:
            raise forms.ValidationError(_("请核对找到的，选一个再继续。"), code="pick")
        return picked

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another one was picked."""
        return bool((data.pick if data.text else None) != (int(initial) if initial else None))


def only_finding(form: forms.Form) -> str:
    """The field whose finding button was pressed, if one was: nothing else of the form is judged yet."""
    return next((name for name in form.fields if form.add_prefix(name) + FIND in form.data), "")


class ChoosingForm(forms.Form):
    """A form whose choices come from outside: a list, or what finds one of very many, for each field by its name."""

    def __init__(
        self, data: Any = None, files: Any = None, *, initial: Any = None, **given: Any
    ) -> None:
        super().__init__(data, files, initial=initial)
        for name, offered in given.items():
            field = self.fields.get(name)
            if isinstance(offered, Choosing) and field is not None:
                self.fields[name] = FindField(
                    choosing=offered,
                    label=field.label,
                    required=field.required,
                    help_text=field.help_text,
                )
            elif isinstance(field, forms.ChoiceField):
                field.choices = offered

    def full_clean(self) -> None:
        """Judge what was sent; while something is only being found, nothing else."""
        super().full_clean()
        finding = only_finding(self)
        if finding and finding in self.errors:
            self._errors = ErrorDict({finding: self.errors[finding]})
