"""In which language a page speaks: what was chosen, else Chinese, else English where Chinese is not read."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.site.preferences import language_for


@pytest.mark.parametrize(
    ("chosen", "accepted", "speaks"),
    [
        ("", "", "zh-hans"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("", "en-US,en;q=0.9,zh-TW;q=0.2", "zh-hans"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "de,fr;q=0.5", "en"),
        ("", "en,zh;q=0", "en"),
        ("", "en,*;q=0.1", "zh-hans"),
        ("", "??", "zh-hans"),
        ("zh", "en-US", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("xx", "en-US", "zh-hans"),
    ],
)
def test_the_language_of_a_page(chosen: str, accepted: str, speaks: str) -> None:
    assert language_for(chosen, accepted) == speaks


@pytest.mark.usefixtures("town")
def test_a_first_visit_in_english() -> None:
    page = Client(headers={"Accept-Language": "en-GB,en;q=0.7"}).get("/signin/")
    assert page["Content-Language"] == "en" and 'lang="en"' in page.content.decode()
    assert "Accept-Language" in page["Vary"]
    assert Client().get("/signin/")["Content-Language"] == "zh-CN"
