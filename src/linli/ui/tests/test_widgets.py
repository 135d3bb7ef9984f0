"""Several files at once, and preferences that lead nowhere else."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from linli.ui.preferences import preferences
from linli.ui.widgets import DayInput, FilesField


def _file(name: str = "a.jpg", size: int = 3) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x" * size)


def test_no_file_is_an_empty_list_unless_one_is_needed() -> None:
    assert FilesField(required=False).clean(None) == []
    with pytest.raises(ValidationError):
        FilesField().clean([])


def test_as_many_files_as_allowed() -> None:
    field = FilesField(most=2)
    assert len(field.clean([_file(), _file("b.jpg")])) == 2
    with pytest.raises(ValidationError, match="最多 2 个文件，您选了 3 个"):
        field.clean([_file()] * 3)


@pytest.mark.parametrize(
    ("query", "leads_to", "kept"),
    [
        ({"size": "elder", "next": "/mine/"}, "/mine/", {"size": "elder"}),
        ({"theme": "dark", "lang": "en"}, "/", {"theme": "dark", "lang": "en"}),
        ({"size": "huge", "next": "/"}, "/", {}),
        ({"size": "large", "next": "https://elsewhere.example/"}, "/", {"size": "large"}),
        ({"next": "//elsewhere.example"}, "/", {}),
    ],
)
def test_preferences(query: dict[str, str], leads_to: str, kept: dict[str, str]) -> None:
    answer = preferences(RequestFactory().get("/preferences/", query))
    assert answer["Location"] == leads_to
    assert {name: morsel.value for name, morsel in answer.cookies.items()} == kept


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-02",
        "２０２６-０１-０２",
        "2026年1月2日",
        "2026.1.2",
        "20260102",
        "2026/1/2",
        " 2026 年 1 月 2 日 ",
        "２０２６年１月２号",
        "2026－01－02",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    field = forms.DateField(widget=DayInput)
    value = field.widget.value_from_datadict({"on": typed}, {}, "on")
    assert field.clean(value) == date(2026, 1, 2)


@pytest.mark.parametrize("typed", ["昨天", "2026-13-40", "2026年1月", "1.2", "", "260102"])
def test_what_is_no_day_stays_as_it_was_typed(typed: str) -> None:
    field = forms.DateField(widget=DayInput)
    value = field.widget.value_from_datadict({"on": typed}, {}, "on")
    assert value == typed
    with pytest.raises(ValidationError):
        field.clean(value)
