"""Answers as bytes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from widget.core import payload

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
VIEW = payload.CommentView(
    id="c",
    parent=None,
    state="published",
    kind="comment",
    created_at=NOON,
    edited_at=None,
    tree='[["p","x"]]',
    html="<p>x</p>",
    reply_count=3,
    author_id="u",
    author_name="Ann",
    author_url=None,
    author_avatar=None,
    author_provider=None,
)


def shown(view: payload.CommentView, **more: bool) -> object:
    return json.loads(payload.encode(payload.comment(view, **more)))


def test_a_root() -> None:
    assert shown(VIEW) == {
        "id": "c",
        "author": {"id": "u", "name": "Ann"},
        "time": "2026-01-01T12:00:00Z",
        "body": [["p", "x"]],
        "replies": 3,
    }


def test_a_reply_with_everything() -> None:
    view = replace(
        VIEW,
        parent="p",
        state="pending",
        kind="pingback",
        edited_at=NOON,
        author_url="https://a.test/",
        author_avatar="https://b.test/",
        author_provider="oidc",
    )
    assert shown(view, html=True) == {
        "id": "c",
        "parent": "p",
        "author": {
            "id": "u",
            "name": "Ann",
            "url": "https://a.test/",
            "avatar": "https://b.test/",
            "provider": "oidc",
        },
        "time": "2026-01-01T12:00:00Z",
        "edited": "2026-01-01T12:00:00Z",
        "state": "pending",
        "kind": "pingback",
        "html": "<p>x</p>",
    }


def test_a_tombstone_says_nothing_of_its_author_or_text() -> None:
    assert shown(replace(VIEW, state="deleted", edited_at=NOON)) == {
        "id": "c",
        "time": "2026-01-01T12:00:00Z",
        "state": "deleted",
        "replies": 3,
    }


def test_the_body_is_passed_on_and_not_made_again() -> None:
    view = replace(VIEW, tree='[ "kept as it is" ]')
    assert b'"body":[ "kept as it is" ]' in payload.encode(payload.comment(view))
