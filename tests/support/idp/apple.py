"""Apple: an answer by form_post, and a client secret that is itself a signed word."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import html
import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Response
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from werkzeug.datastructures import MultiDict

from tests.support.idp.checks import Grant
from tests.support.idp.openid import OpenId
from tests.support.idp.provider import Provider, reply
from tests.support.idp.rules import Rules

CLIENT_KEY = jwk.ECKey.generate_key("P-256", private=True)
TEAM, KEY_ID = "TEAM123456", "ABC123DEFG"
LONGEST = 15_777_000  # seconds that a client secret may live


class Apple(OpenId):
    """https://developer.apple.com/documentation/signinwithapplerestapi

    `user` (the name) comes only with a person's first consent.
    """

    rules = Rules(
        id="apple",
        authorize="/auth/authorize",
        token="/auth/token",
        keys="/auth/keys",
        scope=("openid name email", "name email"),
        auth=("jwt",),
        pkce="optional",
        openid=True,
        asks={"response_mode": "form_post"},
        client_id="com.example.web",
        secret="",
    )
    issuer = "https://appleid.apple.com"
    in_id_token = ("sub", "email", "email_verified", "is_private_email")
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "001234.abcdef0123456789abcdef0123456789.0001",
        "email": "x1y2z3@privaterelay.appleid.com",
        "email_verified": "true",
        "is_private_email": "true",
        "name": {"firstName": "Ada", "lastName": "Lovelace"},
    }

    def reset(self) -> None:
        """Nobody has consented yet."""
        super().reset()
        self.consented: set[str] = set()

    def settings(self) -> dict[str, str]:
        """With the key that signs client secrets."""
        own = {"TEAM_ID": TEAM, "KEY_ID": KEY_ID, "PRIVATE_KEY": CLIENT_KEY.as_pem(private=True).decode()}
        return super().settings() | {f"APPLE_{name}": value for name, value in own.items()}

    def arrive(self, given: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        """A page whose form posts itself to the callback."""
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in answer.items()
        )
        action = html.escape(given["redirect_uri"])
        page = f'<form method="post" action="{action}">{fields}</form><script>document.forms[0].submit()</script>'
        return Response(f"<!doctype html><title>Apple</title>{page}", mimetype="text/html")

    def beside(self, grant: Grant) -> dict[str, str]:
        """The name, once."""
        subject = self.person["sub"]
        if subject in self.consented:
            return {}
        self.consented.add(subject)
        return {"user": json.dumps({"name": self.person["name"], "email": self.person.get("email")})}

    def denial(self, given: Mapping[str, str]) -> dict[str, str]:
        """In Apple's words."""
        return {"error": "user_cancelled_authorize", "state": given["state"]}

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """With what Apple adds."""
        return {**super().claims(access, grant), "nonce_supported": True, "auth_time": int(time.time())}

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """With a refresh token that nobody asked for."""
        return {**super().token_answer(access, grant), "refresh_token": self.new_secret("r")}

    def token_error(self, error: str) -> Response:
        """Always 400."""
        return reply({"error": error}, 400)

    def check_client(self, form: MultiDict[str, str]) -> list[str]:
        """developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret"""
        try:
            word = jwt.decode(form.get("client_secret", ""), CLIENT_KEY, algorithms=["ES256"])
        except (JoseError, ValueError) as error:
            return [f"the client secret is not signed as it must be: {error}"]
        claims, now = word.claims, time.time()
        rules = {
            "kid": word.header.get("kid") == KEY_ID,
            "iss": claims.get("iss") == TEAM,
            "sub": claims.get("sub") == self.rules.client_id,
            "aud": claims.get("aud") == self.issuer,
            "iat": now - 300 <= claims.get("iat", 0) <= now + 5,
            "exp": now < claims.get("exp", 0) <= claims.get("iat", 0) + LONGEST,
            "claims": set(claims) == {"iss", "sub", "aud", "iat", "exp"},
        }
        return [f"{name} of the client secret" for name, right in rules.items() if not right]


PROVIDERS: tuple[type[Provider], ...] = (Apple,)
