"""Inputs that the parts know how to dress: `ui.field` looks at the widget's class name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """A day as it was typed or pasted, in the one spelling that a field reads; anything else stays as it is."""
        value = super().value_from_datadict(data, files, name)
        return day_typed(value) if isinstance(value, str) else value


_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})[日号]?"  # words: how days are written
    r"|(\d{4})(\d\d)(\d\d)"
)


def day_typed(text: str) -> str:
    """2026-01-02 of what people write: 2026年1月2日, 2026.1.2, 20260102, full-width digits; else the text itself."""
    found = _DAY.fullmatch("".join(normalize("NFKC", text).split()))
    if found is None:
        return text
    year, month, day = (part for part in found.groups() if part)
    return f"{year}-{int(month):02}-{int(day):02}"


class PhoneInput(forms.TextInput):
    """A phone number: digits on a phone's keyboard, filled in by the browser."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "tel", **(attrs or {})})


class CodeInput(forms.TextInput):
    """A one-time code, offered by the phone when its message arrives."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6"}
        super().__init__({**given, **(attrs or {})})


class RadioCards(forms.RadioSelect):
    """Choices as cards, big enough for a thumb; an empty choice is not shown."""


class Stars(forms.RadioSelect):
    """A rating: each choice is a star with its word."""


class PhotoInput(forms.ClearableFileInput):
    """Several photos, shown before sending and made smaller on the device."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", **(attrs or {})})


class FilesField(forms.FileField):
    """Several files at once; cleans to a list (empty when nothing was sent).

    `most` files are taken; what a file really is and how big it may be, the files part judges, each by itself.
    """

    widget = PhotoInput

    def __init__(
        self,
        *,
        most: int = 9,
        extensions: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.most = most
        super().__init__(allow_empty_file=True, **kwargs)
        if extensions:
            self.validators.append(FileExtensionValidator(list(extensions)))

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """All of them, judged by their number only."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(given) > self.most:
            raise forms.ValidationError(
                _("最多 %(most)s 个文件，您选了 %(given)s 个。"),
                code="too-many",
                params={"most": self.most, "given": len(given)},
            )
        return [super(FilesField, self).clean(each) for each in given]
