"""/account: a person's own page on this server: their accounts, their sessions on sites, and the way out of them all.

No site's page can do what is done here: it takes the cookie `__Host-cw_me`, which begins with a sign-in on this page,
and every form proves that it comes from here (`_require_own_form`).
"""

from flask import Blueprint, Response, current_app, request

from widget import providers
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import account_sessions, identities, linking, reception, sessions, signin, transaction
from widget.services.account_sessions import Owner
from widget.services.logins import OwnErrand
from widget.web import pages
from widget.web import signin as window
from widget.web.own_forms import OwnForms

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")
blueprint.register_error_handler(Exception, window.failed)
_FORMS = OwnForms("account form", refusal="account.forged")
_LONGEST = 100


@blueprint.get("")
def show() -> Response:
    """What belongs to the person, or the ways in."""
    owner = _owner()
    if owner is None:
        return _choose("signin", secret=pages.browser(fresh=True))
    if account_sessions.is_due(db.session(), owner):
        transaction.write(lambda session: account_sessions.touch(session, owner))
    return _page(
        "home",
        form_action=pages.OWN_FORM,
        owner=owner,
        identities=identities.of_user(owner.user_id, pages.language()),
        sessions=sessions.of_user(owner.user_id),
    )


@blueprint.post("/signin")
def sign_in() -> Response:
    """Come in: on to the provider."""
    _require_own_form(pages.browser())
    return _to_provider(None)


@blueprint.get("/link")
def choose_link() -> Response:
    """With which provider the other account is."""
    _require_owner()
    return _choose("link", secret=_me())


@blueprint.post("/link")
def link() -> Response:
    """On to the provider, for another account of the person who is here."""
    owner = _require_own_form(_me())
    return _to_provider(_require_owner(owner).visit)


@blueprint.get("/confirm")
def confirm() -> Response:
    """Ask whether to link the account that came."""
    handle = request.args.get("h", "")
    found = linking.proposal(handle, browser=pages.browser(), me=pages.cookie("cw_me"))
    return _page("confirm", form_action=pages.OWN_FORM, proposal=found, handle=handle)


@blueprint.post("/confirm")
def decide() -> Response:
    """Yes or no."""
    _require_own_form(_me())
    handle, browser = request.form.get("h", ""), pages.browser()
    if request.form.get("choice") == "yes":
        linking.agree(handle, browser=browser, me=pages.cookie("cw_me"))
    else:
        linking.refuse(handle, browser=browser)
    return _home()


@blueprint.get("/unlink")
def ask_unlink() -> Response:
    """Ask whether to take an account away."""
    owner = _require_owner()
    identity = identities.one_of(owner.user_id, request.args.get("id", ""), pages.language())
    return _page("unlink", form_action=pages.OWN_FORM, identity=identity)


@blueprint.post("/unlink")
def unlink() -> Response:
    """Take an account away; never the last one."""
    owner = _require_owner(_require_own_form(_me()))
    identities.unlink(owner.user_id, request.form.get("id", ""))
    return _home()


@blueprint.post("/end")
def end() -> Response:
    """End a session on a site."""
    owner = _require_owner(_require_own_form(_me()))
    public_id = request.form.get("id", "")
    transaction.write(lambda session: sessions.end_of_user(session, owner.user_id, public_id))
    return _home()


@blueprint.post("/leave")
def leave() -> Response:
    """Log out of this page, in this browser."""
    _require_own_form(_me())
    me = pages.cookie("cw_me")
    transaction.write(lambda session: account_sessions.end(session, me))
    return _gone()


@blueprint.post("/everywhere")
def everywhere() -> Response:
    """Log out on all sites and in all browsers, and here."""
    owner = _require_owner(_require_own_form(_me()))
    transaction.write(lambda session: sessions.revoke_everywhere(session, owner.user_id))
    return _gone()


@blueprint.after_request
def protect(response: Response) -> Response:
    """Of its own, and nobody else's."""
    return pages.set_cookies(pages.keep_private(response, "img-src 'self'"))


def _require_own_form(secret: str) -> Owner | None:
    """Returns who is here, if anybody. Raises Problem("account.forged")."""
    _FORMS.require(secret)
    return _owner()


def _owner() -> Owner | None:
    return account_sessions.find(db.session(), pages.cookie("cw_me"))


def _require_owner(found: Owner | None = None) -> Owner:
    owner = found or _owner()
    if owner is None:
        raise Problem("account.signed_out")
    return owner


def _me() -> str:
    return pages.cookie("cw_me") or ""


def _choose(purpose: str, *, secret: str) -> Response:
    """The providers, each a form of its own; its answer leads to that provider."""
    return _page(
        "choose",
        form_action=pages.ANY_FORM,
        secret=secret,
        purpose=purpose,
        providers=providers.configured(current_app.config),
    )


def _to_provider(visit: str | None) -> Response:
    at = request.form.get("at")
    errand = OwnErrand(
        provider=request.form.get("provider", "")[:_LONGEST],
        lang=pages.language(),
        at=None if at is None else window.typed(at),
        visit=visit,
    )
    return window.show(signin.begin_own(errand, browser=pages.browser(fresh=True)))


def _page(name: str, *, form_action: str, secret: str | None = None, **values: object) -> Response:
    lang = pages.language()
    return pages.render(
        f"account/{name}",
        lang,
        form_action=form_action,
        csrf=_FORMS.word(secret or _me()),
        icon=reception.icon,
        url=lambda path="": pages.account_url(lang, path),
        **values,
    )


def _home() -> Response:
    return pages.redirect(pages.account_url(pages.language()))


def _gone() -> Response:
    """Out of here, with the cookies of this page and of what this browser knew."""
    response = _home()
    for name in ("cw_me", "cw_known"):
        pages.drop_cookie(response, name)
    return response
