"""/admin/people: who writes, how they stand, and deciding about that."""

from datetime import timedelta

from flask import Response

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.services.moderation import bulk, moderators, people, persons, undoing
from widget.services.staff import Need
from widget.web import inputs
from widget.web.desk import deciding, room, sheet

_LONGEST = 36_500


@room.page("/people", need=Need.MODERATOR, nav="people")
def show() -> Response:
    """People who wrote on these sites, or those whose name has the words; with `person`, one of them."""
    chosen, some = room.chosen_sites()
    frame = {"chosen": chosen, "sites": room.my_sites(), "administrator": room.here().administrator, **deciding.told()}
    site_ids = [site.id for site in some]
    if who := inputs.query("person"):
        one = persons.one(site_ids, moderators.person(db.session(), who))
        return sheet.show("person", one=one, here=room.here(), Need=Need, **frame)
    view = inputs.query_choice("view", "all", persons.VIEWS)
    part = persons.find(site_ids, view, search=deciding.search(), after=inputs.query("after") or None)
    return sheet.show("people", part=part, view=view, views=persons.VIEWS, q=deciding.search(), **frame)


@room.act("/people/judge", need=Need.MODERATOR)
def judge() -> Response:
    """Ban, shadow-ban, trust or pardon somebody on a site, or (an administrator) everywhere."""
    act = deciding.choice("act", people.ACTS)
    days = deciding.field("days")
    if days and not (days.isdecimal() and 0 < int(days[:6]) <= _LONGEST):
        raise Problem("request.bad_field", field="days", reason=f"a whole number from 1 to {_LONGEST}")
    site_id = None if deciding.field("everywhere") else deciding.site_named().id
    until = clock.now() + timedelta(days=int(days)) if days else None
    who, why = deciding.field("person"), deciding.field("why")
    done = people.judge(deciding.moderator(), who, act, site_id=site_id, until=until, why=why)
    return deciding.back(_page(), act, number=int(done.entry is not None), undo=done.entry)


@room.act("/people/comments", need=Need.MODERATOR)
def all_of_theirs() -> Response:
    """All of a person's comments on a site."""
    act, site = deciding.choice("act", ("approve", "spam", "delete")), deciding.site_named()
    done = bulk.of_person(deciding.moderator(), site.id, act, deciding.field("person"), why=deciding.field("why"))
    return deciding.after_bulk(_page(), act, done, undoing.entry_of(done.batch))


def _page() -> str:
    return "/queue" if deciding.field("from") == "queue" else "/people"
