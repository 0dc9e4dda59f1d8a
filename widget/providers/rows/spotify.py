"""Spotify. https://developer.spotify.com/documentation/web-api/tutorials/code-flow"""

from widget.providers.base import Data, Guide, Person, Provider, mapping


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
        guide=Guide(
            console="https://developer.spotify.com/dashboard",
            steps=(
                "Choose *Create app*, the *Web API*, and add `{callback}` under *Redirect URIs*.",
                "Copy the client id and, under *View client secret*, the secret.",
                "Add each of your testers under *User Management*.",
            ),
            gives="name, picture, profile page, e-mail address (not verified, says Spotify)",
            notes=(
                (
                    "In development mode five people can sign in, whom you list, and your own account must be Premium "
                    "(since February 2026). More need an extended quota, which only large companies get: for a public "
                    "site this is no use."
                ),
                "For trying things out Spotify takes `http://127.0.0.1` and a port, not `localhost`.",
            ),
            unsure=("Whether apps in development mode are still told the e-mail address.",),
        ),
        issuer="https://accounts.spotify.com",
        authorize_url="https://accounts.spotify.com/authorize",
        exchange_url="https://accounts.spotify.com/api/token",
        userinfo_url="https://api.spotify.com/v1/me",
        scope="user-read-email",
        auth="client_secret_basic",
        rank=190,
    ),
)
