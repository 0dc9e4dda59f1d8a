"""/admin/threads: conversations as a whole: found, closed, renamed, moved, merged, named, and all of it undone."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.extensions import db
from widget.services import sites, transaction
from widget.services.conversations import changes, editing, finding, merging
from widget.services.conversations.editing import Hand
from widget.services.conversations.finding import Found
from widget.services.staff import Need
from widget.web.desk import room, sheet

# What people can do something about on the page itself; the rest is a page of its own.
_TOLD = {"page.bad_url", "page.foreign", "request.bad_field"}


def _thread(public_id: str) -> tuple[int, Found]:
    found = finding.one(public_id)
    return found.site_id, found


room.subject("thread", _thread)


@room.page("/threads", need=Need.MODERATOR, nav="threads")
def show_all() -> Response:
    """The newest, or those with a piece of text in their title or address."""
    chosen, meant = room.chosen_sites()
    text = request.args.get("q", "")[:200]
    part = finding.find([site.id for site in meant], text, before=request.args.get("before", ""))
    mine = room.my_sites()
    return sheet.show(
        "threads/all",
        part=part,
        q=text,
        chosen=chosen.key if chosen else "",
        sites=mine,
        names={site.id: site.name for site in mine},
    )


@room.page("/threads/<thread>", need=Need.MODERATOR)
def show(thread: Found) -> Response:
    """One of them, with all that can be done about it."""
    return _page(thread)


@room.act("/threads/<thread>/open", need=Need.MODERATOR)
def set_open(thread: Found) -> Response:
    """Let people write there, or no longer."""
    open_ = request.form.get("open") == "yes"
    return _do(thread, lambda session, hand: editing.set_open(session, hand, open_=open_))


@room.act("/threads/<thread>/rename", need=Need.MODERATOR)
def rename(thread: Found) -> Response:
    """Another title."""
    title = request.form.get("title", "")
    return _do(thread, lambda session, hand: editing.rename(session, hand, title))


@room.act("/threads/<thread>/move", need=Need.MODERATOR)
def move(thread: Found) -> Response:
    """It is the conversation of another page now."""
    url = request.form.get("url", "")
    return _do(thread, lambda session, hand: editing.move(session, hand, url))


@room.act("/threads/<thread>/name", need=Need.MODERATOR)
def add_name(thread: Found) -> Response:
    """Another address or id leads here."""
    name = request.form.get("name", "")
    return _do(thread, lambda session, hand: editing.add_name(session, hand, name))


@room.act("/threads/<thread>/unname", need=Need.MODERATOR)
def drop_name(thread: Found) -> Response:
    """One of them leads here no more."""
    given = request.form.get("name", "")
    alias = int(given) if given.isdecimal() and len(given) < 18 else -1
    return _do(thread, lambda session, hand: editing.drop_name(session, hand, alias))


@room.act("/threads/<thread>/merge", need=Need.MODERATOR)
def merge(thread: Found) -> Response:
    """Into another one: first what would come of it, then, with `sure`, so."""
    site = sites.by_id(thread.site_id)
    try:
        into = finding.named(site.id, request.form.get("into", "")[:2000])
        if into.row == thread.row:
            raise Problem("thread.same", field="into")
    except Problem as problem:
        return _page(thread, problem=problem)
    if request.form.get("sure") != "yes":
        return sheet.show(
            "threads/merge", thread=thread, into=into, parts=merging.look(db.session(), thread.row, into.row)
        )
    transaction.write(lambda session: merging.merge(session, site, thread.row, into.row, by=room.here().user_id))
    return sheet.done(f"/threads/{into.id}", "merged")


@room.act("/threads/<thread>/undo", need=Need.MODERATOR)
def undo(thread: Found) -> Response:
    """Change something back."""
    change, by = request.form.get("change", ""), room.here().user_id
    transaction.write(lambda session: changes.undo(session, change, by=by, site_id=thread.site_id))
    return sheet.done(f"/threads/{thread.id}", "undone")


def _do(thread: Found, work: Callable[[Session, Hand], None]) -> Response:
    hand = Hand(sites.by_id(thread.site_id), thread.row, room.here().user_id)
    try:
        transaction.write(lambda session: work(session, hand))
    except Problem as problem:
        if problem.code not in _TOLD and not problem.code.startswith("thread."):
            raise
        return _page(thread, problem=problem)
    return sheet.done(f"/threads/{thread.id}", "changed")


def _page(thread: Found, *, problem: Problem | None = None) -> Response:
    values: dict[str, Any] = {
        "thread": thread,
        "site": sites.by_id(thread.site_id),
        "names": finding.aliases(db.session(), thread.row),
        "changes": changes.recent(thread.site_id, thread.row),
        "problem": sheet.explain(problem) if problem else "",
        "given": request.form if problem else {},
    }
    response = sheet.show("threads/one", **values)
    response.status_code = problem.status if problem else 200
    return response
