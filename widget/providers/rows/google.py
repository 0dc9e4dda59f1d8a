"""Google. https://developers.google.com/identity/openid-connect/openid-connect"""

import re

from widget.providers.base import Data, Guide, Person, Provider, flag

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
        guide=Guide(
            console="https://console.cloud.google.com/auth/clients",
            steps=(
                (
                    "Make a project, or choose one. Under *Branding* enter the name and the logo that people will see, "
                    "your e-mail address, and your domain among the authorized domains."
                ),
                (
                    "Under *Audience* choose *External*, and then *Publish app*: while it is in testing only 100 "
                    "people whom you list can sign in. For the three scopes that are asked for, Google wants no "
                    "review."
                ),
                (
                    "Under *Clients* make an OAuth client of type *Web application*, and add `{callback}` to its "
                    "*Authorized redirect URIs*."
                ),
                "Copy the client id and the client secret; the secret is shown once.",
            ),
            gives="name, picture, e-mail address (verified where Google hosts the mailbox)",
            notes=(
                (
                    "The address must be https with a real domain name; `http://localhost` is taken for trying things "
                    "out, other IP addresses are not."
                ),
                (
                    "Google refuses to sign people in inside the browsers of other apps (Instagram, Facebook); they "
                    "must open the page in their own browser."
                ),
            ),
        ),
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
