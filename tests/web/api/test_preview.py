"""What a comment would look like, before it is one."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.api import BLOG, Page, add_site, code
from widget.extensions import db
from widget.models import Comment, Idempotency, Mention, Thread


def preview(on: Page, text: Any, *, origin: str | None = BLOG, **more: Any) -> TestResponse:
    headers = {"Origin": origin} if origin else {}
    return on.client.post("/api/v1/preview", json={"site": on.site, "text": text, **more}, headers=headers)


TEXTS = [
    "**Hi** :tada:",
    "```py\nif a: pass\n```",
    "> a\n\n- b\n\n[c](https://x.example/) https://y.example",
    "  a\r\nb  \n",
    "[x](javascript:alert(1))<script>",
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_what_is_posted(page: Page, ann: Page, text: str) -> None:
    shown = preview(page, text)
    assert shown.status_code == 200
    assert shown.json == {"body": ann.posted(text)["body"]}
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Access-Control-Allow-Origin"] == BLOG


def test_nothing_is_left_of_it(app: Flask, page: Page) -> None:
    assert preview(page, "Hello", page={"url": page.url}).status_code == 200
    with app.app_context():
        for table in (Comment, Thread, Idempotency, Mention):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_people_of_the_page_are_known(page: Page, ann: Page) -> None:
    ann.posted("Hello")
    at_ann = [["p", ["span", {"class": "at"}, "@ann"]]]
    assert preview(page, "@ann", page={"url": page.url}).json == {"body": at_ann}
    assert preview(page, "@ann").json == {"body": [["p", "@ann"]]}
    assert preview(page, "@ann", page={"url": f"{BLOG}/other"}).json == {"body": [["p", "@ann"]]}


def test_pictures_are_links(app: Flask, page: Page) -> None:
    add_site(app, "shown", ("https://shown.test",), images=True)
    elsewhere = Page(page.client, site="shown", origin="https://shown.test")
    body = preview(elsewhere, "![a](https://x.example/a.png)", origin="https://shown.test").json["body"]
    assert body == [["p", ["a", {"href": "https://x.example/a.png"}, "a"]]]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "comment.empty"),
    ({"text": "[](https://x.example/)"}, "comment.empty"),
    ({"text": "x" * 10_001}, "comment.too_long"),
    ({"text": 7}, "request.bad_field"),
    ({"text": "a\x00"}, "request.bad_field"),
    ({"text": "a", "page": {"url": "https://evil.test/"}}, "page.foreign"),
    ({"text": "a", "page": {"url": "nonsense"}}, "page.bad_url"),
    ({"text": "a", "origin": "https://evil.test"}, "origin.foreign"),
    ({"text": "a", "origin": None}, "origin.foreign"),
    ({"text": "a", "site": "none"}, "site.unknown"),
]


@pytest.mark.parametrize(("asked", "refusal"), REFUSED)
def test_what_is_refused(page: Page, asked: dict[str, Any], refusal: str) -> None:
    assert code(preview(page, **asked)) == refusal


def test_only_json_by_post(page: Page) -> None:
    plain = page.client.post("/api/v1/preview", data="{}", headers={"Origin": BLOG, "Content-Type": "text/plain"})
    assert code(plain) == "request.not_json"
    assert page.client.get("/api/v1/preview").status_code == 405
