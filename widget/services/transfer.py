"""Import: a site takes in what another system exported; all of it or nothing, and never twice."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from widget.core.records import Record
from widget.services import transaction
from widget.services.sites import SiteInfo
from widget.services.transfer_pages import Pages
from widget.services.transfer_staging import Staging
from widget.services.transfer_store import Store, Stored


@dataclass(frozen=True)
class Report:
    """What an import did, or would do.

    `read` counts the comments that can be stored, by state; `unmatched` counts comments by the address of a page that
    is on none of the site's origins; `left_out` counts what is not for readers, by reason; `guessed_times` counts
    comments whose time had to be taken from what stands nearby.
    """

    read: int
    states: Mapping[str, int]
    guessed_times: int
    unmatched: Mapping[str, int]
    left_out: Mapping[str, int]
    stored: Stored


def stage(site: SiteInfo, moves: Iterable[str] = ()) -> Staging:
    """An empty staging area for a site, to be filled with `add(records)` file by file and used as a context manager.

    `moves` are OLD=NEW, see `Pages`. Raises Problem("config.invalid") for a move that is none.
    """
    return Staging(Pages(site, moves))


def store(
    site: SiteInfo,
    source: str,
    staging: Staging,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Store everything staged in one transaction, or with `dry_run` do the same and undo it.

    A comment is known by (site, source, foreign id): what is here already is left as it is, whatever became of it.
    `progress` is told how many comments were done since the last time.
    """

    def work(session: Session) -> Stored:
        return Store(session, site, source).run(staging, progress or _silent)

    counts = staging.counts
    return Report(
        read=counts.comments,
        states=dict(counts.states),
        guessed_times=counts.guessed_times,
        unmatched=dict(counts.unmatched),
        left_out=dict(counts.left_out),
        stored=transaction.dry(work, alone=True) if dry_run else transaction.write(work, alone=True),
    )


def run(
    site: SiteInfo, source: str, records: Iterable[Record], *, moves: Iterable[str] = (), dry_run: bool = False
) -> Report:
    """`stage` and `store` in one for records at hand. Raises what the records' reader raises, with nothing changed."""
    with stage(site, moves) as staging:
        staging.add(records)
        return store(site, source, staging, dry_run=dry_run)


def _silent(_done: int) -> None:
    pass
