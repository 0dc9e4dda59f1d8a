"""/mail/…: the pages that links of mails lead to. Looking at one changes nothing, whoever looks; its form's POST acts.

No session is needed and no cookie read: the signed word in the address says who may do what, and only that.
"""

from flask import Blueprint, Response, request

from widget import words
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Subscription
from widget.services import sites, subscriptions, transaction
from widget.services.mail import asked, decisions, links
from widget.services.mail.voice import Voice
from widget.web import errors, feeds, inputs, pages

blueprint = Blueprint("mail", __name__, url_prefix="/mail", template_folder="templates")
_TROUBLE = {
    "mail.link_expired": "expired",
    "mail.link_used": "used",
    "mail.link_invalid": "invalid",
    "role.missing": "role",
    "comment.not_found": "used",
    "comment.gone": "used",
}


@blueprint.get("/confirm/<slip>")
def ask_confirm(slip: str) -> Response:
    """What was asked for, and whether to send it."""
    row = subscriptions.by_slip(db.session(), "confirm", slip)
    waiting = asked.unconfirmed(db.session(), row)
    return _page("confirm" if waiting else "confirmed", row, rows=waiting or [row])


@blueprint.post("/confirm/<slip>")
def confirm(slip: str) -> Response:
    """Yes."""
    transaction.write(lambda session: subscriptions.confirm(session, slip))
    return _page("confirmed", subscriptions.by_slip(db.session(), "confirm", slip))


@blueprint.get("/stop/<slip>")
def ask_stop(slip: str) -> Response:
    """Whether to end this mail."""
    row = subscriptions.by_slip(db.session(), "stop", slip)
    return _page("stopped" if row.how == "off" else "stop", row, rows=[row])


@blueprint.post("/stop/<slip>")
def stop(slip: str) -> Response:
    """End it: from the page's form, or with one click in a mail program (RFC 8058), which sends no Origin."""
    transaction.write(lambda session: subscriptions.stop(session, slip))
    return _page("stopped", subscriptions.by_slip(db.session(), "stop", slip))


@blueprint.get("/mine/<slip>")
def mine(slip: str) -> Response:
    """Everything that is sent to an address."""
    return _mine(slip)


@blueprint.post("/mine/<slip>")
def change_mine(slip: str) -> Response:
    """How often each of it is to come; or `stop`: never."""
    row = subscriptions.by_slip(db.session(), "mine", slip)
    chosen = dict(request.form.items())
    if "stop" in chosen:
        chosen = {one.public_id: "off" for one in asked.of_address(db.session(), row)}
    transaction.write(lambda session: subscriptions.set_all(session, slip, chosen))
    return _mine(slip, saved=True)


@blueprint.get("/decide/<slip>")
def ask_decide(slip: str) -> Response:
    """The comment, and the one button for what the link says; or a box for an answer."""
    return _case(slip)


@blueprint.post("/decide/<slip>")
def decide(slip: str) -> Response:
    """Do it, once."""
    require_form("do")
    case = decisions.look(db.session(), slip)
    voice = Voice(case.to.lang)
    raw = request.form.get("text", "")
    try:
        if case.decision.act == "reply":
            inputs.require_text({"text": raw})
            decisions.answer(slip, raw)
        else:
            decisions.decide(slip)
    except Problem as problem:
        if problem.code == "comment.changed":
            return _case(slip, raw=raw, status=problem.status)
        if problem.code.startswith(("comment.empty", "comment.too_long", "request.", "thread.", "person.")):
            return _case(slip, raw=raw, trouble=_trouble(voice, problem), status=problem.status)
        raise
    said = case.said
    done = voice(f"page.{'reply' if case.decision.act == 'reply' else f'decide.{case.decision.act}'}.done")
    return _answer("decided", voice, title=done, url=said.url if case.decision.act in {"approve", "reply"} else "")


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Say it in words."""
    problem = errors.as_problem(error)
    what = _TROUBLE.get(problem.code, "other")
    voice = Voice(pages.language())
    response = _answer("trouble", voice, title=voice(f"page.error.{what}.title"), text=voice(f"page.error.{what}.text"))
    response.status_code = problem.status
    return response


@blueprint.after_request
def protect(response: Response) -> Response:
    """Nothing runs here, nothing frames or keeps these pages, and their addresses are told to nobody."""
    response.headers["Content-Security-Policy"] = pages.still_policy(response.get_data())
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _mine(slip: str, *, saved: bool = False) -> Response:
    row = subscriptions.by_slip(db.session(), "mine", slip)
    rows = [one for one in asked.of_address(db.session(), row) if one.how != "off" or saved]
    shown = feeds.of_replies(sites.by_id(row.site_id), row.user_id) if row.user_id else {}
    return _page("mine", row, rows=rows, saved=saved, feeds=shown)


def _page(name: str, row: Subscription, *, rows: list[Subscription] | None = None, **values: object) -> Response:
    """A page about a subscription, in its reader's language."""
    voice = Voice(row.lang)
    named = subscriptions.names(db.session(), row)
    shown = [
        {
            "id": one.public_id,
            "what": voice(f"what.{one.kind}", **subscriptions.names(db.session(), one)),
            "choices": subscriptions.choices(one),
            "how": subscriptions.chosen(one),
        }
        for one in rows or []
    ]
    mine_ = links.mine(row) if row.confirmed_at else ""
    return _answer(name, voice, address=row.email, rows=shown, mine=mine_, site=named["site"], **values)


def _answer(name: str, voice: Voice, **values: object) -> Response:
    body = pages.still(f"mail/{name}", voice.lang, say=voice, **values)
    return Response(body, mimetype="text/html")


def _case(slip: str, *, raw: str = "", trouble: str = "", status: int = 200) -> Response:
    """The page of a decision; of a text that was changed meanwhile, with a link that is good for the new one."""
    case = decisions.look(db.session(), slip)
    voice, act, said = Voice(case.to.lang), case.decision.act, case.said
    who = {"name": said.name, "title": said.title}
    if case.settled:
        title = voice(f"page.decide.already.{said.comment.state}")
        return _answer("decided", voice, title=title, url=said.url if said.comment.state == "published" else "")
    if decisions.used(db.session(), slip):
        raise Problem("mail.link_used")
    response = _answer(
        "reply" if act == "reply" else "decide",
        voice,
        act=act,
        said=said,
        raw=raw,
        trouble=trouble,
        changed=case.changed,
        by=voice("page.decide.by", **who),
        title=voice("page.reply.title", name=said.name) if act == "reply" else voice(f"page.decide.{act}.title"),
        speaker=decisions.name_of(db.session(), case.user_id),
        pending=said.comment.state == "pending",
        action=links.decide(case.to, said.comment, act) if case.changed else "",
    )
    response.status_code = status
    return response


def _trouble(voice: Voice, problem: Problem) -> str:
    """What is wrong with an answer, in words."""
    said = words.embed(voice.lang).get(f"error.{problem.code}")
    return said.format(**problem.details) if said else voice("page.reply.trouble")


def require_form(field: str) -> str:
    """A field that only the page's own form has. Raises Problem("mail.link_invalid")."""
    value = request.form.get(field)
    if value is None:
        raise Problem("mail.link_invalid")
    return value
