"""Two import contracts of ours: rooms meet only at their doors, and entrances see no tables."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """A room enters another only by its doors; its tables are met by tables only.

    `doors` are open to every module of another room, `models` only to its `models`, and a room's
    own package is nobody's door. Tests may look anywhere.
    """

    type_name = "doors"
    container: str = fields.StringField()  # type: ignore[assignment]
    doors: set[str] = fields.SetField(fields.StringField())  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of another room that goes through a wall."""
        broken = [
            (importer, imported, line)
            for importer, imported in self._crossings(graph)
            if not self._open(importer, imported)
            for line in _lines(graph, importer, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import with its line."""
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer} (line {line}) enters {imported} through a wall")

    def _crossings(self, graph: ImportGraph) -> list[tuple[str, str]]:
        rooms = graph.find_children(self.container)
        found = []
        for room in sorted(rooms):
            for module in sorted({room, *graph.find_descendants(room)}):
                for imported in sorted(graph.find_modules_directly_imported_by(module)):
                    other = self._room(imported)
                    if other in rooms and other != room:
                        found.append((module, imported))
        return found

    def _room(self, module: str) -> str:
        return ".".join(module.split(".")[: self.container.count(".") + 2])

    def _part(self, module: str) -> str:
        parts = module.split(".")[self.container.count(".") + 2 :]
        return parts[0] if parts else ""

    def _open(self, importer: str, imported: str) -> bool:
        door = self._part(imported)
        if self._part(importer) == "tests":
            return True
        return door in self.doors or (door == "models" == self._part(importer))


class ThinContract(Contract):
    """Within one room, entrances never import the tables: they ask selectors and call services."""

    type_name = "thin"
    container: str = fields.StringField()  # type: ignore[assignment]
    entrances: set[str] = fields.SetField(fields.StringField())  # type: ignore[assignment]
    closed: set[str] = fields.SetField(fields.StringField())  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every entrance, or part of one, that imports a closed module of any room."""
        depth = self.container.count(".") + 2
        broken = []
        for module in sorted(graph.find_descendants(self.container)):
            parts = module.split(".")
            if len(parts) <= depth or parts[depth] not in self.entrances:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                target = imported.split(".")
                inside = imported.startswith(f"{self.container}.") and len(target) > depth
                if inside and target[depth] in self.closed:
                    broken += [(module, imported, n) for n in _lines(graph, module, imported)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import with its line."""
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer} (line {line}) imports {imported}")


def _lines(graph: ImportGraph, importer: str, imported: str) -> list[int | None]:
    details = graph.get_import_details(importer=importer, imported=imported)
    return [detail["line_number"] for detail in details] or [None]
