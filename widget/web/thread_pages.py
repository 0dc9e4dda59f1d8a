"""/t/…: a conversation as a page of its own, without JavaScript: for readers, search engines, and guests who write.

`/t/<id>` is a thread's; `/t/?site=&url=` that of any page of a site, also of one on which nobody wrote yet: it makes no
row. The same bytes for everybody, by the thread's version (see `answers.shared`), and no cookie.
"""

from flask import Blueprint, Response, request

from widget import __version__, words
from widget.core import payload, text, tokens
from widget.core.errors import Problem
from widget.services import guestbook, reading, sites, threads, windows
from widget.services.guestbook import Entry
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.services.windows import Window
from widget.web import answers, errors, guards, inputs, pages, readpath, webmention
from widget.web.thread_sheet import Form, Sheet, address

blueprint = Blueprint("thread_pages", __name__, url_prefix="/t", template_folder="templates")
ROOTS = 30
FORMAT = 3  # moves when the page's form changes, so that no ETag of the old form matches
NOTES = ("posted", "pending")
_FIELDS = ("name", "email", "website", "text", "parent", "form", "again")
_MOST = 262_144  # bytes of a form: a text that is far too long comes back to its author, and is not lost


@blueprint.get("/")
def find() -> Response:
    """The page of an address; where it has a thread, that one's."""
    site, page = _page_of_query()
    if thread := threads.find(site, page):
        response = pages.redirect(address(thread.public_id, at=inputs.query("at"), sort=_sort(site), lang=_lang()))
        response.status_code = 302
        response.headers["Cache-Control"] = answers.caching()
        return response
    return _shared(site, page, None)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """A part of the conversation: `sort`, `after`, `root`, `at` as in the API; `reply` is `at`, with a form to it."""
    site_id, page = threads.by_public_id(public_id)
    return _shared(sites.by_id(site_id), page, public_id)


@blueprint.post("/")
def begin() -> Response:
    """A guest's comment on a page that may have no thread yet."""
    site, page = _page_of_query()
    return _post(site, page, None)


@blueprint.post("/<public_id>")
def post(public_id: str) -> Response:
    """A guest's comment in this thread."""
    site_id, page = threads.by_public_id(public_id)
    return _post(sites.by_id(site_id), page, public_id)


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Say it in words, in a page like the others."""
    problem, lang = errors.as_problem(error), pages.language()
    said = words.words(lang)
    if problem.code == "request.too_large":
        title, more = words.embed(lang)["error.request.too_large"], ""
    else:
        start = {500: "error.other", 503: "error.server.busy"}.get(problem.status, "page.missing")
        title, more = said[f"{start}.title"], said[f"{start}.text"]
    body = pages.still("thread/trouble", lang, title=title, text=more)
    response = Response(body, problem.status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.after_request
def protect(response: Response) -> Response:
    """Nothing runs in these pages and nothing frames them. `same-origin`: with no referrer at all browsers would send
    the form with `Origin: null`."""
    if response.mimetype == "text/html" and response.status_code not in {302, 303, 304}:
        response.headers["Content-Security-Policy"] = pages.still_policy(response.get_data())
        response.headers["Content-Language"] = pages.language()
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "same-origin"
    response.vary.add("Accept-Language")
    if response.status_code == 200 and response.get_etag()[0]:
        body, coding = readpath.compressed(
            response.get_data(), readpath.best_coding(request.headers.get("Accept-Encoding", ""))
        )
        if coding:
            response.set_data(body)
            response.headers["Content-Encoding"] = coding
    return response


def _shared(site: SiteInfo, page: Page, public_id: str | None) -> Response:
    _speak(site)
    reply = inputs.query("reply")
    sort = _sort(site)
    window = Window(
        sort=sort or site.settings.sort,
        limit=ROOTS,
        after=inputs.query("after") or None,
        root=inputs.query("root") or None,
        at=reply or inputs.query("at") or None,
        html=True,
    )
    note = inputs.query("note")
    found = reading.open_page(site, page, window)
    lang = pages.language()
    facts = [FORMAT, __version__, lang, _lang(), reply, note, site.key, site.name, page.title, page.page_id]
    policy = [site.settings.guests, site.settings.guest_email, site.settings.theme, pages.public_url()]
    policy.append(webmention.endpoint(site))
    etag = f"{found.etag}.{tokens.digest(payload.encode([*facts, *policy]).decode())[:12]}"
    form = Form(parent=reply or None, mark=tokens.digest(etag)[:22])
    said = note if note in NOTES else ""
    sheet = Sheet(site, page, found, form, lang=lang, asked=_lang(), sort=sort, note=said, action=_here(public_id))
    response = answers.shared(etag, lambda: pages.still("thread/page", lang, **sheet.values()), mimetype="text/html")
    if takes := webmention.endpoint(site):
        response.headers["Link"] = f'<{takes}>; rel="webmention"'
    return response


def _post(site: SiteInfo, page: Page, public_id: str | None) -> Response:
    _speak(site)
    request.max_content_length = request.max_form_memory_size = _MOST
    given = {name: request.form.get(name, "") for name in _FIELDS}
    form = Form(parent=given["parent"] or None, mark=given["form"], typed=given)
    try:
        guards.require_own_page()
        inputs.require_text(given)
        entry = Entry(
            name=form.of("name"),
            email=form.of("email"),
            website=form.of("website"),
            raw=text.clean_text(form.of("text")),
            parent=form.parent,
            form=form.mark,
            trap=form.of("again"),
        )
        written = guestbook.sign(site, page, entry, address=guards.sender(), browser=guards.browser())
    except Problem as problem:
        return _again(site, page, public_id, form.refused(problem))
    where = {"note": "pending"} if written.pending else {"at": written.comment["id"], "note": "posted"}
    place = "note" if written.pending else f"comment-{written.comment['id']}"
    return pages.redirect(f"{address(written.thread, **where, lang=_lang())}#{place}")


def _again(site: SiteInfo, page: Page, public_id: str | None, form: Form) -> Response:
    """The form as it was filled in, with what is wrong beside it."""
    lang = pages.language()
    window = Window(sort=site.settings.sort, limit=ROOTS, html=True)
    found = reading.open_page(site, page, window)
    sheet = Sheet(site, page, found, form, lang=lang, asked=_lang(), sort="", note="", action=_here(public_id))
    body = pages.still("thread/page", lang, **sheet.values())
    problem = form.problem
    response = Response(body, problem.status if problem else 500, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _speak(site: SiteInfo) -> None:
    if site.settings.language != sites.AUTO:
        pages.speak(site.settings.language)


def _page_of_query() -> tuple[SiteInfo, Page]:
    site = guards.site_of_query()
    return site, threads.page_of(site, inputs.query("url"), inputs.query("id"), inputs.query("title"))


def _lang() -> str:
    """The language that the address asks for."""
    return inputs.query("lang")


def _sort(site: SiteInfo) -> str:
    """The order that the address asks for; "" for the site's own. Raises Problem("request.bad_field")."""
    sort = inputs.query_choice("sort", site.settings.sort, tuple(windows.SORTS))
    return "" if sort == site.settings.sort else sort


def _here(public_id: str | None) -> str:
    """This page's own address, with whatever says which page it is."""
    if public_id:
        return address(public_id, lang=_lang())
    asked = {name: inputs.query(name) for name in ("site", "url", "id", "title", "lang")}
    return address("", **asked)
