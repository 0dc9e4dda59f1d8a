"""Guests: people who only say who they are."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from widget.core import clock, text, tokens
from widget.core.errors import Problem
from widget.models import User
from widget.services import idempotency, limits, reserved, sessions
from widget.services.sites import SiteInfo


def open_session(
    site: SiteInfo,
    *,
    name: str,
    email: str | None,
    website: str | None,
    address: str,
    key: str,
    thumbprint: str | None,
) -> tuple[str, bytes]:
    """Make a guest and their session: (bearer secret, JSON bytes of {"expires", "user"}).

    The secret is derived from the request's idempotency key, so that a request sent twice has the same answer
    although only the secret's hash is stored; with another browser's key it is another request.
    `address` is where the request comes from. Raises the guest.… and limit.… Problems.
    """
    guest = _checked(site, name, email, website)
    token = tokens.derive(current_app.config["SECRET_KEY"], "guest session", site.key, key)

    def work(session: Session) -> dict[str, Any]:
        limits.take(session, "session", site=site, address=address)
        user = User(**guest)
        session.add(user)
        session.flush()
        expires = sessions.open_session(session, site, (user.id, None), token, thumbprint=thumbprint)
        return {"expires": clock.rfc3339(expires), "user": sessions.person(user, None)}

    return token, idempotency.once(f"site:{site.id}", key, [guest, thumbprint], work)


def _checked(site: SiteInfo, name: str, email: str | None, website: str | None) -> dict[str, str | None]:
    if not site.settings.guests:
        raise Problem("guest.not_allowed")
    name = text.clean_name(name)
    if not name:
        raise Problem("guest.name_missing", field="name")
    reserved.require_free(site, name)
    policy = site.settings.guest_email
    email = text.clean_email(email) if email and email.strip() and policy != "off" else None
    if policy == "required" and not email:
        raise Problem("guest.email_missing", field="email")
    website = text.clean_website(website) if website and website.strip() else None
    return {"name": name, "email": email, "website": website}
