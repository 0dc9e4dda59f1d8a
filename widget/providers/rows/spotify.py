"""Spotify. https://developer.spotify.com/documentation/web-api/tutorials/code-flow"""

from widget.providers.base import Data, Person, Provider, mapping


def person(data: Data) -> Person:
    """`/v1/me`. Spotify says of its addresses that they are not verified."""
    images = data.get("images")
    first = images[0] if isinstance(images, list) and images else None
    return Person(
        subject=data.get("id"),
        name=data.get("display_name"),
        avatar=mapping(first).get("url"),
        profile_url=mapping(data.get("external_urls")).get("spotify"),
        email=data.get("email"),
        email_verified=False,
    )


ROWS = (
    Provider(
        id="spotify",
        name="Spotify",
        person=person,
        setup="Make an app on developer.spotify.com; in development mode five people can sign in.",
        issuer="https://accounts.spotify.com",
        authorize_url="https://accounts.spotify.com/authorize",
        exchange_url="https://accounts.spotify.com/api/token",
        userinfo_url="https://api.spotify.com/v1/me",
        scope="user-read-email",
        auth="client_secret_basic",
        rank=190,
    ),
)
