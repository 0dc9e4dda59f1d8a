"""Which page of a site an exported thread belongs to, when the export may be of another host, scheme or time."""

import re
from collections.abc import Iterable

from widget.core import urls
from widget.core.errors import Problem
from widget.services.sites import SiteInfo

_OTHER_SCHEME = {"https": "http", "http": "https"}


class Pages:
    """Finds the canonical address of a thread's page among the origins of a site."""

    def __init__(self, site: SiteInfo, moves: Iterable[str] = ()) -> None:
        """`moves` are OLD=NEW: hosts, optionally with a path, as they stand in the export and as they are now.

        Raises Problem("config.invalid") for a move that is none.
        """
        self._origins = site.origins
        self._moves = [_move(text) for text in moves]

    def find(self, url: str) -> str | None:
        """The page's address, or None when no origin of the site has it. Raises Problem("page.bad_url").

        http and https are taken for each other where only one of them is on the list.
        """
        address = self._moved(urls.canonical(url))
        scheme, _, rest = address.partition("://")
        for candidate in (address, f"{_OTHER_SCHEME[scheme]}://{rest}"):
            if urls.origin_of(candidate) in self._origins:
                return candidate
        return None

    def _moved(self, address: str) -> str:
        scheme, _, rest = address.partition("://")
        for old, new in self._moves:
            if rest == old or rest.startswith((f"{old}/", f"{old}?")):
                target = f"{new}{rest[len(old) :]}"
                return urls.canonical(target if "://" in new else f"{scheme}://{target}")
        return address


def _move(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals:
        raise Problem("config.invalid", reason=f"write OLD=NEW, not {text}")
    old, new = (_written(part.strip()) for part in (old, new))
    return old.partition("://")[2] or old, new


def _written(place: str) -> str:
    """A host with an optional path in canonical form, without the slash at its end; its scheme only if it had one."""
    has_scheme = re.match(r"https?://", place, re.IGNORECASE)
    try:
        written = urls.canonical(place if has_scheme else f"https://{place}").rstrip("/")
    except Problem:
        raise Problem("config.invalid", reason=f"{place or 'nothing'} is no host") from None
    return written if has_scheme else written.partition("://")[2]
