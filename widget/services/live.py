"""News for those who have a page open: which version its thread is at now, never what was said.

Streams cost a thread each, so there is a limit to them, in each process and for each site; whoever finds no place asks
`threads?since=…` from time to time, which costs next to nothing. One thread of the process looks for all of them.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select, tuple_

from widget import database
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Thread, ThreadAlias
from widget.services import transaction
from widget.services.sites import SiteInfo
from widget.services.threads import Page

LOOK_SECONDS = 1.0  # between two looks for what other processes wrote; our own writes are known at once
BEAT_SECONDS = 20.0  # a word now and then finds out who is gone, and keeps connections open on their way
LIFE_SECONDS = 600.0  # then the browser comes again by itself, perhaps to another process
_EXTENSION = "widget.live"
log = logging.getLogger(__name__)

Key = tuple[int, str]  # site id and page key: a page may have no thread yet


@dataclass
class _Watched:
    """One page that somebody watches."""

    streams: int = 0
    version: int = 0


@dataclass
class Hub:
    """All streams of one process."""

    app: Flask
    places: int
    _news: threading.Condition = field(default_factory=threading.Condition)
    _stir: threading.Event = field(default_factory=threading.Event)
    _pages: dict[Key, _Watched] = field(default_factory=dict)
    _sites: Counter[int] = field(default_factory=Counter)
    _looking: bool = False
    _ended: bool = False
    _fresh: bool = False  # a page came in: its version may have moved between its reading and now

    def stir(self) -> None:
        """Something was committed here: look now."""
        self._stir.set()

    def enter(self, site: SiteInfo, page: Page, version: int) -> "Stream":
        """Take a place; the versions of the page's thread from now on, -1 where nothing happened for BEAT_SECONDS.

        `version` is what it is at now. Raises Problem("live.full").
        """
        key = (site.id, page.key)
        with self._news:
            if self._ended or self._sites.total() >= self.places or self._sites[site.id] >= site.settings.live_limit:
                raise Problem("live.full")
            self._sites[site.id] += 1
            if key not in self._pages:
                self._pages[key] = _Watched(version=version)
                self._fresh = True
            self._pages[key].streams += 1
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look_for_ever, name="live", daemon=True).start()
        self.stir()
        return Stream(self, key, version)

    def open_streams(self) -> int:
        """How many places are taken."""
        with self._news:
            return self._sites.total()

    def end(self) -> None:
        """The process is about to end: so do all streams, whose browsers come again to whoever follows."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def resting(self) -> bool:
        """Whether nobody listens, and nobody looks."""
        with self._news:
            return not self._looking

    def wait(self, key: Key, known: int) -> int | None:
        """The page's version once it is another one than `known`; -1 after BEAT_SECONDS; None at the end."""
        with self._news:
            watched = self._pages[key]
            self._news.wait_for(lambda: self._ended or watched.version != known, BEAT_SECONDS)
            if self._ended:
                return None
            return watched.version if watched.version != known else -1

    def leave(self, key: Key) -> None:
        """Give the place back."""
        with self._news:
            self._sites[key[0]] -= 1
            self._pages[key].streams -= 1
            if not self._pages[key].streams:
                del self._pages[key]
        self.stir()

    def _look_for_ever(self) -> None:
        try:
            with self.app.app_context(), database.pulse(db.engine) as pulse:
                self._look(pulse)
        except BaseException:
            with self._news:
                self._looking = False  # whoever comes next begins anew
            raise

    def _look(self, pulse: database.Pulse) -> None:
        while True:
            self._stir.wait(LOOK_SECONDS)
            self._stir.clear()
            with self._news:
                keys, fresh = list(self._pages), self._fresh
                self._fresh = False
                if not keys:
                    self._looking = False
                    return
            try:
                if pulse.moved() or fresh:
                    self._tell(_versions(keys))
            except Exception:
                log.exception("the versions of watched threads could not be read; tried again in a moment")
            finally:
                db.session.remove()

    def _tell(self, versions: dict[Key, int]) -> None:
        with self._news:
            for key, version in versions.items():
                if key in self._pages:
                    self._pages[key].version = version
            self._news.notify_all()


class Stream(Iterator[int]):
    """One reader's place; `close` gives it back, whoever calls it and however often."""

    def __init__(self, hub: Hub, key: Key, version: int) -> None:
        self._hub, self._key, self._known = hub, key, version
        self._beats = int(LIFE_SECONDS / BEAT_SECONDS)
        self._open = True

    def __next__(self) -> int:
        version = self._hub.wait(self._key, self._known) if self._open and self._beats > 0 else None
        if version is None:
            self.close()
            raise StopIteration
        if version < 0:
            self._beats -= 1
        else:
            self._known = version
        return version

    def close(self) -> None:
        """Leave."""
        if self._open:
            self._open = False
            self._hub.leave(self._key)


def init_app(app: Flask) -> None:
    """Give the application its hub, which hears of every write of this process."""
    found = app.extensions[_EXTENSION] = Hub(app, app.config["LIVE_PLACES"])
    transaction.after_each(app, found.stir)


def hub(app: Flask) -> Hub:
    """The application's hub."""
    found: Hub = app.extensions[_EXTENSION]
    return found


def _versions(keys: list[Key]) -> dict[Key, int]:
    rows = db.session.execute(
        select(ThreadAlias.site_id, ThreadAlias.key, Thread.version)
        .join(Thread, Thread.id == ThreadAlias.thread_id)
        .where(tuple_(ThreadAlias.site_id, ThreadAlias.key).in_(keys))
    )
    return {(site_id, key): version for site_id, key, version in rows}
