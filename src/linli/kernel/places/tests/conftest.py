"""The little city in the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.kernel.acts import Act, system_act, under
from linli.kernel.places import selectors, services
from linli.kernel.places.models import Area
from linli.kernel.places.tests.little import table


@pytest.fixture
def act(db: None) -> Iterator[Act]:
    selectors.forget()
    with under(system_act()) as found:
        yield found
    selectors.forget()


@pytest.fixture
def city(act: Act, tmp_path: Path) -> Area:
    services.import_divisions(act, table(tmp_path), source="试验")
    return selectors.by_code("990100")
