"""Several files at once, and preferences that lead nowhere else."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from linli.ui.preferences import preferences
from linli.ui.widgets import FilesField


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
