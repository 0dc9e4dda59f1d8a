"""/admin/redirects: when a site's pages move, all conversations below one address go below another; once, or by a rule
that stands."""

from flask import Response, request

from widget.core.errors import Problem
from widget.extensions import db
from widget.services import transaction
from widget.services.conversations import changes, redirects, rules
from widget.services.sites import SiteInfo
from widget.services.staff import Need
from widget.web.desk import room, sheet


@room.page("/redirects/<site>", need=Need.MODERATOR)
def show(site: SiteInfo) -> Response:
    """The form, and what was moved before."""
    return _page(site)


@room.act("/redirects/<site>", need=Need.MODERATOR)
def go(site: SiteInfo) -> Response:
    """First what would come of it; then `sure` says "yes" to move them, "rule" to let a rule stand; `away` ends one."""
    old, new = (request.form.get(name, "")[:2000] for name in ("old", "new"))
    by, sure, away = room.here().user_id, request.form.get("sure"), request.form.get("away")
    try:
        if away:
            transaction.write(lambda session: rules.remove(session, site.id, away, by=by))
        elif sure == "rule":
            transaction.write(lambda session: rules.add(session, site, old, new, by=by))
        else:
            planned = redirects.plan(db.session(), site, old, new)
            if sure != "yes":
                return _page(site, planned=planned, old=old, new=new)
            transaction.write(lambda session: redirects.apply(session, site, old, new, by=by))
    except Problem as problem:
        return _page(site, problem=problem, old=old, new=new)
    return sheet.done(f"/redirects/{site.key}", "changed")


@room.act("/redirects/<site>/undo", need=Need.MODERATOR)
def undo(site: SiteInfo) -> Response:
    """Move them back."""
    change, by = request.form.get("change", ""), room.here().user_id
    transaction.write(lambda session: changes.undo(session, change, by=by, site_id=site.id))
    return sheet.done(f"/redirects/{site.key}", "undone")


def _page(
    site: SiteInfo,
    *,
    planned: list[redirects.Move] | None = None,
    problem: Problem | None = None,
    old: str = "",
    new: str = "",
) -> Response:
    response = sheet.show(
        "threads/redirects",
        site=site,
        planned=planned,
        problem=sheet.explain(problem) if problem else "",
        old=old,
        new=new,
        explain=sheet.explain,
        rules=rules.all_of(site.id),
        flaw=_flaw(site, old, new) if planned is not None else "",
        changes=changes.recent(site.id, None),
    )
    response.status_code = problem.status if problem else 200
    return response


def _flaw(site: SiteInfo, old: str, new: str) -> str:
    """Why no rule of it can stand, in words; "" where one can."""
    try:
        rules.check(db.session(), site, old, new)
    except Problem as problem:
        return sheet.explain(problem)
    return ""
