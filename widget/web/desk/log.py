"""/admin/log: everything that was decided, by whom, and taking it back."""

from flask import Response

from widget.core.errors import Problem
from widget.extensions import db
from widget.services.moderation import log, moderators, reading, undoing
from widget.services.staff import Need
from widget.web import inputs
from widget.web.desk import deciding, room, sheet, speech


@room.page("/log", need=Need.MODERATOR, nav="log")
def show() -> Response:
    """The newest entries first; of one person with `person`."""
    chosen, some = room.chosen_sites()
    before = inputs.query_int("before", 0, low=0, high=999_999_999) or None
    who = inputs.query("person")
    person = moderators.person(db.session(), who) if who else None
    server = room.here().administrator and chosen is None
    lines, following = reading.lines([site.id for site in some], server=server, person=person, before=before)
    return sheet.show(
        "log",
        lines=lines,
        following=following,
        chosen=chosen,
        sites=room.my_sites(),
        has=speech.has,
        person=who,
        broken=log.verify(db.session()) if inputs.query("verify") else 0,
        verified=bool(inputs.query("verify")),
        **deciding.told(),
    )


@room.act("/log/undo", need=Need.MODERATOR)
def undo() -> Response:
    """Take back an entry, and with it what was done in the same go."""
    number = deciding.field("entry")
    if not number.isdecimal() or len(number) > 18:
        raise Problem("log.not_found")
    done = undoing.undo(deciding.moderator(), int(number))
    path = {"people": "/people", "log": "/log"}.get(deciding.field("from"), "/queue")
    return deciding.after_bulk(path, "undone", done, undoing.entry_of(done.batch))
