"""Rules about moved pages that stand: made after a look at what they change, taken away, and both undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import redirects, urls
from widget.core.errors import Problem
from widget.core.redirects import Rule
from widget.extensions import db
from widget.models import Site, SiteRule
from widget.services.conversations import changes
from widget.services.sites import SiteInfo

LONGEST = 1_000


def all_of(site_id: int) -> list[SiteRule]:
    """Those of a site, in the order in which they were made."""
    return list(db.session.scalars(select(SiteRule).where(SiteRule.site_id == site_id).order_by(SiteRule.id)))


def check(session: Session, site: SiteInfo, old: str, new: str) -> Rule:
    """The rule that these would make.

    Raises Problem: thread.bad_prefix, page.foreign (it would lead off the site), rule.taken, rule.too_many, rule.round,
    rule.long.
    """
    rule = Rule(old.strip(), new.strip())
    whole = all(text.startswith(("http://", "https://")) and len(text) <= LONGEST for text in (rule.old, rule.new))
    if not whole or rule.old == rule.new:
        raise Problem("thread.bad_prefix", field="old")
    # With its path, so that the host ends where it seems to.
    if "/" not in rule.new.split("://", 1)[1] or urls.origin_of(urls.canonical(rule.new)) not in site.origins:
        raise Problem("page.foreign", field="new")
    query = select(SiteRule.old, SiteRule.new).where(SiteRule.site_id == site.id)
    if flaw := redirects.flaw([Rule(*row) for row in session.execute(query)], rule):
        raise Problem(flaw, field="old")
    return rule


def add(session: Session, site: SiteInfo, old: str, new: str, *, by: int) -> None:
    """Let a rule stand from the commit on. Raises as `check` does."""
    _renew(session, site.id)
    rule = check(session, site, old, new)
    _put(session, site.id, rule)
    before, after = {"prefix": rule.old}, {"prefix": rule.new}
    changes.note(
        session, "rule", changes.Place(by, site.id, None), before=before, after=after, data=_kept(site.id, rule)
    )


def remove(session: Session, site_id: int, public_id: str, *, by: int) -> None:
    """Let it stand no more. Raises Problem("thread.changed") where it does not."""
    _renew(session, site_id)
    row = session.scalar(select(SiteRule).where(SiteRule.site_id == site_id, SiteRule.public_id == public_id))
    if row is None:
        raise Problem("thread.changed")
    before, data = {"prefix": row.old, "to": row.new}, _kept(site_id, Rule(row.old, row.new))
    session.delete(row)
    changes.note(session, "unrule", changes.Place(by, site_id, None), before=before, after={}, data=data)


def _renew(session: Session, site_id: int) -> None:
    """Hold the site's row, and have every process read its rules anew."""
    session.scalars(select(Site).where(Site.id == site_id).with_for_update()).one().version += 1
    session.flush()


def _put(session: Session, site_id: int, rule: Rule) -> None:
    try:
        with session.begin_nested():
            session.add(SiteRule(site_id=site_id, old=rule.old, new=rule.new))
    except IntegrityError as error:
        raise Problem("rule.taken", field="old") from error


def _kept(site_id: int, rule: Rule) -> dict[str, Any]:
    return {"site": site_id, "old": rule.old, "new": rule.new}


def _take_away(session: Session, _thread_id: int | None, data: Mapping[str, Any]) -> None:
    _renew(session, data["site"])
    rule = SiteRule.site_id == data["site"], SiteRule.old == data["old"], SiteRule.new == data["new"]
    if session.execute(delete(SiteRule).where(*rule).returning(SiteRule.id)).first() is None:
        raise Problem("thread.changed")


def _put_back(session: Session, _thread_id: int | None, data: Mapping[str, Any]) -> None:
    _renew(session, data["site"])
    rule = Rule(data["old"], data["new"])
    query = select(SiteRule.old, SiteRule.new).where(SiteRule.site_id == data["site"])
    if redirects.flaw([Rule(*row) for row in session.execute(query)], rule):
        raise Problem("thread.changed")
    _put(session, data["site"], rule)


changes.UNDO["rule"] = _take_away
changes.UNDO["unrule"] = _put_back
