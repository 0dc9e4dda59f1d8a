"""/t/: a conversation as a page of its own, read without JavaScript."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support import valid_html as html
from tests.support.api import BLOG, Page
from tests.support.rows import hold, row_id, rows
from tests.support.sheets import PAGE, SERVER, Sheets, canonical, data, link, shown
from widget.core import clock


def test_a_page_without_a_thread_is_shown_and_makes_no_row(app: Flask, sheets: Sheets) -> None:
    before = rows(app)
    answer = sheets.of(title="A post", lang="en")
    assert answer.status_code == 200
    assert "<title>Comments on «A post»</title>" in answer.text
    assert "No responses yet." in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert f'href="{PAGE}"' in answer.text
    assert rows(app) == before
    assert html.complaints(answer.text) == [[]]


def test_a_page_with_a_thread_has_one_address(ann: Page, sheets: Sheets) -> None:
    ann.posted("First")
    answer = sheets.client.get("/t/", query_string={"site": "blog", "url": f"{PAGE}?utm_source=x", "lang": "it"})
    assert answer.status_code == 302
    found = re.fullmatch(rf"{SERVER}/t/(\w{{20}})\?lang=it", answer.headers["Location"])
    assert found
    sheet = sheets.get(answer.headers["Location"])
    assert canonical(sheet) == f"{SERVER}/t/{found[1]}"
    assert '<html lang="it">' in sheet.text
    assert "1 risposta" in sheet.text
    assert "noindex" not in sheet.text
    assert "robots" not in sheet.headers.get("X-Robots-Tag", "")


def test_the_site_is_found_by_the_address_and_foreign_pages_are_none(page: Page, sheets: Sheets) -> None:
    assert page.client.get("/t/", query_string={"url": PAGE}).status_code == 200
    for query in ({"site": "blog", "url": "https://evil.test/"}, {"site": "blog", "url": "javascript:alert(1)"}):
        answer = page.client.get("/t/", query_string=query)
        assert answer.status_code in {403, 422}
        assert "There is no such conversation" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/t/?site=none&url=x", "/t/", "/t/zzzzzzzzzzzzzzzzzzzz", "/t/%00", "/t/x?after=y", "/t/?url=%01"):
        assert 400 <= page.client.get(path).status_code < 500
    assert page.client.get("/t/zzzzzzzzzzzzzzzzzzzz?lang=ar").text.startswith(
        '<!doctype html>\n<html lang="ar" dir="rtl">'
    )


def test_the_same_bytes_for_everybody_and_304(ann: Page, sheets: Sheets) -> None:
    ann.posted("First")
    sheet = sheets.of(lang="en")
    address = canonical(sheet)
    tag = sheet.headers["ETag"]
    assert "Set-Cookie" not in sheet.headers
    assert sheet.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert sheet.headers["Vary"] == "Accept-Encoding, Accept-Language"
    assert sheets.get(f"{address}?lang=en", Cookie="a=b", Authorization="Bearer x").data == sheet.data
    again = sheets.get(f"{address}?lang=en", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" not in again.headers
    assert sheets.get(f"{address}?lang=it").headers["ETag"] != tag
    ann.posted("Second")
    assert sheets.get(f"{address}?lang=en", **{"If-None-Match": tag}).status_code == 200


def test_headers(ann: Page, sheets: Sheets) -> None:
    ann.posted("First")
    for answer in (sheets.of(), sheets.of(f"{BLOG}/empty"), sheets.get(f"{SERVER}/t/none")):
        policy = {part.split()[0]: part.split()[1:] for part in answer.headers["Content-Security-Policy"].split("; ")}
        style = policy.pop("style-src")
        assert len(style) == 1
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", style[0])
        own = {"img-src": ["'self'"], "form-action": ["'self'"]}
        none = {name: ["'none'"] for name in ("default-src", "base-uri", "frame-ancestors")}
        assert policy == own | none
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_lists_in_lists_with_badges_marks_and_tombstones(app: Flask, ann: Page, sheets: Sheets) -> None:
    bob = Page(ann.client).be_guest("Bob")
    first = ann.posted("A **first** one")
    hold(app, public_id=first["id"], created_at=datetime(2011, 4, 2, 20, 0, tzinfo=UTC))
    reply = bob.posted("An answer", parent=first["id"])
    gone = bob.posted("Not for long", parent=reply["id"])
    below = ann.posted("What is below it", parent=gone["id"])
    second = bob.posted("Pinned one")
    bob.delete(gone["id"])
    hold(app, pinned_id=row_id(app, second["id"]))
    sheet = sheets.of(lang="en")
    assert shown(sheet) == [second["id"], first["id"], reply["id"], gone["id"], below["id"]]
    text = re.sub(r"\s+", " ", sheet.text)
    assert "<strong>first</strong>" in text
    assert "Not for long" not in text
    assert "This comment was deleted." in text
    assert text.count("Pinned</span>") == 1
    assert '<time datetime="2011-04-02T20:00:00Z">2 April 2011' in text
    assert '<a href="https://ann.test/" rel="nofollow ugc noopener"><bdi>Ann</bdi></a>' in text
    assert "4 responses" in text
    assert html.complaints(sheet.text) == [[]]


def test_what_search_engines_read(ann: Page, sheets: Sheets) -> None:
    first = ann.post("One & *two*\n\n> three", page={"url": PAGE, "title": "A </script> post"}).json["comment"]
    bob = Page(ann.client).be_guest("Bob")
    gone = bob.posted("An answer", parent=first["id"])
    below = ann.posted("Below", parent=gone["id"])
    bob.delete(gone["id"])
    sheet = sheets.of(lang="en")
    address = canonical(sheet)
    counter = {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/CommentAction",
        "userInteractionCount": 2,
    }
    found = data(sheet)
    begun = found.pop("datePublished")
    author = {"@type": "Person", "name": "Ann", "url": "https://ann.test/"}

    def of(one: dict[str, Any], **more: Any) -> dict[str, Any]:
        url = f"{address}?at={one['id']}#comment-{one['id']}"
        return {"@type": "Comment", "url": url, "datePublished": one["time"], **more}

    assert datetime.fromisoformat(begun).tzinfo
    last = of(below, author=author, text="Below")
    middle = of(gone, creativeWorkStatus="Deleted", comment=[last])
    assert found == {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "url": address,
        "mainEntityOfPage": address,
        "headline": "A </script> post",
        "text": "A </script> post",
        "author": {"@type": "Organization", "name": "The blog", "url": BLOG},
        "sharedContent": {"@type": "WebPage", "url": PAGE, "headline": "A </script> post"},
        "commentCount": 2,
        "interactionStatistic": counter,
        "comment": [of(first, author=author, text="One & two\nthree", comment=[middle])],
    }
    assert sheet.text.count("</script>") == 1


def test_pages_of_roots_and_of_replies_miss_nothing_and_show_nothing_twice(ann: Page, sheets: Sheets) -> None:
    start = clock.now()
    posted = []
    for number in range(65):
        with clock.freeze(start + timedelta(seconds=number)):
            posted.append(ann.posted(f"root {number}")["id"])
    replies = [ann.posted(f"reply {number}", parent=posted[0])["id"] for number in range(25)]
    sheet = sheets.of(lang="en")
    address, seen = canonical(sheet), []
    more = link(sheet, "More replies")
    while True:
        seen += shown(sheet)
        following = re.search(r'<link rel="next" href="([^"]+)">', sheet.text)
        if not following:
            break
        sheet = sheets.get(following[1].replace("&amp;", "&"))
        assert canonical(sheet).startswith(f"{address}?after=")
        assert "Back to all comments" in sheet.text
    assert [one for one in seen if one not in replies] == posted
    assert [one for one in seen if one in replies] == replies[:20]
    rest = sheets.get(more)
    assert shown(rest) == replies[20:]
    assert f"root={posted[0]}" in canonical(rest)
    assert rest.text.count("In reply to <bdi>Ann</bdi>") == 5
    assert html.complaints(rest.text) == [[]]


def test_one_conversation_around_a_comment(ann: Page, sheets: Sheets) -> None:
    ann.posted("Another one")
    first = ann.posted("First")
    reply = ann.posted("Reply", parent=first["id"])
    address = canonical(sheets.of())
    sheet = sheets.get(f"{address}?at={reply['id']}&lang=en")
    assert shown(sheet) == [first["id"], reply["id"]]
    assert "You are reading one conversation of this page." in sheet.text
    assert canonical(sheet) == address
    assert sheets.get(f"{address}?at=zzzzzzzzzzzzzzzzzzzz").status_code == 404


def test_deep_conversations_become_flat_and_say_who_is_answered(ann: Page, sheets: Sheets) -> None:
    last = ann.posted("0")
    for number in range(1, 14):
        last = ann.posted(str(number), parent=last["id"])
    sheet = sheets.of(lang="en")
    assert len(shown(sheet)) == 14
    depth = most = 0
    for tag in re.findall(r"</?ol\b", sheet.text):
        depth += -1 if "/" in tag else 1
        most = max(most, depth)
    assert most == 8
    assert sheet.text.count("In reply to <bdi>Ann</bdi>") == 6


def _orders(sheet: TestResponse) -> dict[str, str]:
    """Where the links to the other orders lead, by their words."""
    (nav,) = re.findall(r'<nav class="sorts" aria-label="Sort by">.*?</nav>', sheet.text)
    return {words: link(sheet, words) for words in re.findall(r">([A-Z][a-z ]+)</a>", nav)}


def test_other_orders(app: Flask, ann: Page, sheets: Sheets) -> None:
    start, made = clock.now(), []
    for number in range(35):
        with clock.freeze(start + timedelta(seconds=number)):
            made.append(ann.posted(f"root {number}")["id"])
    reply = ann.posted("A reply", parent=made[7])["id"]
    bob = Page(ann.client).be_person("Bob")
    bob.react(made[9])
    sheet = sheets.of(lang="en")
    orders = _orders(sheet)
    assert list(orders) == ["Oldest first", "Newest first", "Best first", "Most replied"]
    assert orders["Oldest first"] == f"{canonical(sheet)}?lang=en"
    assert 'aria-current="true">Oldest first<' in sheet.text
    newest, best, replied = (sheets.get(orders[name]) for name in list(orders)[1:])
    assert shown(newest)[:2] == made[:-3:-1]
    assert shown(best)[0] == made[9]
    assert shown(replied)[:2] == [made[7], reply]
    for other in (newest, best, replied):
        # One page of the conversation is found, whatever the order; what follows goes on in it.
        assert canonical(other) == canonical(sheet)
        assert data(other)["url"] == canonical(sheet)
        urls = [one["url"] for one in data(other)["comment"]]
        assert [url.partition("?at=")[2].partition("#")[0] for url in urls] == [
            one for one in shown(other) if one != reply
        ]
        assert html.complaints(other.text) == [[]]
        rest = sheets.get(link(other, "More comments"))
        assert sorted(set(shown(other) + shown(rest)) - {reply}) == sorted(made)
        assert 'aria-current="true">Oldest first<' not in rest.text
    assert "sort=" not in re.findall(r'<article.*?href="([^"]+#comment-\w+)"', newest.text, re.DOTALL)[0]


def test_an_order_is_asked_for_by_address_and_one_that_is_none_is_refused(ann: Page, sheets: Sheets) -> None:
    first, second = ann.posted("First")["id"], ann.posted("Second")["id"]
    asked = {"site": "blog", "url": PAGE, "lang": "en", "sort": "newest"}
    found = sheets.client.get("/t/", query_string=asked)
    assert found.headers["Location"].endswith("?sort=newest&lang=en")
    assert shown(sheets.get(found.headers["Location"])) == [second, first]
    assert sheets.client.get("/t/", query_string={**asked, "sort": "sideways"}).status_code == 422
    one = sheets.of(f"{BLOG}/alone")
    assert "sorts" not in one.text.partition("</style>")[2]


def test_it_is_compressed_for_who_takes_that(ann: Page, sheets: Sheets) -> None:
    for number in range(5):
        ann.posted(f"Words {number}, and more of them. " * 9)
    address = f"{canonical(sheets.of())}?lang=en"
    plain = sheets.get(address)
    zipped = sheets.get(address, **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(plain.data) / 2
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]
    tag = {"If-None-Match": plain.headers["ETag"], "Accept-Encoding": "gzip"}
    assert (sheets.get(address, **tag).status_code, sheets.get(address, **tag).data) == (304, b"")
    # What somebody typed comes back as it is, beside nothing that others could guess at by its length.
    again = sheets.send(plain, name="", text="Mine")
    assert (again.status_code, "Content-Encoding" in again.headers) == (422, False)
