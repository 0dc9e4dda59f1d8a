"""/auth/…: the pages of the sign-in window, their cookies and their headers."""

import re

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from widget import words
from widget.core import tokens
from widget.core.errors import Problem
from widget.services import signin, sites
from widget.services.logins import DeskErrand, Errand, OwnErrand
from widget.services.signin import Arrived, Ask, Cookies, Home, Leave, Propose, Stopped, ToDesk
from widget.services.sites import SiteInfo
from widget.web import errors, pages

blueprint = Blueprint("signin", __name__, url_prefix="/auth", template_folder="templates")

MODES = ("popup", "redirect")
_TX = re.compile(r"[A-Za-z0-9_-]{22}")
_PRINTABLE = re.compile(r"[!-\[\]-~]{1,2000}")  # ASCII as a browser writes an address; no space, no backslash
# What providers send back; the rest of their parameters is nobody's business here.
_ANSWER = ("code", "state", "iss", "error", "user", "device_id", "id_token")
_LONGEST = 8_000
_LONGEST_TYPED = 300


@blueprint.get("/start")
def start() -> Response:
    """Begin: check the page's errand, remember this browser, and go to the provider."""
    errand = _errand()
    return show(signin.begin(errand, browser=pages.browser(fresh=True), known=pages.cookie("cw_known")))


@blueprint.route("/callback/<provider>", methods=["GET", "POST"])
def callback(provider: str) -> Response:
    """The provider's answer; one that came by POST has no cookie and takes a step more."""
    given = _answer(request.form if request.method == "POST" else request.args)
    if request.method == "POST":
        return pages.redirect(f"{pages.public_url()}/auth/resume?h={signin.park(provider, given)}")
    return show(signin.answer(provider, given, browser=pages.browser(), cookies=_cookies()))


@blueprint.get("/resume")
def resume() -> Response:
    """The GET that follows a provider's POST."""
    return show(signin.resume(_one("h"), browser=pages.browser(), cookies=_cookies()))


@blueprint.get("/consent")
def consent() -> Response:
    """Ask whether to appear on this site."""
    handle = _one("h")
    question = signin.question(handle, browser=pages.browser())
    return pages.render(
        "auth/consent",
        question.errand.lang,
        question=question,
        handle=handle,
        host=question.errand.origin.partition("://")[2],
        action=f"{pages.public_url()}/auth/consent",
        form_action=pages.ANY_FORM,
    )


@blueprint.post("/consent")
def decide() -> Response:
    """Yes, no, or another account. The cookie is SameSite=Lax: no other site can press these buttons."""
    handle, choice = request.form.get("h", ""), request.form.get("choice", "")
    if choice == "yes":
        return show(signin.agree(handle, browser=pages.browser(), known=pages.cookie("cw_known")))
    return show(
        signin.refuse(handle, browser=pages.browser(), known=pages.cookie("cw_known"), elsewhere=choice == "other")
    )


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Say it in words, tell the window that waits, and lead back: to the page, or to the account page.

    The desk has its own words: its door says them.
    """
    errand = error.errand if isinstance(error, Stopped) else None
    problem = error.problem if isinstance(error, Stopped) else errors.as_problem(error)
    if isinstance(errand, DeskErrand):
        return pages.redirect(pages.desk_url("/signin", why=problem.code, back=errand.back))
    lang = errand.lang if errand else pages.language()
    said = words.words(lang)
    key = f"error.{problem.code}" if f"error.{problem.code}.title" in said else "error.other"
    title, text = said[f"{key}.title"], said[f"{key}.text"]
    own = isinstance(errand, OwnErrand) or request.blueprint == "account"
    response = pages.render(
        "auth/error",
        lang,
        problem=problem,
        errand=errand if isinstance(errand, Errand) else None,
        account=pages.account_url(lang) if own else None,
        title=title,
        text=text,
        callback=f"{pages.public_url()}/auth/callback/telegram" if _is_telegrams() else None,
    )
    response.status_code = problem.status
    return response


@blueprint.after_request
def protect(response: Response) -> Response:
    """The headers of the sign-in window. COOP must not cut the opener, and no page may frame these."""
    response.headers["Content-Security-Policy"] = pages.policy()
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return pages.set_cookies(response)


def show(step: signin.Step) -> Response:
    """The answer that takes the browser on."""
    if isinstance(step, Leave):
        return pages.redirect(step.url)
    if isinstance(step, Home):
        g.me = step.token
        return pages.redirect(pages.account_url(step.errand.lang))
    if isinstance(step, ToDesk):
        g.desk = step.token
        return pages.onward(pages.desk_url(step.errand.back), step.errand.lang)
    if isinstance(step, Propose):
        return pages.redirect(f"{pages.account_url(step.errand.lang, '/confirm')}&h={step.handle}")
    if isinstance(step, Ask):
        return pages.redirect(f"{pages.public_url()}/auth/consent?h={step.handle}")
    return _arrived(step)


def _is_telegrams() -> bool:
    """Where an address is not registered there, Telegram answers for its older widget: in the fragment, which only the
    page itself can read."""
    return request.path.endswith("/callback/telegram") and not request.args


def _arrived(step: Arrived) -> Response:
    g.remember = step.remember
    home = f"{step.errand.return_to}#cw={step.errand.tx}.{step.code}"
    if step.errand.mode == "redirect":
        return pages.redirect(home)
    return pages.render("auth/done", step.errand.lang, errand=step.errand, code=step.code, home=home)


def _errand() -> Errand:
    """The page's errand from the query, every part of it checked. Raises Problem: there is nobody to tell yet."""
    site = sites.by_key(_one("site"))
    origin, return_to = _return_address(site, _one("return_to"))
    tx, challenge, mode = _one("tx"), _one("challenge"), _one("mode")
    if not _TX.fullmatch(tx) or not tokens.is_secret(challenge) or mode not in MODES:
        raise Problem("signin.bad_request", reason="tx, challenge or mode is not right")
    return Errand(
        tx=tx,
        site_id=site.id,
        origin=origin,
        return_to=return_to,
        mode=mode,
        lang=pages.language(),
        challenge=challenge,
        provider=_one("provider")[:40],
        at=typed(_one("at")) if "at" in request.args else None,
    )


def typed(at: str) -> str:
    """What a person typed or pasted, without the invisible characters that come along. Raises Problem."""
    at = "".join(char for char in at if char.isprintable()).strip()
    if not 0 < len(at) <= _LONGEST_TYPED:
        raise Problem("signin.bad_address")
    return at


def _return_address(site: SiteInfo, url: str) -> tuple[str, str]:
    """(origin, address without fragment). The address must begin, letter for letter, with a listed origin and a slash:
    so no two readers of addresses can disagree about where it leads."""
    url = url.partition("#")[0]
    origin = next((origin for origin in site.origins if url.startswith(f"{origin}/")), None)
    if origin is None or not _PRINTABLE.fullmatch(url):
        raise Problem("signin.bad_return")
    return origin, url


def _answer(given: MultiDict[str, str]) -> dict[str, str]:
    return {name: _one(name, given)[:_LONGEST] for name in _ANSWER if name in given}


def _one(name: str, given: MultiDict[str, str] | None = None) -> str:
    values = (request.args if given is None else given).getlist(name)
    if len(values) != 1:
        raise Problem("signin.bad_request", reason=f"{name} is missing or given twice")
    return values[0]


def _cookies() -> Cookies:
    return Cookies(known=pages.cookie("cw_known"), me=pages.cookie("cw_me"), desk=pages.cookie("cw_desk"))
