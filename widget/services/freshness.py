"""Whether an answer made before is still the right one: a question that one search of an index answers.

An answer keeps the question and what was answered when it was made; as long as the database answers the same, the
bytes are those that a view would make anew (web.readpath).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from widget.core import clock
from widget.models import Thread
from widget.services.sites import SiteInfo
from widget.services.threads import Page, closes


@dataclass(frozen=True)
class Proof:
    """A statement (its parameters are written `?`), and the row that it gave for the answer's sake."""

    statement: str
    parameters: tuple[Any, ...]
    row: tuple[Any, ...]
    until: datetime | None = None  # from when on it proves nothing, whatever the database says


_LISTED = "(SELECT count(*) FROM site_origin WHERE origin = ?)"
_THREAD = f"""
    SELECT site.version, thread.id, thread.version, {_LISTED}
    FROM site
    LEFT JOIN thread_alias ON thread_alias.site_id = site.id AND thread_alias.key = ?
    LEFT JOIN thread ON thread.id = thread_alias.thread_id
    WHERE site.id = ?
"""  # noqa: S608 - put together of our own words
_MANY = """
    SELECT site.version, count(thread.id), sum(thread.id), sum(thread.version), {listed}
    FROM site
    LEFT JOIN thread_alias ON thread_alias.site_id = site.id AND thread_alias.key IN ({keys})
    LEFT JOIN thread ON thread.id = thread_alias.thread_id
    WHERE site.id = ?
    GROUP BY site.version
"""
_LATEST = """
    SELECT site.version, count(picked.id), sum(picked.id), sum(picked.version), sum(picked.id * picked.version)
    FROM site
    LEFT JOIN (
        SELECT comment.id, comment.site_id, thread.version
        FROM comment JOIN thread ON thread.id = comment.thread_id
        WHERE comment.site_id = ? AND comment.state = 'published'
        ORDER BY comment.created_at DESC, comment.id DESC
        LIMIT ?
    ) AS picked ON picked.site_id = site.id
    WHERE site.id = ?
    GROUP BY site.version
"""


def of_page(site: SiteInfo, page: Page, thread: Thread | None, *, origin: str) -> Proof:
    """The page's site and thread are as they are now; `origin` is listed by one site where that named it, else ""."""
    row = (site.version, thread.id if thread else None, thread.version if thread else None, int(bool(origin)))
    ends = closes(thread) if thread else None
    return Proof(_THREAD, (origin, page.key, site.id), row, until=ends if ends and ends > clock.now() else None)


def of_pages(site: SiteInfo, keys: list[str], threads: list[tuple[int, int]], *, origin: str) -> Proof:
    """The same of many pages; `threads` are (id, version) of those that have one."""
    statement = _MANY.format(listed=_LISTED, keys=", ".join("?" * len(keys)) or "NULL")
    sums = (sum(id_ for id_, _ in threads), sum(version for _, version in threads)) if threads else (None, None)
    return Proof(statement, (origin, *keys, site.id), (site.version, len(threads), *sums, int(bool(origin))))


def of_latest(site: SiteInfo, picked: tuple[tuple[int, int], ...], *, most: int) -> Proof:
    """The site's newest comments are these, and nothing moved in their threads: `picked` are (id, thread's version)."""
    rows, versions = [row for row, _ in picked], [version for _, version in picked]
    products = sum(row * version for row, version in picked)
    sums = (sum(rows), sum(versions), products) if picked else (None, None, None)
    return Proof(_LATEST, (site.id, most, site.id), (site.version, len(picked), *sums))
