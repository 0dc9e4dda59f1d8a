"""The providers: every file of this folder has ROWS, mostly one. A new provider is a new file (and its fixture)."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from widget.providers.base import Provider


@cache
def all_rows() -> tuple[Provider, ...]:
    """All rows in the order in which visitors see them."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found: list[Provider] = [row for module in modules for row in module.ROWS]
    return tuple(sorted(found, key=lambda row: (row.rank, row.id)))
