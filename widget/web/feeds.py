"""/feeds/…: what is said on a site, on a page, or to a person, as Atom, RSS and JSON Feed."""

from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response

from widget.core import feed
from widget.core.errors import Problem
from widget.services import feeds, threads
from widget.services.feeds import Subject
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.web import answers, guards, inputs, pages, readpath

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")


@blueprint.get("/site.<form>")
def site(form: str) -> Response:
    """A site's newest comments."""
    named = guards.site_of_query()
    return _answer(feeds.of_site(named, partial(_address, "site", site=named.key)), form)


@blueprint.get("/page.<form>")
def page(form: str) -> Response:
    """A page's newest comments."""
    named = guards.site_of_query()
    asked = threads.page_of(named, inputs.query("url"), inputs.query("id"))
    return _answer(
        feeds.of_page(named, asked, partial(of_page, named, asked), origin=guards.naming_origin()),
        form,
        keep=not asked.ruled,
    )


@blueprint.get("/replies/<secret>.<form>")
def replies(secret: str, form: str) -> Response:
    """The newest answers to one person; whoever knows the address reads them, and search engines keep away."""
    response = _answer(feeds.of_replies(secret, partial(_address, f"replies/{secret}")), form)
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def of_page(site: SiteInfo, page: Page, form: str) -> str:
    """Where a page's comments are read."""
    return _address("page", form, site=site.key, url=page.url, id=page.page_id or "")


def of_replies(site: SiteInfo, user_id: int) -> dict[str, str]:
    """Where a person reads what others answer them on a site, by form."""
    secret = feeds.secret_of(site, user_id)
    return {form: _address(f"replies/{secret}", form) for form in feed.FORMS}


def _answer(subject: Subject, form: str, *, keep: bool = True) -> Response:
    if form not in feed.FORMS:
        raise Problem("not_found")
    if subject.proof and keep:
        readpath.ready(subject.proof)
    etag = f"{subject.etag}.{form}"
    return answers.shared(etag, partial(subject.body, form), mimetype=feed.MIMETYPES[form])


def _address(name: str, form: str, **asked: str) -> str:
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{pages.public_url()}/feeds/{name}.{form}{'?' if query else ''}{query}"
