"""Tests of access run on its own addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    """Use the addresses of access alone, in demo mode."""
    settings.ROOT_URLCONF = "linli.kernel.access.tests.addresses"
    settings.DEMO = True


@pytest.fixture
def client() -> Client:
    """A browser."""
    return Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0")
