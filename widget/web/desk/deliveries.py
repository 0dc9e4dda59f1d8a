"""/admin/deliveries: what was sent, what was answered, and what was given up and can be tried again."""

from flask import Response, request

from widget.services import deliveries, transaction
from widget.services.staff import Need
from widget.web.desk import room, sheet, speech


@room.page("/deliveries", need=Need.OWNER, nav="deliveries")
def show() -> Response:
    """Of one site, or of all that somebody runs; administrators see what is no site's, too."""
    chosen, some = room.chosen_sites(Need.OWNER)
    ids, server = [site.id for site in some], room.here().administrator and chosen is None
    return sheet.show(
        "deliveries",
        parked=deliveries.parked(ids, server=server),
        tries=deliveries.tries(ids, server=server),
        mails=deliveries.mails(ids, server=server),
        chosen=chosen,
        sites=room.my_sites(Need.OWNER),
        some=some,
        has=speech.has,
    )


@room.act("/deliveries/again", need=Need.OWNER)
def again() -> Response:
    """Try one again that was given up."""
    message, ids, server = _asked()
    transaction.write(lambda session: deliveries.again(session, message, ids, server=server))
    return sheet.done("/deliveries", "again", **_where())


@room.act("/deliveries/drop", need=Need.OWNER)
def drop() -> Response:
    """Send one no more that was given up."""
    message, ids, server = _asked()
    transaction.write(lambda session: deliveries.drop(session, message, ids, server=server))
    return sheet.done("/deliveries", "dropped", **_where())


def _asked() -> tuple[str, list[int], bool]:
    """What the form names, and whose it may be."""
    mine = [site.id for site in room.my_sites(Need.OWNER)]
    return request.form.get("message", "")[:40], mine, room.here().administrator


def _where() -> dict[str, str]:
    """The site that was looked at, if it was one."""
    key = request.form.get("site", "")
    return {"site": key} if key in {site.key for site in room.my_sites(Need.OWNER)} else {}
