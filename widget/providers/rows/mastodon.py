"""Mastodon, and whatever speaks as it does (GoToSocial, Pleroma, Pixelfed, …), on any host that a visitor names.

https://docs.joinmastodon.org/client/authorized/ and https://docs.joinmastodon.org/spec/oauth/
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from widget import net
from widget.core import clock, tokens
from widget.core.errors import Problem
from widget.providers.base import Again, BadAnswer, Data, Guide, Own, Person, Provider
from widget.providers.client import Answer, Begun
from widget.providers.visited import (
    App,
    VisitedClient,
    error_of,
    https_of,
    json_of,
    named_host,
    origin_of,
    text_of,
    with_query,
)

# Registrations that nobody used could be purged a day after they were made, before Mastodon 4.3.
PROVEN_FOR = timedelta(days=1)


def person(data: Data) -> Person:
    """`verify_credentials`, with the instance that said it as `instance`: an id means something there alone."""
    name, emojis = data.get("display_name"), data.get("emojis")
    for emoji in emojis if isinstance(emojis, list) else []:
        if isinstance(name, str) and isinstance(emoji, dict) and isinstance(emoji.get("shortcode"), str):
            name = name.replace(f":{emoji['shortcode']}:", "")
    instance, username = data.get("instance"), data.get("username")
    picture = data.get("avatar_static") or data.get("avatar")
    return Person(
        subject=data.get("id"),
        issuer=instance,
        name=name,
        username=f"@{username}@{urlsplit(instance).hostname}"
        if isinstance(username, str) and isinstance(instance, str)
        else None,
        avatar=None if str(picture).endswith("/missing.png") else picture,
        profile_url=data.get("url"),
    )


def host_of(at: str) -> str:
    """The instance of `one.example`, `@ann@one.example` or an address there. Raises ValueError."""
    at = at.strip()
    if "://" not in at:
        at = "https://" + (at if "/" in at else at.rpartition("@")[2])
    return named_host(at)


class MastodonClient(VisitedClient):
    """Registers with an instance when it is first named."""

    def leave(self, redirect_uri: str, state: str, at: str) -> Begun:
        """To the instance's own page."""
        try:
            host = host_of(at)
        except ValueError as error:
            raise self.nowhere(error) from error
        with self.session() as session:
            facts = self._facts(session, host)
            app = self._app(session, host, facts, redirect_uri)
        verifier = tokens.secret()
        url = with_query(
            facts["authorize"],
            response_type="code",
            client_id=app.client_id,
            redirect_uri=redirect_uri,
            scope=app.scope,
            state=state,
            code_challenge=tokens.challenge(verifier),
            code_challenge_method="S256",
        )
        sealed = self.seal({"client_id": app.client_id, "client_secret": app.client_secret})
        return Begun(url=url, verifier=verifier, data={**facts, "host": host, "app": sealed})

    def arrive(self, answer: Answer, redirect_uri: str, verifier: str, data: Data) -> Person:
        """The account, as its own instance tells of it; the token is revoked, for it would never end."""
        base, app = f"https://{data['host']}", self.unseal(data["app"])
        if answer.get("iss", "" if data["iss"] else base).removesuffix("/") != base:
            raise Problem("signin.bad_request", reason="the answer comes from another issuer")
        with self.session() as session:
            token = self._token(session, {**app, "redirect_uri": redirect_uri, "code_verifier": verifier}, answer, data)
            try:
                told = json_of(
                    session.get(
                        f"{base}/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token}"}
                    )
                )
            finally:
                with suppress(net.Error):
                    session.post(data["revoke"], data={**app, "token": token})
        if told.get("url") is not None and origin_of(told["url"]) != base:
            raise BadAnswer(f"{data['host']} tells of an account on another host")
        self.home.apps.prove(data["host"], app["client_id"], used=True)
        return self.provider.person({**told, "instance": base})

    def _token(self, session: net.Session, form: dict[str, str], answer: Answer, data: Data) -> str:
        form |= {"grant_type": "authorization_code", "code": answer["code"]}
        given = session.post(data["token"], data=form)
        if error_of(given) == "invalid_client":
            self.home.apps.drop(data["host"], form["client_id"])
            if not data.get("again"):
                raise Again
        return text_of(json_of(given), "access_token")

    def _facts(self, session: net.Session, host: str) -> dict[str, str]:
        """Where things are (RFC 8414; from Mastodon 4.3 on), or where they always were."""
        base = f"https://{host}"
        try:
            answer = session.get(f"{base}/.well-known/oauth-authorization-server")
        except net.Timeout:
            raise
        except net.Error as error:
            raise self.nowhere(error) from error
        facts = {
            "authorize": f"{base}/oauth/authorize",
            "token": f"{base}/oauth/token",
            "revoke": f"{base}/oauth/revoke",
            "register": f"{base}/api/v1/apps",
            "scope": "read:accounts",
            "iss": "",
        }
        try:
            found = json_of(answer)
        except BadAnswer:
            return facts | self._wished()
        if text_of(found, "issuer").removesuffix("/") != base:
            raise BadAnswer(f"{host} is the instance {found['issuer']!r}")
        names = {
            "authorize": "authorization_endpoint",
            "token": "token_endpoint",
            "revoke": "revocation_endpoint",
            "register": "app_registration_endpoint",
        }
        facts |= {short: https_of(found, name) for short, name in names.items() if name in found}
        if any(origin_of(facts[short]) != base for short in names):
            raise BadAnswer(f"{host} sends us to another host")
        scopes: Any = found.get("scopes_supported")
        if isinstance(scopes, list) and "profile" in scopes:
            facts["scope"] = "profile"
        if found.get("authorization_response_iss_parameter_supported") is True:
            facts["iss"] = "demanded"
        return facts | self._wished()

    def _wished(self) -> dict[str, str]:
        wished = self.provider.options.get("scope")
        return {"scope": wished} if wished else {}

    def _app(self, session: net.Session, host: str, facts: dict[str, str], redirect_uri: str) -> App:
        apps, now = self.home.apps, clock.now()
        app = apps.find(host)
        if app is not None and (app.redirect_uri, app.scope) != (redirect_uri, facts["scope"]):
            apps.drop(host, app.client_id)
            app = None
        if app is not None and app.proven_at + PROVEN_FOR <= now:
            app = self._proven(session, host, facts, app)
        return app or apps.keep(host, self._register(session, facts, redirect_uri))

    def _proven(self, session: net.Session, host: str, facts: dict[str, str], app: App) -> App | None:
        form = {"client_id": app.client_id, "client_secret": app.client_secret, "scope": app.scope}
        given = session.post(facts["token"], data={**form, "grant_type": "client_credentials"})
        if error_of(given) == "invalid_client":
            self.home.apps.drop(host, app.client_id)
            return None
        if given.status_code == HTTPStatus.OK:
            self.home.apps.prove(host, app.client_id, used=False)
        return replace(app, proven_at=clock.now())

    def _register(self, session: net.Session, facts: dict[str, str], redirect_uri: str) -> App:
        form = {
            "client_name": self.home.name,
            "redirect_uris": redirect_uri,
            "scopes": facts["scope"],
            "website": self.home.public_url,
        }
        answer = session.post(facts["register"], data=form)
        if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
            raise self.nowhere(f"{facts['register']} answers {answer.status_code}")
        given = json_of(answer)
        return App(
            text_of(given, "client_id"), text_of(given, "client_secret"), redirect_uri, facts["scope"], clock.now()
        )


