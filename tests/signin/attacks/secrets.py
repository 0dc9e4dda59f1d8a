"""G13: what must be secret is nowhere in clear: not in the log, not in the database, not in an answer."""

import io
import logging
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.signin.attacks.table import Attack
from tests.support.idp.world import World
from tests.support.visitor import Page, Visitor, data
from widget.core import tokens
from widget.extensions import db
from widget.models import Login


def leaked(here: World, provider: str, shape: str) -> bool:
    """A whole sign-in, everything that it leaves behind, and a search for everything that was secret in it."""
    sim = here.sim[provider]
    browser, page = Visitor(here.app), Page()
    written = io.StringIO()
    with _log(written):
        begun = browser.get(page.start(provider=provider))
    pending = _pending(here)
    back = here.at_provider(begun.headers["Location"])
    with _log(written):
        done = here.bring(browser, back)
        code = data(done)["code"]
        opened = browser.redeem(page, code)
        bearer = opened.get_json()["token"]
        headers = {"Authorization": f"Bearer {bearer}", "Origin": page.origin}
        seen = browser.http.get("/api/v1/session", headers=headers, base_url=f"https://{_host(here)}")
    assert opened.status_code == 201
    assert seen.status_code == 200
    of_provider = {*sim.secrets_given, *filter(None, (sim.rules.secret, pending["verifier"]))}
    of_page = {code, bearer, page.verifier, here.cookie(browser)}
    basic = b64encode(f"{sim.rules.client_id}:{sim.rules.secret}".encode()).decode()
    places = {
        "log": (written.getvalue(), of_provider | of_page | {basic, str(pending["nonce"])}),
        "database": (_dump(here), of_provider | of_page),
        "answers": (_text(begun, done, opened, seen), of_provider | {page.verifier}),
    }
    text, secrets = places[shape]
    return any(secret in text for secret in secrets)


def _host(here: World) -> str:
    return str(here.app.config["PUBLIC_URL"]).partition("://")[2]


def _pending(here: World) -> dict[str, Any]:
    with here.app.app_context():
        row = db.session.scalars(select(Login)).one()
        return {"verifier": row.verifier, "nonce": row.nonce}


def _dump(here: World) -> str:
    """Every row of every table."""
    with here.app.app_context():
        path = str(db.engine.url.database)
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def _text(*answers: TestResponse) -> str:
    return "\n".join(f"{answer.headers}\n{answer.text}" for answer in answers)


@contextmanager
def _log(written: io.StringIO) -> Iterator[None]:
    """Everything that anybody logs."""
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def careless(here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Secrets are stored as they are, everything is logged, and the last page says how the sign-in went."""
    patch.setattr(tokens, "digest", lambda value: value)
    real = type(here.app).full_dispatch_request

    def talkative(app: Any) -> Any:
        from flask import request

        answer = real(app)
        logging.getLogger("careless").info("%s %s %s", request.url, dict(request.headers), answer.get_data()[-900:])
        answer.headers["X-Debug"] = " ".join(word for one in here.sim for word in one.secrets_given)
        return answer

    patch.setattr(type(here.app), "full_dispatch_request", talkative)


ATTACKS = (
    Attack(
        id="G13",
        what="tokens, codes, verifiers, bearers or client secrets in clear, after a sign-in",
        without="secrets are stored as they are, requests are logged, answers are talkative",
        attempt=leaked,
        off=careless,
        shapes=("log", "database", "answers"),
    ),
)
