"""Who runs a site: a part of the page of its settings, where owners make others owners and moderators."""

from flask import Response, request
from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.extensions import db
from widget.services import roles, transaction
from widget.services.moderation import log
from widget.services.moderation.log import Draft
from widget.services.sites import SiteInfo
from widget.services.staff import Need
from widget.web.desk import room, sheet

_TOLD = {"user.unknown", "user.ambiguous"}


@room.page("/sites/<site>/roles", need=Need.OWNER)
def show(site: SiteInfo) -> Response:
    """Everybody with a role, and the form for somebody else."""
    return _page(site)


@room.act("/sites/<site>/roles", need=Need.OWNER)
def give(site: SiteInfo) -> Response:
    """Make somebody owner or moderator, or neither; it holds with their next request."""
    role, by = request.form.get("role", ""), room.here().user_id
    try:
        user_id = roles.find_user(db.session(), request.form.get("who", "").strip()[:300])
    except Problem as problem:
        if problem.code not in _TOLD:
            raise
        return _page(site, problem=problem)
    chosen = role if role in {"owner", "moderator"} else None

    def work(session: Session) -> None:
        before = roles.of_user(session, site.id, user_id)
        if roles.give(session, site, user_id, chosen):
            was, now = {"role": before}, {"role": chosen}
            log.append(session, [Draft("role.give", site.id, by, user_id, before=was, after=now)])

    transaction.twice(work)
    return sheet.done(f"/sites/{site.key}/roles", "changed")


def _page(site: SiteInfo, *, problem: Problem | None = None) -> Response:
    response = sheet.show(
        "sites/roles",
        site=site,
        holders=roles.holders(site),
        problem=sheet.explain(problem) if problem else "",
        given=request.form if problem else {},
    )
    response.status_code = problem.status if problem else 200
    return response
