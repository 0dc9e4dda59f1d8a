"""WordPress.com. https://developer.wordpress.com/docs/oauth2/"""

from widget.providers.base import Data, Guide, Person, Provider


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
        guide=Guide(
            console="https://developer.wordpress.com/apps/new/",
            steps=(
                "Make an application of type *Web*, with your site as *Website URL*.",
                (
                    "Enter `{callback}` under *Redirect URLs*, and your server's address under *JavaScript origins* "
                    "where the form demands one."
                ),
                "Copy the client id and the client secret from the application's page.",
            ),
            gives="name, picture, profile page, e-mail address (WordPress.com says whether it is verified)",
            notes=(
                (
                    "The scope `auth` lets the server read who somebody is and nothing of their blogs; without it they "
                    "would have to choose one."
                ),
            ),
            unsure=(
                (
                    "WordPress.com has a newer way too (OAuth 2.1 with OpenID, issuer "
                    "`https://public-api.wordpress.com`), which *generic OpenID* can speak; whether the same "
                    "application works there, and whether people keep the same id."
                ),
            ),
        ),
        issuer=_API,
        authorize_url=f"{_API}/oauth2/authorize",
        exchange_url=f"{_API}/oauth2/token",
        userinfo_url=f"{_API}/rest/v1.1/me",
        scope="auth",  # without it the token is for one blog, which the visitor would have to choose
        pkce=False,
        rank=40,
    ),
)
