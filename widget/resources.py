"""Where the files that ship beside the code are: the embed, its words, the migrations."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def static_dir() -> Path:
    """The folder with `src/` and `dist/` of the embed.

    A checkout's own `static/` comes first: an editable install leaves a stale copy inside the package.
    """
    root = _PACKAGE.parent
    if (root / "pyproject.toml").is_file() and (root / "static").is_dir():
        return root / "static"
    return _PACKAGE / "static"


def migrations_dir() -> Path:
    """Alembic's script location."""
    return _PACKAGE / "migrations"