ROWS = (
    Provider(
        id="mastodon",
        name="Mastodon",
        person=person,
        guide=Guide(
            steps=(
                (
                    "There is nothing to register. Set `WIDGET_MASTODON_ON=true`, and see that this server may reach "
                    "port 443 of any host."
                ),
                (
                    "Visitors type their server or their whole handle; this server makes itself known to an instance, "
                    "with the address `{callback}`, when somebody first names it."
                ),
            ),
            gives="name, picture, profile page; no e-mail address",
            notes=(
                "GoToSocial, Pleroma, Pixelfed and others speak the same language.",
                (
                    "An instance is asked by the host of its web pages; where handles have a shorter domain, visitors "
                    "must name the host."
                ),
                "The registrations are kept sealed by `WIDGET_SECRET_KEY`; under a new key they are made anew.",
            ),
            unsure=(
                (
                    "Whether instances older than 4.3 all take the scope `read:accounts`; `WIDGET_MASTODON_SCOPE` sets "
                    "another."
                ),
            ),
        ),
        asks="instance",
        visits=MastodonClient,
        own=(
            Own(
                name="SCOPE",
                help="what is asked for; empty: `profile` where the instance knows that, else `read:accounts`.",
            ),
        ),
        needs=(),
        rank=65,
    ),
)
