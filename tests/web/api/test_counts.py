"""Counts, the site's rules, and the API's own description."""

from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import BLOG, Page, add_site, code
from widget.core import errors


def test_counts_of_many_pages(ann: Page) -> None:
    root = ann.posted()["id"]
    ann.posted("reply", root)
    ann.posted("x", page={"url": f"{BLOG}/other"})
    asked = [ann.url, f"{BLOG}/other?utm_source=x", f"{BLOG}/none", "https://elsewhere.test/", "nonsense"]
    answer = ann.client.get("/api/v1/counts", query_string={"site": "blog", "url": asked})
    assert answer.json == {"counts": dict(zip(asked, [2, 1, 0, 0, 0], strict=True))}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = ann.client.get(
        "/api/v1/counts",
        query_string={"site": "blog", "url": asked},
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304


def test_counts_of_pages_with_an_id_of_their_own(ann: Page) -> None:
    ann.posted("x", page={"url": f"{BLOG}/moved", "id": "post: 7"})
    asked = ["id:post: 7", "id:other", "id:", f"{BLOG}/moved", "id:" + "x" * 2_000]
    answer = ann.client.get("/api/v1/counts", query_string={"site": "blog", "url": asked})
    assert answer.json == {"counts": dict(zip(asked, [1, 0, 0, 0, 0], strict=True))}
    by_origin = ann.client.get("/api/v1/counts", query_string={"url": [f"{BLOG}/", "id:post: 7"]})
    assert by_origin.json["counts"]["id:post: 7"] == 1


def test_counts_have_a_limit(page: Page) -> None:
    many = [f"{BLOG}/{number}" for number in range(101)]
    assert code(page.client.get("/api/v1/counts", query_string={"site": "blog", "url": many})) == "request.bad_field"
    assert code(page.client.get("/api/v1/counts", query_string={"site": "blog"})) == "request.bad_field"
    answer = page.client.get("/api/v1/counts", query_string={"site": "blog", "url": many[:100]})
    assert set(answer.json["counts"].values()) == {0}


def test_site(app: Flask, client: FlaskClient) -> None:
    add_site(app, guest_email="required")
    for query in ({"site": "blog"}, {"url": f"{BLOG}/any/page"}):
        answer = client.get("/api/v1/site", query_string=query)
        assert answer.json["site"] == {
            "key": "blog",
            "name": "The blog",
            "guests": True,
            "guest_email": "required",
            "edit_window": 900,
            "max_length": 10_000,
            "sort": "oldest",
            "reactions": ["like"],
            "page_reactions": True,
            "images": False,
            "live": "events",
            "language": "auto",
            "theme": "auto",
        }
        assert answer.json["providers"] == []
    assert code(client.get("/api/v1/site")) == "request.bad_field"


def test_providers_have_a_name_of_their_own_in_some_languages(app: Flask, client: FlaskClient) -> None:
    add_site(app)
    app.config |= {"VK_CLIENT_ID": "a", "GOOGLE_CLIENT_ID": "a", "GOOGLE_CLIENT_SECRET": "b"}
    [google, vk] = client.get("/api/v1/site", query_string={"site": "blog"}).json["providers"]
    assert (google["name"], "names" in google) == ("Google", False)
    assert (vk["name"], vk["names"]) == ("VK", {"ru": "ВКонтакте"})


def test_the_description_covers_every_route_of_the_api(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    described = {
        (path.replace("{", "<").replace("}", ">"), method.upper())
        for path, methods in document["paths"].items()
        for method in methods
    }
    routes = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi.read"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes
    text = client.get("/api/v1/openapi.json").text
    assert '"$ref":"#/components/schemas/Comment"' in text
    for name in ("ThreadAnswer", "WrittenComment", "ErrorEnvelope", "NewComment", "OpenedSession"):
        assert name in document["components"]["schemas"]


def test_unknown_places_and_methods(client: FlaskClient) -> None:
    for path in ("/api/v1/none", "/none", "/assets/..%2f..%2fpyproject.toml", "/assets/none-abcdef.js"):
        answer = client.get(path)
        assert (answer.status_code, code(answer)) == (404, "not_found")
    answer = client.put("/api/v1/comments")
    assert (answer.status_code, code(answer)) == (405, "method.not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_every_row_of_errors_has_words_and_a_status() -> None:
    for row, (status, words) in errors.ROWS.items():
        assert 400 <= status < 600
        assert words.endswith(".")
        assert errors.Problem(row).message
