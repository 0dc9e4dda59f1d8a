"""Reddit. https://github.com/reddit-archive/reddit/wiki/oauth2"""

import html

from widget.providers.base import Data, Guide, Person, Provider, link


def person(data: Data) -> Person:
    """`/api/v1/me`, whose addresses come escaped as for HTML. There is never an e-mail address."""
    name, icon = data.get("name"), data.get("icon_img")
    return Person(
        subject=data.get("id"),
        name=name,
        username=name,
        avatar=html.unescape(icon) if isinstance(icon, str) else None,
        profile_url=link("https://www.reddit.com/user/", name),
    )


ROWS = (
    Provider(
        id="reddit",
        name="Reddit",
        person=person,
        guide=Guide(
            console="https://www.reddit.com/prefs/apps",
            steps=(
                "Choose *create another app…*, the type *web app*, and enter `{callback}` as *redirect uri*.",
                "The client id stands under the app's name; the secret is called *secret*.",
            ),
            gives="name, picture, profile page; no e-mail address",
            notes=(
                (
                    "Reddit gives no new keys without its approval since November 2025: this is for those who have an "
                    "app already."
                ),
                "An app has one redirect address.",
            ),
        ),
        issuer="https://www.reddit.com",
        authorize_url="https://www.reddit.com/api/v1/authorize",
        exchange_url="https://www.reddit.com/api/v1/access_token",
        userinfo_url="https://oauth.reddit.com/api/v1/me",
        scope="identity",
        auth="client_secret_basic",
        pkce=False,
        authorize_params={"duration": "temporary"},
        rank=120,
    ),
)
