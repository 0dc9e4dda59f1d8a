"""GitHub, GitLab, Microsoft, LinkedIn, Slack and Yahoo."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import Response, request

from tests.support.idp import checks
from tests.support.idp.checks import Grant
from tests.support.idp.openid import EC, OpenId
from tests.support.idp.provider import Provider, reply
from tests.support.idp.rules import Rules


class GitHub(Provider):
    """https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps

    Faults: iss (what comes back beside the code; None: nothing), emails_status.
    """

    rules = Rules(
        id="github",
        authorize="/login/oauth/authorize",
        token="/login/oauth/access_token",
        info="/user",
        scope=("read:user user:email", "read:user", "user:email"),
        auth=("post",),
        pkce="required",
        client_id="Iv1.8a61f9b3a7aba766",
        secret="githubsecret0123456789abcdef0123456789ab",
        wants_json=True,
    )
    ACCESS_TOKEN = "gho_"
    ISSUER = "https://github.com/login/oauth"
    PERSON: ClassVar[dict[str, Any]] = {
        "login": "octocat",
        "id": 583231,
        "node_id": "MDQ6VXNlcjU4MzIzMQ==",
        "avatar_url": "https://avatars.githubusercontent.com/u/583231?v=4",
        "html_url": "https://github.com/octocat",
        "type": "User",
        "name": "The Octocat",
        "email": None,
    }

    def reset(self) -> None:
        """With its addresses."""
        super().reset()
        self.emails: list[dict[str, Any]] = [
            {"email": "old@x.example", "primary": False, "verified": True, "visibility": None},
            {"email": "o@x.example", "primary": True, "verified": True, "visibility": "private"},
        ]

    def beside(self, grant: Grant) -> dict[str, str]:
        """Since April 2026."""
        issuer = self.faults.get("iss", self.ISSUER)
        return {} if issuer is None else {"iss": issuer}

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Scopes with commas."""
        return {"access_token": access, "token_type": "bearer", "scope": grant.scope.replace(" ", ",")}

    def token_error(self, error: str) -> Response:
        """Errors have status 200."""
        word = {"invalid_grant": "bad_verification_code", "invalid_client": "incorrect_client_credentials"}
        body = {"error": word.get(error, error), "error_description": "The code passed is incorrect or expired."}
        if "application/json" not in request.headers.get("Accept", ""):
            return Response(urlencode(body), mimetype="application/x-www-form-urlencoded")
        return reply(body, 200)

    def info_error(self) -> Response:
        """GitHub's words."""
        return reply({"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"}, 401)

    def other_end(self, path: str) -> str | None:
        """The addresses."""
        return "emails" if path == "/user/emails" else None

    def other(self) -> Response:
        """The addresses."""
        access = self.access_token(request)
        grant = self.tokens.get(access)
        complaints = list(checks.info(self.rules, request, access if grant else None))
        self._complain("emails", complaints)
        if complaints or grant is None or "user:email" not in grant.scope.split():
            return reply({"message": "Not Found", "status": "404"}, 404)
        status = self.faults.get("emails_status", 200)
        return reply(self.emails if status == 200 else {"message": "Resource not accessible"}, status)


class GitLab(OpenId):
    """https://docs.gitlab.com/integration/openid_connect_provider/"""

    rules = Rules(
        id="gitlab",
        authorize="/oauth/authorize",
        token="/oauth/token",
        info="/oauth/userinfo",
        keys="/oauth/discovery/keys",
        scope=("openid profile email",),
        auth=("basic", "post"),
        pkce="required",
        openid=True,
        client_id="gitlab0123456789abcdef0123456789abcdef",
        secret="gloas-gitlab-client-secret",
    )
    issuer = "https://gitlab.com"
    in_id_token = ("sub",)
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "123456",
        "name": "Foo Bar",
        "nickname": "foobar",
        "preferred_username": "foobar",
        "email": "foo@example.com",
        "email_verified": True,
        "profile": "https://gitlab.com/foobar",
        "picture": "https://secure.gravatar.com/avatar/abc?s=80&d=identicon",
        "groups": ["g"],
    }

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """Minimal."""
        found = super().claims(access, grant)
        return {**found, "auth_time": int(time.time()), "sub_legacy": "1d0a7b2e"}


