"""The embed's house: a module imports from its own room or a lower floor, never up, across, or in a circle."""

import re
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path

SRC = Path(__file__).parents[1] / "static/src"
# Lowest first. A floor's rooms stand beside each other and do not know of each other.
FLOORS: list[dict[str, set[str]]] = [
    {"leaves": {"api", "config", "dom", "i18n", "icon", "sha256", "time", "tree"}},
    {"browser": {"store", "session", "drafts", "proof"}, "comment": {"comment"}},
    {"thread": {"thread"}, "composer": {"composer", "identity", "own", "permalink"}, "signin": {"guest", "signin"}},
    {"mount": {"mount"}, "writer": {"writer"}, "tray": {"tray"}},
    {"embed": {"embed"}},
]
PLACE = {
    module: (height, room)
    for height, rooms in enumerate(FLOORS)
    for room, modules in rooms.items()
    for module in modules
}
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;]*?from\s+["']\./([\w-]+)\.js["']""", re.MULTILINE)
_ANY = re.compile(r"""^\s*(?:import|export)\b[^;]*?from\s+["']([^"']+)["']""", re.MULTILINE)


def _imports() -> dict[str, set[str]]:
    return {path.stem: set(_IMPORT.findall(path.read_text(encoding="utf-8"))) for path in sorted(SRC.glob("*.js"))}


def test_every_module_has_a_room() -> None:
    assert set(_imports()) == set(PLACE)


def test_imports_go_down() -> None:
    wrong = []
    for module, needed in _imports().items():
        height, room = PLACE[module]
        for other in needed:
            below, its_room = PLACE[other]
            if not (below < height or its_room == room):
                wrong.append(f"{module} (floor {height}) imports {other} (floor {below})")
    assert wrong == []


def test_no_circle() -> None:
    TopologicalSorter(_imports()).prepare()


def test_nothing_comes_from_elsewhere() -> None:
    for path in sorted(SRC.glob("*.js")):
        for name in _ANY.findall(path.read_text(encoding="utf-8")):
            assert name.startswith("./"), f"{path.name} imports {name}"


def test_the_chunks_ship_nothing_twice() -> None:
    """What is there already reaches a chunk by its context and kit; only small leaves may come twice."""
    imports = _imports()

    def reach(start: str) -> set[str]:
        found, todo = set(), [start]
        while todo:
            module = todo.pop()
            if module not in found:
                found.add(module)
                todo += imports[module]
        return found

    for one, other in combinations(("embed", "writer", "tray"), 2):
        assert reach(one) & reach(other) <= {"config"}
