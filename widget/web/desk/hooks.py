"""/admin/hooks: where a site's events are told to; one made, changed, tried, given another key, taken away."""

from flask import Response, request
from sqlalchemy.orm import Session

from widget.channels.hooks import KINDS
from widget.core import events
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Hook
from widget.services import sites, transaction
from widget.services.hooks import sending, store, tries
from widget.services.hooks.store import Wanted
from widget.services.moderation import log
from widget.services.moderation.log import Draft
from widget.services.sites import SiteInfo
from widget.services.staff import Need
from widget.web import inputs
from widget.web.desk import room, sheet, speech

OURS = {"hook.bad_address", "hook.bad_target", "hook.bad_token", "hook.no_event", "hook.too_many"}
USUAL = ("comment.created", "comment.flagged")
_LONGEST = {"label": 200, "address": 3_000, "target": 300, "token": 600}


def _hook(public_id: str) -> tuple[int, Hook]:
    """One of a site. The whole server's are for the command line."""
    found = store.find(db.session(), public_id)
    if found.site_id is None:
        raise Problem("hook.not_found")
    return found.site_id, found


room.subject("hook", _hook)


@room.page("/hooks/<site>", need=Need.OWNER)
def show_all(site: SiteInfo) -> Response:
    """The hooks of a site; with `kind` the form for another one of that kind."""
    return _list(site, kind=request.args.get("kind", ""))


@room.act("/hooks/<site>", need=Need.OWNER)
def add(site: SiteInfo) -> Response:
    """Another one; of a kind that signs, its key is shown now and never again."""
    kind = room.one_of(request.form.get("kind", ""), tuple(KINDS))

    def work(session: Session) -> tuple[str, str]:
        hook, key = store.add(session, site.id, kind, _wanted(new=True))
        _logged(session, "add", hook)
        return hook.public_id, key

    try:
        public_id, key = transaction.write(work)
    except Problem as problem:
        if problem.code not in OURS:
            raise
        return _list(site, kind=kind, problem=problem)
    return _key(public_id, key) if key else sheet.done(f"/hook/{public_id}", "hook_added")


@room.page("/hook/<hook>", need=Need.OWNER)
def show(hook: Hook) -> Response:
    """How it is, what came of it last, and what can be done with it."""
    return _form(hook)


@room.act("/hook/<hook>", need=Need.OWNER)
def save(hook: Hook) -> Response:
    """What the form says; a field of a secret that is left empty keeps what is there."""
    public_id = hook.public_id

    def work(session: Session) -> None:
        _logged(session, "change", store.change(session, public_id, _wanted(new=False)))

    try:
        transaction.write(work)
    except Problem as problem:
        if problem.code not in OURS:
            raise
        return _form(store.find(db.session(), public_id), problem=problem)
    return sheet.done(f"/hook/{public_id}", "hook_saved")


@room.act("/hook/<hook>/test", need=Need.OWNER)
def test(hook: Hook) -> Response:
    """Send a `test` now; what came of it is the newest line of its page."""
    public_id = hook.public_id
    sending.test(hook)
    return sheet.done(f"/hook/{public_id}", tried="1")


@room.act("/hook/<hook>/rotate", need=Need.OWNER)
def rotate(hook: Hook) -> Response:
    """Another key; the old one signs beside it for a day."""
    public_id = hook.public_id

    def work(session: Session) -> str:
        changed, key = store.rotate(session, public_id)
        _logged(session, "rotate", changed)
        return key

    return _key(public_id, transaction.write(work))


@room.page("/hook/<hook>/remove", need=Need.OWNER)
def ask_remove(hook: Hook) -> Response:
    """Say what would go, and ask."""
    return sheet.show("hooks/remove", hook=hook, site=sites.by_id(hook.site_id or 0))


@room.act("/hook/<hook>/remove", need=Need.OWNER)
def remove(hook: Hook) -> Response:
    """It is gone, once somebody said yes to that page."""
    public_id, site = hook.public_id, sites.by_id(hook.site_id or 0)
    if request.form.get("sure") != "yes":
        return sheet.done(f"/hook/{public_id}/remove")

    def work(session: Session) -> None:
        _logged(session, "remove", store.find(session, public_id))
        store.remove(session, public_id)

    transaction.write(work)
    return sheet.done(f"/hooks/{site.key}", "hook_removed")


def _wanted(*, new: bool) -> Wanted:
    """The form. Of one that is there, an empty address or token is none that was written."""
    given = {name: request.form.get(name, "")[:longest] for name, longest in _LONGEST.items()}
    return Wanted(
        label=given["label"],
        events=request.form.getlist("events"),
        active=request.form.get("active") == "true",
        address=given["address"] if new else given["address"].strip() or None,
        target=given["target"] if new else given["target"].strip() or None,
        token="" if request.form.get("no_token") == "true" else given["token"] if new else given["token"] or None,
    )


def _logged(session: Session, act: str, hook: Hook) -> None:
    what = {"hook": hook.public_id, "kind": hook.kind, "place": hook.place, "active": hook.active}
    log.append(session, [Draft(f"hook.{act}", hook.site_id, room.here().user_id, None, after=what)])


def _list(site: SiteInfo, *, kind: str = "", problem: Problem | None = None) -> Response:
    found = store.of_site(site.id)
    last = {one.hook_id: one for one in reversed(tries.of_hooks([hook.id for hook in found], limit=500))}
    response = sheet.show(
        "hooks/all",
        site=site,
        hooks=found,
        last=last,
        kinds=KINDS,
        kind=KINDS.get(kind),
        events=events.KINDS,
        chosen=request.form.getlist("events") if problem else USUAL,
        given=request.form if problem else {},
        problem=sheet.explain(problem) if problem else "",
    )
    response.status_code = problem.status if problem else 200
    return response


def _form(hook: Hook, *, problem: Problem | None = None) -> Response:
    response = sheet.show(
        "hooks/one",
        hook=hook,
        site=sites.by_id(hook.site_id or 0),
        kind=KINDS[hook.kind],
        events=events.KINDS,
        chosen=request.form.getlist("events") if problem else hook.events,
        active=request.form.get("active") == "true" if problem else hook.active,
        given=request.form if problem else {"label": hook.label},
        tries=tries.of_hooks([hook.id]),
        tried=bool(inputs.query("tried")),
        has=speech.has,
        problem=sheet.explain(problem) if problem else "",
    )
    response.status_code = problem.status if problem else 200
    return response


def _key(public_id: str, key: str) -> Response:
    """A page that is shown once: it is the answer to the form, and nothing keeps it."""
    hook = store.find(db.session(), public_id)
    return sheet.show("hooks/key", hook=hook, key=key, site=sites.by_id(hook.site_id or 0))
