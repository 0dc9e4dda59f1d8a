"""Google. https://developers.google.com/identity/openid-connect/openid-connect"""

import re

from widget.providers.base import Data, Person, Provider, flag

_SIZE = re.compile(r"=s\d+-c$")


def person(data: Data) -> Person:
    """Claims of the ID token. An address is vouched for only where Google hosts the mailbox: gmail.com, or `hd`."""
    email, verified = data.get("email"), flag(data.get("email_verified"))
    if verified and not (str(email).lower().endswith("@gmail.com") or data.get("hd")):
        verified = None  # it was true once; the mailbox may have changed hands since
    picture = data.get("picture")
    return Person(
        subject=data.get("sub"),
        name=data.get("name") or data.get("given_name"),
        avatar=_SIZE.sub("=s200-c", picture) if isinstance(picture, str) else None,
        email=email,
        email_verified=verified,
    )


ROWS = (
    Provider(
        id="google",
        name="Google",
        person=person,
        setup="Make an OAuth client of type web application in the Google Cloud console, and publish the app.",
        issuer="https://accounts.google.com",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        exchange_url="https://oauth2.googleapis.com/token",
        userinfo_url="https://openidconnect.googleapis.com/v1/userinfo",
        jwks_url="https://www.googleapis.com/oauth2/v3/certs",
        scope="openid profile email",
        authorize_params={"prompt": "select_account"},
        userinfo="nameless",
        rank=10,
    ),
)
