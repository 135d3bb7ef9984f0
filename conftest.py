"""Fixtures of every test: a real database, the town, a database of one's own, a real server."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from linli.kernel.access import offices
from linli.kernel.places import selectors as places
from linli.kernel.policy import forget
from linli.ui import kept
from tests import database
from tests.town import Town

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
# No test is timed: a busy machine stops one for longer than any deadline. Health checks stay on.
hypothesis.settings.register_profile("linli", deadline=None)
hypothesis.settings.load_profile("linli")
# Whole cities, servers and browsers. They come first: a long file that comes last leaves one core idle.
LONG = ("src/linli/site/", "tests/")


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Put the long files first, in the order in which the folders are named."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(config.rootpath).as_posix()
        return next((n for n, folder in enumerate(LONG) if path.startswith(folder)), len(LONG))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it for rubbish again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_unconfigure() -> None:
    """Let the end find what was set aside: libraries complain of what is left over."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Clone the template for this run."""
    with django_db_blocker.unblock():
        origin = database.template()
        name = database.fresh_name("r")
        database.create(name, origin)
        database.use(name)
    yield
    with django_db_blocker.unblock():
        database.use("linli")
        database.drop(name)


@pytest.fixture
def town(db: None) -> Town:
    """The small fixed town, inside a transaction that is rolled back; pieces of pages drawn before go with it."""
    kept.forget()
    return Town()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own, where commits are real (parallel connections, servers)."""
    name = database.fresh_name("o")
    with django_db_blocker.unblock():
        origin = database.template()
        before = settings.DATABASES["default"]["NAME"]
        database.create(name, origin)
        database.use(name)
        _forget()
        try:
            yield name
        finally:
            database.use(before)
            database.drop(name)
            _forget()


def _forget() -> None:
    forget()
    places.forget()
    offices.forget()
    cache.clear()
    kept.forget()


@pytest.fixture
def own_town(own_database: str) -> Town:
    """The town in a database of this test's own."""
    return Town()
