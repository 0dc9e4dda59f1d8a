"""Imports go down. The floors are docs/architecture.md's; this walk over the code holds them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import widget

PACKAGE = Path(widget.__file__).parent
# room (a file or folder of the package) -> floor; a file may import from its own room or from a lower floor
FLOORS = {
    "core": 0,
    **dict.fromkeys(
        ("config", "extensions", "database", "names", "net", "resources", "smtp", "statements", "turns"), 1
    ),
    **dict.fromkeys(("models", "providers", "checks", "channels", "formats", "words", "moments"), 2),
    "migrations": 3,
    "services": 3,
    **dict.fromkeys(("web", "cli", "demo"), 4),
    "app": 5,
    **dict.fromkeys(("__init__", "__main__"), 6),
}
# Python files that lie on one floor but are allowed to know each other, and why.
ALLOWED = {
    ("extensions", "database"),
    ("database", "config"),
    ("cli", "demo"),  # the command `demo` starts what lies in demo/
    ("demo", "cli"),
    ("cli", "__init__"),  # commands build the application through widget.create_app alone
    ("cli", "__main__"),
    ("__main__", "__init__"),
    ("web", "__init__"),  # the version
    ("services", "__init__"),
    ("providers", "__init__"),
    ("net", "__init__"),
}


def room_of(path: Path) -> str:
    """The first part of a file's place in the package."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported(path: Path) -> Iterator[str]:
    """The rooms of the package that a file imports from, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] != "widget":
                continue
            room = parts[1] if len(parts) > 1 else "__init__"
            yield room if room in FLOORS or (PACKAGE / room).exists() else "__init__"


def violations() -> list[str]:
    """Every import that goes up or across."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "static") or "versions" in path.parts:
            continue
        room = room_of(path)
        for target in imported(path):
            if target == room or (room, target) in ALLOWED or FLOORS[target] < FLOORS[room]:
                continue
            found.append(f"{path.relative_to(PACKAGE)} imports {target}")
    return found


def test_imports_go_down() -> None:
    assert violations() == []


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py") if not path.is_relative_to(PACKAGE / "static")}
    assert rooms <= FLOORS.keys()


def test_the_walk_sees_an_import_that_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FLOORS, "core", 9)  # with core on top, nearly every file reaches up
    assert len(violations()) > 20


def test_core_is_pure() -> None:
    impure = {"flask", "sqlalchemy", "requests", "socket", "time", "random"}
    for path in (PACKAGE / "core").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found = impure & {name.split(".")[0] for name in names}
            assert found <= ({"time"} if path.name == "clock.py" else set()), path


def test_only_the_clock_asks_what_time_it_is() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "clock.py" and not path.is_relative_to(PACKAGE / "static"):
            text = path.read_text()
            assert "datetime.now(" not in text, path
            assert "utcnow(" not in text, path


def test_only_bump_moves_a_thread() -> None:
    moving = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "version=Thread.version" in path.read_text() or "thread.version +=" in path.read_text()
    }
    assert moving == {"services/threads.py"}
