"""Sign in with Apple. https://developer.apple.com/documentation/signinwithapplerestapi"""

import json
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from widget.core import clock
from widget.core.errors import Problem
from widget.providers.base import Data, Guide, Own, Person, Provider, joined, mapping
from widget.providers.client import Answer, Client

_AUDIENCE = "https://appleid.apple.com"
_SECRET_LIVES = 300  # seconds; Apple takes up to six months


def person(data: Data) -> Person:
    """Claims, and `user`: what the browser brought at the first consent, unsigned, so a name to show and no more."""
    name = mapping(mapping(data.get("user")).get("name"))
    return Person(
        subject=data.get("sub"),
        name=joined(name.get("firstName"), name.get("lastName")),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


class AppleClient(Client):
    """Apple's client secret is a word signed with a key, made anew for each request."""

    def __init__(self, provider: Provider, *, user_agent: str) -> None:
        """Raises Problem("config.invalid") when the key is none."""
        super().__init__(provider, user_agent=user_agent)
        try:
            self.client_secret  # noqa: B018 - to sign is the one sure test of a key
        except (JoseError, ValueError, TypeError) as error:
            raise Problem(
                "config.invalid",
                reason="WIDGET_APPLE_PRIVATE_KEY is not the text of a .p8 file (a P-256 key in PEM)",
            ) from error

    @property
    def client_secret(self) -> str:
        """developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret"""
        options, now = self.provider.options, int(clock.now().timestamp())
        key = jwk.ECKey.import_key(options["private_key"].replace("\\n", "\n"))
        claims = {
            "iss": options["team_id"],
            "sub": self.provider.client_id,
            "aud": _AUDIENCE,
            "iat": now,
            "exp": now + _SECRET_LIVES,
        }
        return jwt.encode({"alg": "ES256", "kid": options["key_id"]}, claims, key, algorithms=["ES256"])

    @client_secret.setter
    def client_secret(self, value: object) -> None:
        """Authlib sets what the row has: nothing."""

    def document(self, token: Any, claims: Data, answer: Answer) -> Data:
        """The claims, with the `user` that came beside the code."""
        try:
            user = json.loads(answer.get("user", "{}"))
        except ValueError:
            user = {}
        return {**super().document(token, claims, answer), "user": user}


ROWS = (
    Provider(
        id="apple",
        name="Apple",
        person=person,
        guide=Guide(
            console="https://developer.apple.com/account/resources/identifiers/list",
            steps=(
                (
                    "You need a membership of the Apple Developer Program. Make an *App ID* with the capability *Sign "
                    "in with Apple*."
                ),
                (
                    "Make a *Services ID*: its identifier is the client id. Switch *Sign in with Apple* on, "
                    "*Configure* it with that App ID and your domain, and add `{callback}` to the *Return URLs*."
                ),
                (
                    "Under *Keys* make a key with *Sign in with Apple* for that App ID and download its `.p8` file, "
                    "which can be had once. Its id is the key id; the text of the file is the private key."
                ),
                "The team id stands at the top right of the account's page, under *Membership details*.",
            ),
            gives="a name (at the first sign-in alone, and only if the person gives it); "
            "an e-mail address, perhaps one "
            "that Apple relays; no picture",
            notes=(
                "There is no client secret to copy: the server signs one with your key for each request.",
                "The address must be https with a real domain name: neither localhost nor an IP address.",
                "Mail to relayed addresses arrives only from senders that you registered with Apple.",
            ),
            unsure=("Whether Apple takes PKCE; it is off, and `WIDGET_APPLE_PKCE` switches it on.",),
        ),
        issuer=_AUDIENCE,
        authorize_url=f"{_AUDIENCE}/auth/authorize",
        exchange_url=f"{_AUDIENCE}/auth/token",
        jwks_url=f"{_AUDIENCE}/auth/keys",
        scope="openid name email",
        pkce=False,
        authorize_params={"response_mode": "form_post"},  # Apple's condition for any scope
        userinfo="never",
        client=AppleClient,
        needs=("CLIENT_ID", "TEAM_ID", "KEY_ID", "PRIVATE_KEY"),
        own=(
            Own(name="TEAM_ID", help="the team's id."),
            Own(name="KEY_ID", help="the key's id."),
            Own(
                name="PRIVATE_KEY",
                help="the key itself (the .p8 file's text; \\n may stand for its line ends).",
                secret=True,
            ),
        ),
        rank=25,
    ),
)
