"""Google, Facebook, X and WordPress.com."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Response, request

from tests.support.idp.checks import Grant
from tests.support.idp.openid import OpenId
from tests.support.idp.provider import Provider, reply
from tests.support.idp.rules import Rules


class Google(OpenId):
    """https://developers.google.com/identity/openid-connect/openid-connect"""

    rules = Rules(
        id="google",
        authorize="/o/oauth2/v2/auth",
        token="/token",
        info="/v1/userinfo",
        keys="/oauth2/v3/certs",
        scope=("openid profile email",),
        auth=("post", "basic"),
        pkce="required",
        openid=True,
        asks={"prompt": "select_account"},
        client_id="1234567890-abc123def456.apps.googleusercontent.com",
        secret="GOCSPX-google-client-secret",
    )
    issuer = "https://accounts.google.com"
    ACCESS_TOKEN = "ya29.a0"
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "110248495921238986420",
        "name": "Ann Bell",
        "given_name": "Ann",
        "family_name": "Bell",
        "picture": "https://lh3.googleusercontent.com/a/XYZ=s96-c",
        "email": "ann@gmail.com",
        "email_verified": True,
    }

    def code_prefix(self) -> str:
        """Google's codes have a slash."""
        return "4/0A"

    def beside(self, grant: Grant) -> dict[str, str]:
        """More than was asked for."""
        return {"scope": f"email profile {grant.scope}", "authuser": "0", "prompt": "consent"}

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """With `azp` and `at_hash`."""
        from authlib.oidc.core.util import create_half_hash

        half = create_half_hash(access, "RS256")
        return {**super().claims(access, grant), "azp": self.rules.client_id, "at_hash": half.decode()}


class Facebook(Provider):
    """https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow

    Faults: no_email (the key is absent), token_error (the nested one).
    """

    rules = Rules(
        id="facebook",
        authorize="/v26.0/dialog/oauth",
        token="/v26.0/oauth/access_token",
        info="/v26.0/me",
        scope=("public_profile email", "public_profile"),
        auth=("post",),
        pkce="forbidden",
        may_ask=frozenset({"auth_type"}),
        token_by_get=True,
        info_asks={
            "fields": lambda value: (
                value.startswith("id,") and set(value.split(",")) <= {"id", "name", "email", _PICTURE}
            ),
            "appsecret_proof": lambda value: len(value) == 64,
        },
        client_id="1012345678901234",
        secret="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    )
    ACCESS_TOKEN = "EAAB"
    PERSON: ClassVar[dict[str, Any]] = {
        "id": "10229999888877766",
        "name": "Ann Bell",
        "email": "ann@example.com",
        "picture": {
            "data": {
                "height": 200,
                "is_silhouette": False,
                "url": "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=1&height=200",
                "width": 200,
            }
        },
    }

    def arrive(self, given: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        """With the fragment that Facebook puts after its codes."""
        there = super().arrive(given, answer).headers["Location"]
        return self.to(there if "error" in answer else f"{there}#_=_")

    def denial(self, given: Mapping[str, str]) -> dict[str, str]:
        """In Facebook's words."""
        return {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
            "state": given["state"],
        }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Without a scope."""
        return {"access_token": access, "token_type": "bearer", "expires_in": 5183944}

    def token_error(self, error: str) -> Response:
        """Nested, as Graph's errors are."""
        return graph_error(f"Error validating: {error}")

    def info_answer(self, grant: Grant) -> Any:
        """Only the fields that were asked for."""
        wanted = {field.partition(".")[0] for field in request.args["fields"].split(",")}
        return {name: value for name, value in self.person.items() if name in wanted}

    def info_error(self) -> Response:
        """Nested."""
        return graph_error("Invalid appsecret_proof provided in the API argument")

    def check_info(self, access: str, grant: Grant | None) -> list[str]:
        """The proof that the token is used by the app it was given to."""
        proof = hmac.new(self.rules.secret.encode(), access.encode(), hashlib.sha256).hexdigest()
        return [] if request.args.get("appsecret_proof") == proof else ["appsecret_proof is wrong"]


_PICTURE = "picture.width(200).height(200)"


def graph_error(message: str) -> Response:
    """An error of the Graph API."""
    return reply({"error": {"message": message, "type": "OAuthException", "code": 100, "fbtrace_id": "Az8"}}, 400)


class X(Provider):
    """https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code"""

    rules = Rules(
        id="x",
        authorize="/i/oauth2/authorize",
        token="/2/oauth2/token",
        info="/2/users/me",
        scope=("users.read tweet.read", "users.read tweet.read users.email"),
        auth=("basic",),
        pkce="required",
        info_asks={"user.fields": lambda value: set(value.split(",")) <= {"profile_image_url", "confirmed_email"}},
        client_id="VGtNa0lYUXJ0ZFBr0jE6MTpjaQ",
        secret="x-client-secret-9lXq4Yw8",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "data": {
            "id": "2244994945",
            "name": "X Dev",
            "username": "XDevelopers",
            "profile_image_url": "https://pbs.twimg.com/profile_images/1/abc_normal.jpg",
            "confirmed_email": "x@example.com",
        }
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Two hours."""
        return {"token_type": "bearer", "expires_in": 7200, "access_token": access, "scope": grant.scope}

    def check_info(self, access: str, grant: Grant | None) -> list[str]:
        """The address only with its scope; `client_id` belongs to nobody's profile."""
        asked = request.args.get("user.fields", "").split(",")
        if "confirmed_email" in asked and grant and "users.email" not in grant.scope.split():
            return ["confirmed_email without the scope users.email"]
        return []

    def info_answer(self, grant: Grant) -> Any:
        """Only what was asked for."""
        wanted = {"id", "name", "username", *request.args["user.fields"].split(",")}
        return {"data": {name: value for name, value in self.person["data"].items() if name in wanted}}

    def info_error(self) -> Response:
        """A problem document."""
        return problem(403, "Forbidden")


def problem(status: int, title: str) -> Response:
    """RFC 9457, as X writes it."""
    body = {"title": title, "detail": title, "type": "about:blank", "status": status}
    return reply(body, status, mimetype="application/problem+json")


class WordPress(Provider):
    """https://developer.wordpress.com/docs/oauth2/"""

    rules = Rules(
        id="wordpress",
        authorize="/oauth2/authorize",
        token="/oauth2/token",
        info="/rest/v1.1/me",
        scope=("auth",),
        auth=("post",),
        pkce="forbidden",
        client_id="98765",
        secret="wordpress-client-secret-0Zk3Jm",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "ID": 76543210,
        "display_name": "Wanda",
        "username": "wanda",
        "email": "w@example.com",
        "primary_blog": 1,
        "primary_blog_url": "https://wanda.example",
        "language": "en",
        "token_site_id": False,
        "token_scope": ["auth"],
        "avatar_URL": "https://0.gravatar.com/avatar/0bc8?s=96&d=identicon",
        "profile_URL": "https://gravatar.com/wanda",
        "verified": True,
        "email_verified": True,
        "date": "2010-01-01T00:00:00+00:00",
        "site_count": 1,
        "meta": {"links": {"self": "https://public-api.wordpress.com/rest/v1.1/me"}},
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """For no blog, and for ever."""
        return {"access_token": access, "token_type": "bearer", "blog_id": "0", "blog_url": "", "scope": grant.scope}


PROVIDERS: tuple[type[Provider], ...] = (Google, Facebook, X, WordPress)