class Microsoft(OpenId):
    """https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc

    Faults: tenant (whose account it is).
    """

    rules = Rules(
        id="microsoft",
        authorize="/common/oauth2/v2.0/authorize",
        token="/common/oauth2/v2.0/token",
        info="/oidc/userinfo",
        keys="/common/discovery/v2.0/keys",
        scope=("openid profile email", "openid profile email User.Read"),
        auth=("post", "basic"),
        pkce="required",
        openid=True,
        may_ask=frozenset({"prompt"}),
        client_id="6731de76-14a6-49ae-97bc-6eba6914391e",
        secret="mIc8Q~microsoft-client-secret",
    )
    TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
    PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
    in_id_token = ("sub", "oid", "name", "preferred_username", "email")
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "oid": "00000000-0000-0000-66f3-3332eca7ea81",
        "name": "Ann",
        "given_name": "Ann",
        "family_name": "Contoso",
        "preferred_username": "ann@contoso.com",
        "email": "ann@contoso.com",
        "picture": "https://graph.microsoft.com/v1.0/me/photo/$value",
    }

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """The tenant's own issuer."""
        tenant = self.faults.get("tenant", self.TENANT)
        issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
        now = {"nbf": int(time.time()), "ver": "2.0", "rh": "0.A", "uti": "B"}
        return {**super().claims(access, grant), "tid": tenant, "iss": issuer, **now}


class LinkedIn(OpenId):
    """https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2"""

    rules = Rules(
        id="linkedin",
        authorize="/oauth/v2/authorization",
        token="/oauth/v2/accessToken",
        info="/v2/userinfo",
        keys="/oauth/openid/jwks",
        scope=("openid profile email",),
        auth=("post",),
        pkce="forbidden",
        openid=True,
        client_id="86linkedin7abc",
        secret="WPL_AP1.linkedin-client-secret",
    )
    issuer = "https://www.linkedin.com/oauth"
    sends_nonce = False
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "782bbtaQ",
        "name": "John Doe",
        "given_name": "John",
        "family_name": "Doe",
        "picture": "https://media.licdn.com/dms/image/abc/profile-displayphoto-shrink_100_100/0/1",
        "locale": {"country": "US", "language": "en"},
        "email": "doe@email.com",
        "email_verified": True,
    }


class Slack(OpenId):
    """https://docs.slack.dev/authentication/sign-in-with-slack/"""

    rules = Rules(
        id="slack",
        authorize="/openid/connect/authorize",
        token="/api/openid.connect.token",
        info="/api/openid.connect.userInfo",
        keys="/openid/connect/keys",
        scope=("openid profile email",),
        auth=("post", "basic"),
        pkce="optional",
        openid=True,
        may_ask=frozenset({"team"}),
        client_id="25259531569.1115258246291",
        secret="slack0client0secret0123456789abc",
    )
    issuer = "https://slack.com"
    ACCESS_TOKEN = "xoxp-"
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "U0R7JM",
        "https://slack.com/user_id": "U0R7JM",
        "https://slack.com/team_id": "T0R7GR",
        "email": "krane@corp.example",
        "email_verified": True,
        "date_email_verified": 1622128723,
        "name": "krane",
        "picture": "https://avatars.slack-edge.com/2020/krane_512.png",
        "given_name": "Bront",
        "family_name": "Labradoodle",
        "locale": "en-US",
        "https://slack.com/team_name": "kf",
        "https://slack.com/team_domain": "kf",
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """`ok`, and the rest."""
        found = super().token_answer(access, grant)
        del found["scope"], found["expires_in"]
        return {"ok": True, "token_type": "Bearer", **found}

    def token_error(self, error: str) -> Response:
        """Errors have status 200."""
        return reply({"ok": False, "error": "invalid_code" if error == "invalid_grant" else error}, 200)

    def info_answer(self, grant: Grant) -> Any:
        """`ok`, and the rest."""
        return {"ok": True, **self.person}

    def info_error(self) -> Response:
        """Status 200."""
        return reply({"ok": False, "error": "invalid_auth"}, 200)


class Yahoo(OpenId):
    """https://developer.yahoo.com/oauth2/guide/openid_connect/"""

    rules = Rules(
        id="yahoo",
        authorize="/oauth2/request_auth",
        token="/oauth2/get_token",
        info="/openid/v1/userinfo",
        keys="/openid/v1/certs",
        scope=("openid profile email",),
        auth=("basic",),
        pkce="optional",
        openid=True,
        client_id="dj0yJmk9yahooclientid",
        secret="yahoo0client0secret0123456789",
    )
    issuer = "https://api.login.yahoo.com"
    key = EC
    in_id_token = ("sub", "name", "given_name", "family_name", "email", "email_verified", "picture")
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "FSVIDUW3D7FSVIDUW3D72F2F",
        "name": "Jane Doe",
        "given_name": "Jane",
        "family_name": "Doe",
        "nickname": "Jane",
        "preferred_username": "j.doe",
        "email": "jane@yahoo.com",
        "email_verified": True,
        "picture": "https://s.yimg.com/ag/images/default_user_profile_pic_192sq.jpg",
    }


PROVIDERS: tuple[type[Provider], ...] = (GitHub, GitLab, Microsoft, LinkedIn, Slack, Yahoo)
