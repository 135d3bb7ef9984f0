"""The import contracts of our own see what they should, and let the rest pass."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from linli.tools.doors import DoorsContract, ThinContract

OPTIONS = {"root_packages": ["town"]}
ROOMS = "town.rooms"


def _graph(importer: str, imported: str) -> ImportGraph:
    graph = ImportGraph()
    for module in (
        "town",
        ROOMS,
        f"{ROOMS}.bakery",
        f"{ROOMS}.mill",
        f"{ROOMS}.mill.models",
        importer,
        imported,
    ):
        graph.add_module(module)
    graph.add_import(
        importer=importer, imported=imported, line_number=7, line_contents="import something"
    )
    return graph


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bakery.services", "mill.services", True),
        ("bakery.services.baking", "mill.selectors.flour", True),
        ("bakery.desk", "mill.measures", True),
        ("bakery.models", "mill.models", True),
        ("bakery.services", "mill.models", False),
        ("bakery.services", "mill.rules", False),
        ("bakery.desk", "mill.services_old", False),
        ("bakery.apps", "mill", False),
        ("bakery.models", "mill.services", True),
        ("bakery.services", "bakery.models", True),
        ("bakery.tests.test_bread", "mill.models", True),
    ],
)
def test_doors(importer: str, imported: str, kept: bool) -> None:
    contract = DoorsContract(
        "doors",
        OPTIONS,
        {"container": ROOMS, "doors": ["services", "selectors", "measures"]},
    )
    graph = _graph(f"{ROOMS}.{importer}", f"{ROOMS}.{imported}")
    check = contract.check(graph, verbose=False)
    assert check.kept is kept
    if not kept:
        assert check.metadata["broken"] == [(f"{ROOMS}.{importer}", f"{ROOMS}.{imported}", 7)]


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bakery.desk", "bakery.services", True),
        ("bakery.services", "bakery.models", True),
        ("bakery.desk", "bakery.models", False),
        ("bakery.desk.bread", "bakery.models.bread", False),
        ("bakery.desk", "mill.models", False),
    ],
)
def test_entrances_are_thin(importer: str, imported: str, kept: bool) -> None:
    contract = ThinContract(
        "thin", OPTIONS, {"container": ROOMS, "entrances": ["desk"], "closed": ["models"]}
    )
    graph = _graph(f"{ROOMS}.{importer}", f"{ROOMS}.{imported}")
    assert contract.check(graph, verbose=False).kept is kept
