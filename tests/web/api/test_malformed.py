"""Whatever is sent, the answer is a 4xx with a code and nothing is stored."""

import json

import pytest
from flask import Flask

from tests.support.api import Page, code
from tests.web.api.test_threads import rows

DEEP = "[" * 100_000 + "]" * 100_000
GOOD = '{"site":"blog","page":{"url":"https://blog.test/post"},"text":"x"}'
BODIES: dict[str, bytes] = {
    "empty": b"",
    "space": b" ",
    "not json": b"hello",
    "cut": GOOD[:-5].encode(),
    "twice": (GOOD * 2).encode(),
    "array": b"[]",
    "string": b'"x"',
    "number": b"5",
    "null": b"null",
    "true": b"true",
    "nan": b"NaN",
    "infinity": b'{"text":Infinity}',
    "1e400": b'{"site":1e400}',
    "long number": b'{"site":' + b"9" * 10_000 + b"}",
    "deep array": DEEP[:60_000].encode(),
    "deep object": ('{"a":' * 10_000 + "1" + "}" * 10_000).encode(),
    "deep field": ('{"site":' + "[" * 20_000 + "]" * 20_000 + "}").encode(),
    "lone surrogate escaped": GOOD.replace('"x"', '"\\ud800"').encode(),
    "lone low surrogate": GOOD.replace('"x"', '"\\udc00 y"').encode(),
    "surrogate bytes": GOOD.replace('"x"', '"\ud800"').encode("utf-8", "surrogatepass"),
    "overlong utf-8": GOOD.encode().replace(b'"x"', b'"\xc0\x80"'),
    "latin-1": GOOD.encode().replace(b'"x"', b'"\xe9"'),
    "utf-16": GOOD.encode("utf-16"),
    "bom": b"\xef\xbb\xbf" + GOOD.encode(),
    "nul escaped": GOOD.replace('"x"', '"\\u0000"').encode(),
    "nul raw": GOOD.replace('"x"', '"\x00"').encode(),
    "nul in title": GOOD.replace('"url"', '"title":"a\\u0000b","url"').encode(),
    "nul in parent": GOOD.replace('"text"', '"parent":"\\u0000","text"').encode(),
    "nul in site": GOOD.replace('"blog"', '"bl\\u0000og"').encode(),
    "surrogate in site": GOOD.replace('"blog"', '"\\ud800"').encode(),
    "control in id": GOOD.replace('"url"', '"id":"\\u001b[31m","url"').encode(),
    "bell in text": GOOD.replace('"x"', '"\\u0007"').encode(),
    "no text": b'{"site":"blog","page":{"url":"https://blog.test/post"}}',
    "text an object": GOOD.replace('"x"', "{}").encode(),
    "text an array": GOOD.replace('"x"', '["x"]').encode(),
    "text a number": GOOD.replace('"x"', "1").encode(),
    "page null": b'{"site":"blog","page":null,"text":"x"}',
    "page a string": b'{"site":"blog","page":"https://blog.test/post","text":"x"}',
    "trailing comma": GOOD[:-1].encode() + b",}",
    "single quotes": GOOD.replace('"', "'").encode(),
    "comment in json": b"/* x */" + GOOD.encode(),
    "64 KiB and more": json.dumps({"text": "x" * 70_000}).encode(),
    "1 MB": b"x" * 1_000_000,
    "sql for a site": GOOD.replace('blog"', "' OR 1=1 --\"", 1).encode(),
}
WRITES = {
    "comments": ("POST", "/api/v1/comments"),
    "session": ("POST", "/api/v1/session"),
    "edit": ("PATCH", "/api/v1/comments/{id}"),
    "flag": ("POST", "/api/v1/comments/{id}/flags"),
    "reaction to the page": ("PUT", "/api/v1/threads/reactions/like"),
}


@pytest.mark.parametrize("write", WRITES)
def test_malformed_bodies(app: Flask, ann: Page, write: str) -> None:
    comment = ann.posted("before")
    method, path = WRITES[write]
    before = rows(app)
    wrong = []
    for name, sent in BODIES.items():
        if write == "edit" and name in {"page null", "page a string", "nul in title", "nul in parent", "nul in site"}:
            continue  # an edit has no such field, and what it does not know it does not read
        if write == "edit" and name in {"surrogate in site", "control in id", "sql for a site"}:
            continue
        answer = ann.client.open(
            path.format(id=comment["id"]),
            method=method,
            data=sent,
            headers=ann.headers(Content_Type="application/json"),
        )
        if not 400 <= answer.status_code < 500 or not code(answer):
            wrong.append((name, answer.status_code, answer.text[:200]))
    assert wrong == []
    assert rows(app) == before
    assert ann.comments()[0]["body"] == [["p", "before"]]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"]
)
def test_only_json_is_read(app: Flask, ann: Page, kind: str) -> None:
    before = rows(app)
    answer = ann.client.post("/api/v1/comments", data=GOOD, headers=ann.headers(Content_Type=kind))
    assert (answer.status_code, code(answer)) == (415, "request.not_json")
    assert rows(app) == before


def test_too_large_says_the_limit(ann: Page) -> None:
    answer = ann.client.post(
        "/api/v1/comments", data=b"x" * 1_000_000, headers=ann.headers(Content_Type="application/json")
    )
    assert (answer.status_code, code(answer)) == (413, "request.too_large")
    assert answer.json["error"]["limit"] == 65536


def test_unknown_fields_change_nothing(app: Flask, ann: Page) -> None:
    extra = {"score": 99, "role": "owner", "created": "2000-01-01", "state": "published", "author": "Bob", "id": "x"}
    comment = ann.posted("x", **extra, user_id=1, approved=True, imported=True)
    assert comment["author"]["name"] == "Ann"
    assert comment["time"] > "2026"
    assert set(comment) == {"id", "author", "time", "body", "replies", "raw", "until"}


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE comment; --",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "%s %d %(x)s",
        "\\x00 \\u0000",
        "\U0001f600 \U0001f469\u200d\U0001f469\u200d\U0001f467 \u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644",
    ],
)
def test_text_comes_back_as_it_was_sent(ann: Page, text: str) -> None:
    assert ann.posted(text)["raw"] == text


@pytest.mark.parametrize(
    "path",
    ["/api/v1/comments/%00", "/api/v1/comments/..%2f..", "/api/v1/comments/%ff%fe", "/api/v1/comments/" + "x" * 5000],
)
def test_strange_ids(ann: Page, path: str) -> None:
    answer = ann.client.delete(path, headers=ann.headers())
    assert (answer.status_code, code(answer)) in {(404, "comment.not_found"), (404, "not_found")}
