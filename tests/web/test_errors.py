"""What nobody foresaw is answered in the envelope, logged, and says nothing about its cause."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.support.api import Page, add_site, code
from widget.services import reading


def test_an_unforeseen_error_is_one_line_for_the_client_and_a_trace_for_the_operator(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add_site(app)

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail in /some/path")

    monkeypatch.setattr(reading, "open_page", fail)
    with caplog.at_level(logging.ERROR):
        answer = Page(client).read()
    assert (answer.status_code, code(answer)) == (500, "server.error")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret detail" in caplog.text


def test_a_database_that_is_locked_is_busy(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    add_site(app)

    def fail(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr(reading, "open_page", fail)
    answer = Page(client).read()
    assert (answer.status_code, code(answer)) == (503, "server.busy")


def test_bytes_that_are_no_json(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/api/v1/comments", data=b"{", content_type="application/json")
    assert (answer.status_code, code(answer)) == (400, "request.invalid")
    assert "JSON" in answer.json["error"]["message"]
