"""Discord. https://discord.com/developers/docs/topics/oauth2"""

from widget.providers.base import Data, Guide, Person, Provider

_CDN = "https://cdn.discordapp.com"


def person(data: Data) -> Person:
    """`/users/@me`. `verified` is about the address."""
    return Person(
        subject=data.get("id"),
        name=data.get("global_name"),
        username=data.get("username"),
        avatar=_avatar(data),
        email=data.get("email"),
        email_verified=data.get("verified"),
    )


def _avatar(data: Data) -> str | None:
    """The person's own picture, or the one that Discord deals out by id (or, of old, by discriminator)."""
    number, picture, old = str(data.get("id")), data.get("avatar"), str(data.get("discriminator") or "0")
    if isinstance(picture, str):
        return f"{_CDN}/avatars/{number}/{picture}.{'gif' if picture.startswith('a_') else 'png'}?size=128"
    if not (number.isdecimal() and old.isdecimal()):
        return None
    return f"{_CDN}/embed/avatars/{int(old) % 5 if old != '0' else (int(number) >> 22) % 6}.png"


ROWS = (
    Provider(
        id="discord",
        name="Discord",
        person=person,
        guide=Guide(
            console="https://discord.com/developers/applications",
            steps=(
                "Choose *New Application*; its name and icon are what people see.",
                "Under *OAuth2* add `{callback}` to *Redirects*, and save.",
                "Copy the client id there, and *Reset Secret* to see the client secret.",
            ),
            gives="name, picture, e-mail address (Discord says whether it is verified)",
            notes=("With `WIDGET_DISCORD_SCOPE=identify` no address is asked for.",),
            unsure=("Whether Discord checks PKCE, or only takes it; `WIDGET_DISCORD_PKCE` switches it off.",),
        ),
        issuer="https://discord.com",
        authorize_url="https://discord.com/oauth2/authorize",
        exchange_url="https://discord.com/api/oauth2/token",
        userinfo_url="https://discord.com/api/v10/users/@me",
        scope="identify email",
        auth="client_secret_basic",
        rank=80,
    ),
)
