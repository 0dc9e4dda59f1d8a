"""/admin/queue: what waits for a decision, and the decisions."""

from flask import Response, request

from widget.services.moderation import bulk, decisions, queue, undoing
from widget.services.staff import Need
from widget.web import inputs
from widget.web.desk import deciding, room, sheet, speech

MOST_PICKED = 100
BULK = ("approve", "spam", "delete")


@room.page("/queue", need=Need.MODERATOR, nav="queue")
def show() -> Response:
    """A part of a view, newest first."""
    chosen, some = room.chosen_sites()
    view = inputs.query_choice("view", "pending", queue.VIEWS)
    site_ids = [site.id for site in some]
    part = queue.read(site_ids, view, search=deciding.search(), after=inputs.query("after") or None)
    return sheet.show(
        "queue",
        view=view,
        views=queue.VIEWS,
        counts=queue.counts(site_ids),
        most=queue.MOST_COUNTED,
        part=part,
        q=deciding.search(),
        chosen=chosen,
        sites=room.my_sites(),
        has=speech.has,
        keys={site.id: site.key for site in some},
        **deciding.told(),
    )


@room.act("/queue/decide", need=Need.MODERATOR)
def decide() -> Response:
    """One comment, with the text that was seen."""
    act = deciding.choice("act", decisions.ACTS)
    comment, version = deciding.field("comment"), deciding.field("version") or None
    done = decisions.decide(deciding.moderator(), comment, act, version=version, why=deciding.field("why"))
    return deciding.back("/queue", act, number=int(done.entry is not None), undo=done.entry)


@room.act("/queue/bulk", need=Need.MODERATOR)
def picked() -> Response:
    """Those that were ticked, each with the text that was seen."""
    act = deciding.choice("act", BULK)
    given = [one.partition(" ") for one in request.form.getlist("pick")[:MOST_PICKED]]
    done = bulk.of_picked(deciding.moderator(), act, [(one[0], one[2] or None) for one in given])
    return deciding.after_bulk("/queue", act, done, undoing.entry_of(done.batch))


@room.act("/queue/link", need=Need.MODERATOR)
def linked() -> Response:
    """All with a link to a host or an address."""
    act, site = deciding.choice("act", BULK), deciding.site_named()
    done = bulk.with_link(deciding.moderator(), site.id, act, deciding.field("link"))
    return deciding.after_bulk("/queue", act, done, undoing.entry_of(done.batch))
