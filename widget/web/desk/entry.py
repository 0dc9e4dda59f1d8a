"""The desk's door: signing in with the providers of the server, set-up links, and the way out."""

import re

from flask import Response, current_app, request

from widget import providers, words
from widget.core import errors
from widget.services import desk_sessions, reception, setup_links, signin, transaction
from widget.services.logins import DeskErrand
from widget.services.staff import Need
from widget.web import pages
from widget.web import signin as window
from widget.web.desk import room, sheet, speech

_LONGEST = 100
_BACK = re.compile(r"/[!-\[\]-~]{0,500}")  # an address under /admin as browsers write it


@room.page("/signin", need=None)
def ask() -> Response:
    """The ways in; `why` says what became of the last try."""
    why = request.args.get("why", "")
    known = why in errors.ROWS or speech.has(f"problem.{why}")
    return _choose(back=_back(request.args.get("back", "")), why=sheet.explain(why) if known else "")


@room.act("/signin", need=None)
def go() -> Response:
    """On to the provider."""
    room.FORMS.require(pages.browser())
    setup, at = request.form.get("setup", ""), request.form.get("at")
    errand = DeskErrand(
        provider=request.form.get("provider", "")[:_LONGEST],
        lang=speech.language(),
        at=None if at is None else window.typed(at),
        back=_back(request.form.get("back", "")),
        setup=setup_links.check(setup[:_LONGEST]) if setup else None,
    )
    return window.show(signin.begin_own(errand, browser=pages.browser(fresh=True)))


@room.page("/setup", need=None)
def setup() -> Response:
    """The page of a set-up link. Its secret stands in the fragment, which no server and no log sees."""
    return sheet.show("setup", csrf=room.FORMS.word(pages.browser(fresh=True)), offered=_offered())


@room.act("/setup", need=None)
def check_setup() -> Response:
    """With which account somebody becomes administrator."""
    room.FORMS.require(pages.browser())
    secret = request.form.get("setup", "").strip()[:_LONGEST]
    setup_links.check(secret)
    return _choose(setup=secret)


@room.act("/leave", need=Need.MODERATOR)
def leave() -> Response:
    """Out of here, in this browser."""
    cookie = room.secret()
    transaction.write(lambda session: desk_sessions.VISITS.end(session, cookie))
    response = pages.redirect(pages.desk_url("/signin", why="desk.left"))
    pages.drop_cookie(response, "cw_desk")
    return response


def _choose(*, back: str = "", setup: str = "", why: str = "") -> Response:
    lang = speech.language()
    return sheet.show(
        "signin",
        csrf=room.FORMS.word(pages.browser(fresh=True)),
        form_action=pages.ANY_FORM,
        providers=_offered(),
        icon=reception.icon,
        server_words=words.words(lang),
        hidden={"back": back, **({"setup": setup} if setup else {})},
        why=why,
        setup=bool(setup),
    )


def _offered() -> list[providers.Provider]:
    return list(providers.configured(current_app.config))


def _back(path: str) -> str:
    return path if _BACK.fullmatch(path) else "/"
