"""WordPress.com. https://developer.wordpress.com/docs/oauth2/"""

from widget.providers.base import Data, Person, Provider


def person(data: Data) -> Person:
    """`/me`, with its odd capitals. `verified` is about the account, `email_verified` about the address."""
    return Person(
        subject=data.get("ID"),
        name=data.get("display_name"),
        username=data.get("username"),
        avatar=data.get("avatar_URL"),
        profile_url=data.get("profile_URL"),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_API = "https://public-api.wordpress.com"
ROWS = (
    Provider(
        id="wordpress",
        name="WordPress.com",
        person=person,
        setup="Make an application on developer.wordpress.com/apps.",
        issuer=_API,
        authorize_url=f"{_API}/oauth2/authorize",
        exchange_url=f"{_API}/oauth2/token",
        userinfo_url=f"{_API}/rest/v1.1/me",
        scope="auth",  # without it the token is for one blog, which the visitor would have to choose
        pkce=False,
        rank=40,
    ),
)
