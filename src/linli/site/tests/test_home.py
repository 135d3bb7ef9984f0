"""The residents' front door, as a guest and as a resident."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.kernel.access.models import Account
from tests.town import Town

MOST_STATEMENTS = 8  # begin and commit (here savepoints) included


@pytest.fixture
def resident(town: Town, settings: Any) -> Client:
    """王小梅's browser."""
    settings.DEMO = True
    Account.objects.filter(demo="wang").update(demo="resident")
    client = Client()
    assert client.post("/signin/demo/", {"role": "resident"}).status_code == 302
    return client


def test_a_guest_finds_the_two_doors(town: Town, client: Client) -> None:
    page = client.get("/").content.decode()
    for words in ("有事请说，一次就好", "报一件事", "办一件事", "查进度", "class=0906"):
        assert words in page


def test_a_resident_sees_ones_own_first(resident: Client) -> None:
    page = resident.get("/").content.decode()
    assert "我报的事" in page and "您还没有报过事" in page


def test_the_front_door_asks_little_of_the_database(resident: Client) -> None:
    resident.get("/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        resident.get("/")
    assert len(asked) <= MOST_STATEMENTS, [q["sql"][:90] for q in asked]


def test_the_old_address_of_the_mark_leads_to_it(town: Town, client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 301 and "logo" in answer["Location"]


@pytest.mark.parametrize("address", ["/help/", "/figures/", "/signin/"])
def test_plain_pages_open(town: Town, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
