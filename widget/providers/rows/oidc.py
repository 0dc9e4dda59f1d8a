"""Any OpenID provider, by settings alone: its endpoints come from the issuer's discovery document.

Five can be on at once, each with its own settings and name (`OIDC_…`, `OIDC2_…` to `OIDC5_…`).
"""

from dataclasses import replace

from widget.providers.base import Data, Person, Provider


def person(data: Data) -> Person:
    """The standard claims (OpenID Connect Core 1.0, section 5.1)."""
    return Person(
        subject=data.get("sub"),
        name=data.get("name") or data.get("nickname"),
        username=data.get("preferred_username"),
        avatar=data.get("picture"),
        profile_url=data.get("profile") or data.get("website"),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_ROW = Provider(
    id="oidc",
    name="OpenID",
    person=person,
    setup="Register a web client (code flow) at any OpenID provider.",
    discovery=True,
    scope="openid profile email",
    auth="",
    algorithms=("RS256", "PS256", "ES256", "EdDSA"),
    userinfo="nameless",
    needs=("ISSUER", "CLIENT_ID", "CLIENT_SECRET"),
    rank=900,
)

ROWS = (_ROW, *(replace(_ROW, id=f"oidc{number}", rank=_ROW.rank + number) for number in range(2, 6)))
