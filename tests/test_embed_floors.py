"""The embed's house: a module imports from its own room or a lower floor, never up, across, or in a circle.

Each folder is a chunk; what a chunk needs of another reaches it by its context, so that nothing is shipped twice.
"""

import re
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath

SRC = Path(__file__).parents[1] / "static/src"
# By folder, lowest first. A floor's rooms stand beside each other and do not know of each other.
HOUSE: dict[str, list[dict[str, set[str]]]] = {
    "": [
        {"leaves": {"api", "config", "dom", "i18n", "time", "tree"}},
        {"comment": {"comment"}},
        {"thread": {"thread"}},
        {"mount": {"mount"}},
        {"embed": {"embed"}},
    ],
    "count": [{"entry": {"count"}}],
    "dropin": [{"entry": {"dropin"}}],
    "reader": [
        {"leaves": {"breathe", "icon", "request", "slots", "store"}},
        {"browser": {"session"}},
        {"people": {"people"}},
        {"entry": {"reader"}},
    ],
    "one": [{"entry": {"one"}}],
    "live": [
        {"leaves": {"pulse", "still"}},
        {"news": {"news"}},
        {"entry": {"live"}},
    ],
    "writer": [
        {"ticket": {"ticket"}, "leaves": {"drafts", "leaving", "notify", "waiting"}},
        {"bench": {"bench"}, "composer": {"composer", "identity"}, "edit": {"edit"}},
        {"entry": {"writer"}},
    ],
    "work": [{"entry": {"work"}}],
    "tools": [
        {"leaves": {"emoji", "marks"}},
        {"bar": {"bar"}, "offers": {"offers"}, "preview": {"preview"}},
        {"entry": {"tools"}},
    ],
    "signin": [
        {"leaves": {"guest", "sha256"}},
        {"window": {"window"}},
        {"entry": {"tray"}},
    ],
    "social": [
        {
            "sheet": {"sheet"},
            "popup": {"popup"},
            "gate": {"gate"},
            "about": {"about"},
            "react": {"react"},
            "hide": {"hide"},
        },
        {"entry": {"social"}},
    ],
    "known": [{"own": {"own"}, "proof": {"proof"}, "ticket": {"ticket"}}, {"entry": {"known"}}],
    "faces": [{"entry": {"faces"}}],
    "flag": [{"entry": {"flag"}}],
    "history": [{"entry": {"history"}}],
    "moderate": [{"entry": {"moderate"}}],
}
# Rooms of one module each, which know of nothing but their context: one may be added or taken away without the others.
FEATURES = {
    "reader": set("badges fold likes live marks menu more permalink portraits quote sort times".split()),
    "writer": {"left"},
}
# A few lines, dearer to hand over than to repeat; static/build.mjs has the same list.
TWICE = {"config", "i18n", "signin/sha256"}
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;]*?from\s+["']([^"']+)["']""", re.MULTILINE)


def _modules() -> dict[str, str]:
    """Every module by its name, like `reader/own`."""
    return {
        path.relative_to(SRC).with_suffix("").as_posix(): path.read_text(encoding="utf-8") for path in SRC.rglob("*.js")
    }


def _imports() -> dict[str, set[str]]:
    """What each module imports, by name."""
    found = {}
    for name, code in _modules().items():
        folder = SRC / PurePosixPath(name).parent
        found[name] = {
            (folder / said).resolve().relative_to(SRC).with_suffix("").as_posix() for said in _IMPORT.findall(code)
        }
    return found


def _places() -> dict[str, tuple[str, int, str]]:
    """Folder, floor and room of each module."""
    found = {}
    for folder, floors in HOUSE.items():
        for height, rooms in enumerate(floors):
            for room, modules in rooms.items():
                for module in modules:
                    found[f"{folder}/{module}".lstrip("/")] = (folder, height, room)
    for folder, modules in FEATURES.items():
        for module in modules:
            found[f"{folder}/{module}"] = (folder, 0, module)
    return found


def test_every_module_has_a_room() -> None:
    assert set(_imports()) == set(_places())


def test_imports_go_down_and_stay_in_their_chunk() -> None:
    places, wrong = _places(), []
    for module, needed in _imports().items():
        folder, height, room = places[module]
        for other in needed:
            its_folder, below, its_room = places[other]
            if folder != its_folder:
                if other not in TWICE:
                    wrong.append(f"{module} imports {other}, which another chunk has")
            elif not (below < height or its_room == room):
                wrong.append(f"{module} (floor {height}) imports {other} (floor {below})")
    assert wrong == []


def test_features_know_of_nothing_but_their_context() -> None:
    for folder, modules in FEATURES.items():
        for module in modules:
            assert _imports()[f"{folder}/{module}"] == set(), module


def test_no_circle() -> None:
    TopologicalSorter(_imports()).prepare()


def test_nothing_comes_from_elsewhere() -> None:
    for name, code in _modules().items():
        for said in _IMPORT.findall(code):
            assert said.startswith("."), f"{name} imports {said}"
