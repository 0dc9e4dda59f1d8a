"""The providers: every file of this folder has a ROW. A new provider is a new file (and its fixture), nothing else."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from widget.providers.base import Provider


@cache
def all_rows() -> tuple[Provider, ...]:
    """All rows in the order in which visitors see them."""
    names = [module.name for module in iter_modules(__path__)]
    found: list[Provider] = [import_module(f"{__name__}.{name}").ROW for name in names]
    return tuple(sorted(found, key=lambda row: (row.rank, row.id)))
