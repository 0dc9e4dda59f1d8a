"""Reading a conversation."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import BLOG, Page, add_site, code
from widget.core import clock
from widget.extensions import Base, db


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_page_without_comments_is_empty_and_makes_no_row(app: Flask, page: Page) -> None:
    before = rows(app)
    for number in range(20):
        answer = page.read(url=f"{BLOG}/{number}")
        assert answer.json == {
            "thread": {"url": f"{BLOG}/{number}", "title": None, "count": 0, "version": 0, "open": True},
            "comments": [],
            "next": None,
        }
    assert rows(app) == before


def test_a_reader_gets_no_cookie_and_may_be_anybody(ann: Page) -> None:
    ann.posted()
    answer = ann.read(headers={"Origin": "https://elsewhere.test"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_same_bytes_for_everyone(ann: Page, bob: Page) -> None:
    ann.posted()
    anonymous = ann.read().data
    assert ann.read(headers=ann.headers()).data == anonymous
    assert bob.read(headers=bob.headers()).data == anonymous


def test_etag_304_and_a_new_version_after_each_change(ann: Page) -> None:
    tags = [ann.read().headers["ETag"]]
    comment = ann.posted("one")
    tags.append(ann.read().headers["ETag"])
    ann.edit(comment["id"], "two")
    tags.append(ann.read().headers["ETag"])
    ann.delete(comment["id"])
    tags.append(ann.read().headers["ETag"])
    assert len(set(tags)) == 4
    same = ann.read(headers={"If-None-Match": tags[-1]})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tags[-1])
    assert ann.read(headers={"If-None-Match": tags[-2]}).status_code == 200
    assert ann.read(headers={"If-None-Match": tags[-1]}, sort="newest").status_code == 200


def test_what_a_comment_looks_like(ann: Page) -> None:
    with clock.freeze(datetime(2011, 4, 2, 20, 0, 0, 123456, tzinfo=UTC)):
        first = Page(ann.client).be_guest("Ann", website="https://ann.test/", email="ann@ann.test").posted("*Hi*")
    [comment] = ann.comments()
    author = comment.pop("author")
    assert comment == {
        "id": first["id"],
        "time": "2011-04-02T20:00:00Z",
        "body": [["p", ["em", "Hi"]]],
        "replies": 0,
    }
    assert {name: author[name] for name in author if name != "id"} == {"name": "Ann", "url": "https://ann.test/"}
    assert "ann@ann.test" not in ann.read().text


def test_html_for_those_who_ask(ann: Page) -> None:
    ann.posted("*Hi*")
    [comment] = ann.comments(body="html")
    assert comment["html"].strip() == "<p><em>Hi</em></p>"
    assert "body" not in comment


def test_replies_stand_below_their_root_parents_first(ann: Page, bob: Page) -> None:
    first = ann.posted("first")
    second = ann.posted("second")
    reply = bob.posted("to first", first["id"])
    deeper = ann.posted("to that", reply["id"])
    shown = ann.comments()
    assert [one["id"] for one in shown] == [first["id"], reply["id"], deeper["id"], second["id"]]
    assert [one.get("parent") for one in shown] == [None, first["id"], reply["id"], None]
    assert [one.get("replies") for one in shown] == [2, None, None, 0]
    assert ann.read().json["thread"]["count"] == 4
    newest = ann.comments(sort="newest")
    assert [one["id"] for one in newest] == [second["id"], first["id"], reply["id"], deeper["id"]]


@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_paging_misses_nothing_and_repeats_nothing_even_at_one_time(ann: Page, sort: str) -> None:
    with clock.freeze(datetime(2026, 1, 1, tzinfo=UTC)):  # all of one moment: the row's number decides
        page = Page(ann.client).be_guest("Ann")
        made = [page.posted(str(number))["id"] for number in range(7)]
        seen, after = [], None
        while True:
            answer = page.read(sort=sort, limit=3, **({"after": after} if after else {})).json
            seen += [one["id"] for one in answer["comments"]]
            if not (after := answer["next"]):
                break
    assert seen == (made if sort == "oldest" else made[::-1])


def test_paging_is_steady_while_others_write_and_delete(ann: Page, bob: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(6)]
    first = ann.read(limit=3).json
    assert ann.delete(made[2]).status_code == 200  # the very comment the cursor names
    late = bob.posted("late")["id"]
    second = ann.read(limit=3, after=first["next"]).json
    third = ann.read(limit=3, after=second["next"]).json
    assert [one["id"] for one in second["comments"]] == made[3:]
    assert [one["id"] for one in third["comments"]] == [late]
    assert third["next"] is None


def test_further_replies_of_a_root(ann: Page) -> None:
    root = ann.posted("root")["id"]
    replies = [ann.posted(str(number), root)["id"] for number in range(25)]
    shown = ann.comments()
    assert [one["id"] for one in shown] == [root, *replies[:20]]
    assert shown[0]["replies"] == 25
    more = ann.read(root=root, after=shown[0]["more"], limit=3).json
    assert [one["id"] for one in more["comments"]] == replies[20:23]
    rest = ann.read(root=root, after=more["next"]).json
    assert [one["id"] for one in rest["comments"]] == replies[23:]
    assert rest["next"] is None


def test_a_root_whose_first_replies_are_gone_still_leads_to_the_others(ann: Page) -> None:
    root = ann.posted("root")["id"]
    replies = [ann.posted(str(number), root)["id"] for number in range(22)]
    for reply in replies[:20]:
        assert ann.delete(reply).status_code == 200
    [shown] = ann.comments()
    assert shown["replies"] == 2
    more = ann.read(root=root, after=shown["more"]).json["comments"]
    assert [one["id"] for one in more] == replies[20:]


def test_one_page_under_many_addresses(ann: Page) -> None:
    ann.posted()
    for address in ("https://BLOG.test:443/post?utm_source=x#top", "https://blog.test/a/../post"):
        assert len(ann.comments(url=address)) == 1
    assert ann.comments(url=f"{BLOG}/other") == []


def test_an_explicit_id_is_the_pages_whole_identity(ann: Page) -> None:
    ann.posted("by id", page={"url": f"{BLOG}/post", "id": "42", "title": " The\n title "})
    assert ann.comments() == []
    answer = ann.read(id="42", url=f"{BLOG}/moved").json
    assert [one["body"] for one in answer["comments"]] == [[["p", "by id"]]]
    assert answer["thread"]["title"] == "The title"


def test_without_site_the_pages_origin_names_it(app: Flask, ann: Page) -> None:
    ann.posted()
    answer = ann.client.get("/api/v1/threads", query_string={"url": ann.url})
    assert len(answer.json["comments"]) == 1
    add_site(app, "second")
    answer = ann.client.get("/api/v1/threads", query_string={"url": ann.url})
    assert (answer.status_code, code(answer)) == (400, "site.ambiguous")


REFUSED = [
    ({"site": "none"}, 404, "site.unknown"),
    ({"site": "", "url": "https://nobody.test/"}, 404, "site.unknown"),
    ({"site": "", "url": ""}, 422, "page.bad_url"),
    ({"url": "https://elsewhere.test/post"}, 403, "page.foreign"),
    ({"url": "http://blog.test/post"}, 403, "page.foreign"),
    ({"url": "https://blog.test:8443/post"}, 403, "page.foreign"),
    ({"url": "https://blog.test.evil.test/post"}, 403, "page.foreign"),
    ({"url": "https://blog.test@evil.test/post"}, 422, "page.bad_url"),
    ({"url": "//blog.test/post"}, 422, "page.bad_url"),
    ({"url": "javascript:alert(1)"}, 422, "page.bad_url"),
    ({"url": "data:text/html,x"}, 422, "page.bad_url"),
    ({"url": "https://blog.test/\x00"}, 422, "request.bad_field"),
    ({"url": "https://blog.test/" + "x" * 9000}, 422, "page.bad_url"),
    ({"sort": "best;drop"}, 422, "request.bad_field"),
    ({"limit": "0"}, 422, "request.bad_field"),
    ({"limit": "101"}, 422, "request.bad_field"),
    ({"limit": "-1"}, 422, "request.bad_field"),
    ({"limit": "٣"}, 422, "request.bad_field"),
    ({"limit": ["1", "2"]}, 422, "request.bad_field"),
    ({"body": "xml"}, 422, "request.bad_field"),
    ({"id": "x" * 501}, 422, "request.bad_field"),
]


@pytest.mark.parametrize(("params", "status", "expected"), REFUSED)
def test_refusals(app: Flask, page: Page, params: dict[str, str], status: int, expected: str) -> None:
    before = rows(app)
    answer = page.read(**params)
    assert (answer.status_code, code(answer)) == (status, expected)
    assert answer.headers["Cache-Control"] == "no-store"
    assert rows(app) == before


def test_a_cursor_of_nowhere(ann: Page) -> None:
    ann.posted()
    elsewhere = ann.posted("x", page={"url": f"{BLOG}/other"})["id"]
    for wrong in (elsewhere, "0" * 20, "x"):
        assert code(ann.read(after=wrong)) == "thread.bad_cursor"
        assert code(ann.read(root=wrong)) == "comment.not_found"


def test_order_is_by_time_even_for_comments_stored_later(app: Flask, ann: Page) -> None:
    now = clock.now()
    with clock.freeze(now):
        late = Page(ann.client).be_guest("Late").posted("late")["id"]
    with clock.freeze(now - timedelta(days=1)):
        early = Page(ann.client).be_guest("Early").posted("early")["id"]
    assert [one["id"] for one in ann.comments()] == [early, late]
