"""/t/: a guest writes without JavaScript."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import valid_html as html
from tests.support.api import BLOG, Page
from tests.support.rows import change, hold, rows
from tests.support.sheets import PAGE, SERVER, Sheets, action, canonical, hidden, link, shown
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, User
from widget.services import threads
from widget.web import guards


def test_a_guest_posts_without_javascript(app: Flask, sheets: Sheets) -> None:
    empty = sheets.of(title="A post", lang="en")
    sent = sheets.send(
        empty, text="From *paper*\r\nsecond line", name=" Zoë ", website="zoe.test", email="zoe@zoe.test"
    )
    assert sent.status_code == 303, sent.text
    found = re.fullmatch(
        rf"{SERVER}/t/\w{{20}}\?at=(\w{{20}})&note=posted&lang=en#comment-\1", sent.headers["Location"]
    )
    assert found, sent.headers["Location"]
    sheet = sheets.get(sent.headers["Location"].partition("#")[0])
    assert "Your comment is published." in sheet.text
    assert '<meta name="robots" content="noindex">' in sheet.text
    assert "From <em>paper</em><br>second line" in sheet.text
    assert "<title>Comments on «A post»</title>" in sheet.text
    assert "zoe@zoe.test" not in sheet.text
    assert "https://zoe.test" in sheet.text
    assert shown(sheets.of()) == [found[1]]


def test_an_answer_without_javascript(ann: Page, sheets: Sheets) -> None:
    ann.posted("Another one")
    first = ann.posted("First")
    form = sheets.get(link(sheets.of(lang="en"), "Reply to Ann").partition("#")[0])
    sheet = sheets.get(f"{canonical(sheets.of())}?reply={first['id']}&lang=en")
    assert hidden(form).keys() == hidden(sheet).keys() == {"form", "parent"}
    assert "Reply to <bdi>Ann</bdi>" in sheet.text
    assert "noindex" in sheet.text
    assert "Cancel reply" in sheet.text
    sent = sheets.send(sheet, name="Bob", text="Below")
    assert sent.status_code == 303
    (second,) = [one for one in ann.comments() if one.get("parent")]
    assert second["parent"] == first["id"]
    assert second["author"]["name"] == "Bob"


def test_the_field_that_people_do_not_see_stays_empty(app: Flask, sheets: Sheets) -> None:
    empty = sheets.of(lang="en")
    assert re.search(r'<p class="again" aria-hidden="true">\s*<label for="again">Leave this empty</label>', empty.text)
    assert re.search(r'<input id="again" name="again" tabindex="-1" autocomplete="off">', empty.text)
    assert "note=posted" in sheets.send(empty, text="By hand", again="").headers["Location"]
    assert "note=pending" in sheets.send(empty, text="By a program", again="https://x.test").headers["Location"]
    with app.app_context():
        kept = db.session.execute(select(Comment.raw, Comment.state).order_by(Comment.id)).all()
        assert [tuple(row) for row in kept] == [("By hand", "published"), ("By a program", "spam")]


def test_links_wait_here_too(app: Flask, sheets: Sheets) -> None:
    change(app, guest_links=0, forms=True)
    sent = sheets.send(sheets.of(), text="See https://elsewhere.test/")
    assert "note=pending" in sent.headers["Location"]
    assert "note=posted" in sheets.send(sheets.of(), text="No link").headers["Location"]


def test_sent_twice_it_is_one_comment_and_one_guest(app: Flask, sheets: Sheets) -> None:
    empty = sheets.of()
    one, two = (sheets.send(empty, text="Once") for _ in range(2))
    assert one.headers["Location"] == two.headers["Location"]
    other = sheets.send(empty, text="Once more")
    assert other.status_code == 303
    assert other.headers["Location"] != one.headers["Location"]
    later = sheets.send(sheets.of(), text="Once")
    assert later.headers["Location"] != one.headers["Location"]
    assert (rows(app)["comment"], rows(app)["user"]) == (3, 3)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"text": " "}, "text", "Please write something first."),
        ({"text": "x" * 10_001}, "text", "10000 characters are the most"),
        ({"name": "\u200b"}, "name", "Please fill in your name."),
        ({"email": "no address"}, "email", "This does not look like an e-mail address."),
        ({"website": "no site"}, "website", "This does not look like a web address."),
    ],
)
def test_what_is_wrong_stands_beside_and_everything_typed_stays(
    app: Flask, sheets: Sheets, given: dict[str, str], field: str, words: str
) -> None:
    typed = {
        "name": 'Ann «&» "Lee"',
        "email": "ann@ann.test",
        "website": "https://ann.test",
        "text": "\nSaid <i>so</i>",
        **given,
    }
    before = rows(app)
    answer = sheets.send(sheets.of(lang="en"), **typed)
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Your comment could not be taken" in answer.text
    place = re.search(rf'id="{field}"[^>]*aria-invalid="true" aria-describedby="wrong-{field}" autofocus', answer.text)
    assert place
    said = re.search(rf'<span class="wrong" id="wrong-{field}">([^<]+)</span>', answer.text)
    assert said
    assert words in said[1]
    assert fields(answer.text) == typed
    assert rows(app) == before
    assert html.complaints(answer.text) == [[]]
    fine = "a@b.test" if field == "email" else "https://fine.test"
    assert sheets.send(answer, **{**typed, field: fine}).status_code == 303


def fields(text: str) -> dict[str, str]:
    """What stands in the form, as a browser reads it."""
    from html import unescape

    found = {name: unescape(value) for name, value in re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', text)}
    area = re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", text, re.DOTALL)
    assert area
    return {**found, "text": unescape(area[1])}


def test_the_sites_policy_for_mail_addresses(app: Flask, sheets: Sheets) -> None:
    change(app, guest_email="required")
    sheet = sheets.of(lang="en")
    assert re.search(r'id="email"[^>]* required', sheet.text)
    answer = sheets.send(sheet)
    assert answer.status_code == 422
    assert "Please fill in your e-mail address. It is never shown." in answer.text
    change(app, guest_email="off")
    sheet = sheets.of(lang="en")
    assert 'id="email"' not in sheet.text
    assert sheets.send(sheet, email="ann@ann.test").status_code == 303
    with app.app_context():
        assert list(db.session.scalars(select(User.email))) == [None]


def test_where_guests_may_not_write(app: Flask, sheets: Sheets) -> None:
    sheet = sheets.of(lang="en")
    change(app, guests=False)
    closed = sheets.of(lang="en")
    assert "<form" not in closed.text
    assert f'<a href="{PAGE}">To comment with an account, go to the page itself.</a>' in closed.text
    answer = sheets.send(sheet, text="I had begun")
    assert answer.status_code == 403
    assert "Here only people with an account can comment." in answer.text
    assert "I had begun</textarea>" in answer.text
    assert rows(app)["user"] == 0


def test_a_closed_conversation(app: Flask, ann: Page, sheets: Sheets) -> None:
    ann.posted("First")
    sheet = sheets.of(lang="en")
    hold(app, open=False)
    assert "Comments are closed." in sheets.of(lang="en").text
    before = rows(app)
    answer = sheets.send(sheet, text="Too late")
    assert answer.status_code == 403
    assert "Comments are closed." in answer.text
    assert "Too late</textarea>" in answer.text
    assert rows(app) == before


def test_an_answer_to_what_is_not_there_any_more(app: Flask, ann: Page, sheets: Sheets) -> None:
    first = ann.posted("First")
    sheet = sheets.get(f"{canonical(sheets.of())}?reply={first['id']}&lang=en")
    ann.delete(first["id"])
    before = rows(app)
    answer = sheets.send(sheet, name="Bob", text="Below")
    assert answer.status_code == 422
    assert "The comment you are answering is not there any more." in answer.text
    assert rows(app) == before
    assert "parent" not in hidden(answer)
    assert sheets.send(answer, name="Bob", text="Below").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": BLOG},
        {"Origin": "null"},
        {"Origin": f"{SERVER}.evil.test"},
        {"Origin": f"{SERVER}:444"},
        {"Origin": "http://comments.test"},
        {"Origin": ""},
        {},
        {"Referer": f"{SERVER}.evil.test/"},
        {"Referer": SERVER},
        {"Referer": f"{BLOG}/?{SERVER}/"},
        {"Origin": "null", "Referer": f"{SERVER}/t/"},
        {"Origin": SERVER, "Sec-Fetch-Site": "cross-site"},
        {"Origin": SERVER, "Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_no_other_page_posts_in_a_visitors_name(app: Flask, sheets: Sheets, headers: dict[str, str]) -> None:
    sheet, before = sheets.of(lang="en"), rows(app)
    for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        answer = sheets.client.post(
            action(sheet).removeprefix(SERVER),
            data={**hidden(sheet), "name": "Ann", "text": "Forged <b>"},
            headers=headers,
            content_type=kind,
        )
        assert answer.status_code == 403
        assert "This form did not come from this page" in answer.text
        assert "Forged &lt;b&gt;</textarea>" in answer.text, "what somebody typed is not lost"
    assert rows(app) == before


def test_what_refuses_a_form_and_an_unknown_thread(app: Flask) -> None:
    with app.test_request_context("/t/x", method="POST", headers={"Origin": BLOG}):
        with pytest.raises(Problem) as forged:
            guards.require_own_page()
        with pytest.raises(Problem) as unknown:
            threads.by_public_id("x")
    assert (forged.value.code, unknown.value.code) == ("thread.forged", "thread.not_found")


@pytest.mark.parametrize("headers", [{"Origin": SERVER}, {"Referer": f"{SERVER}/t/?site=blog"}], ids=str)
def test_our_own_page_does(sheets: Sheets, headers: dict[str, str]) -> None:
    sheet = sheets.of()
    path = action(sheet).removeprefix(SERVER)
    assert sheets.client.post(path, data={"name": "Ann", "text": "Own"}, headers=headers).status_code == 303


def test_forms_of_all_sizes_and_shapes(app: Flask, sheets: Sheets) -> None:
    sheet = sheets.of(lang="en")
    path, headers = action(sheet).removeprefix(SERVER), {"Origin": SERVER}
    long = sheets.send(sheet, text="語" * 10_000)
    assert long.status_code == 303
    before = rows(app)
    much = sheets.send(sheet, text="é" * 100_000)
    assert much.status_code == 422
    assert "é" * 100_000 in much.text
    huge = sheets.send(sheet, text="x" * 300_000)
    assert huge.status_code == 413
    assert "This is too long to be sent." in huge.text
    for body, kind in (
        (b"\xff\xfe", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"text=%00", None),
        (b"", "x"),
    ):
        answer = sheets.client.post(path, data=body, content_type=kind, headers=headers)
        assert 400 <= answer.status_code < 500
        assert answer.mimetype == "text/html"
    assert sheets.send(sheet, name="a\x00b").status_code == 422
    assert sheets.send(sheet, parent="x" * 5_000).status_code == 422
    assert rows(app) == before


def test_pending_comments_are_their_authors_alone(app: Flask, ann: Page, sheets: Sheets) -> None:
    first = ann.posted("Seen by nobody yet")
    hold(app, public_id=first["id"], state="pending", visible=False)
    sheet = sheets.of(lang="en")
    assert "Seen by nobody yet" not in sheet.text
    address = canonical(sheet)
    noted = sheets.get(f"{address}?note=pending&lang=en")
    assert "Your comment is awaiting moderation." in noted.text
    assert "noindex" in noted.text
    assert sheets.get(f"{address}?note=%3Cb%3Eanything").text.count("<b>") == 0
    answer = sheets.send(sheets.get(f"{address}?lang=en"), parent=first["id"])
    assert answer.status_code == 422


def test_names_of_moderators_are_not_for_guests_here_either(app: Flask, sheets: Sheets) -> None:
    change(app, reserved_names=["Elio"])
    answer = sheets.send(sheets.of(lang="en"), name="ELIO")
    assert answer.status_code == 422
    assert 'id="wrong-name"' in answer.text
