"""Pictures in comments: copied when they are written, where the site allows it, and shown from our own origin."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from tests.support.api import Page, add_site
from tests.support.pictures import PictureServer, picture_server, png
from widget import create_app, net
from widget.core import clock
from widget.extensions import db
from widget.models import Picture, PictureUse
from widget.services import housekeeping, pictures, transaction, undo

SERVER = "https://comments.test"
SHOWN = "/cat.png"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureServer]:
    with picture_server(tmp_path_factory.mktemp("pictures")) as running:
        yield running


@pytest.fixture
def place(server: PictureServer, monkeypatch: pytest.MonkeyPatch) -> PictureServer:
    server.answers.clear()
    server.seen.clear()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.authority))
    return server


@pytest.fixture
def app(database_url: str, place: PictureServer) -> Iterator[Flask]:
    settings = {"SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, "PRIVATE_HOSTS": place.private_hosts}
    app = create_app({"DATABASE_URL": database_url, **settings})
    add_site(app, images=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ann(app: Flask) -> Page:
    return Page(app.test_client()).be_guest("Ann")


def count(app: Flask, table: type[Picture | PictureUse] = Picture) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def swept(app: Flask) -> int:
    with app.app_context():
        housekeeping.sweep()
    return count(app)


def image(comment: dict[str, Any]) -> dict[str, str]:
    """The attributes of the comment's only node, a picture."""
    [[tag, [kind, attributes]]] = comment["body"]
    assert (tag, kind) == ("p", "img"), comment["body"]
    found: dict[str, str] = attributes
    return found


def test_a_picture_is_copied_and_shown_from_here_alone(app: Flask, ann: Page, place: PictureServer) -> None:
    address = place.put(SHOWN, png("red"))
    comment = ann.posted(f"![a cat]({address})")
    shown = image(comment)
    assert shown == {"src": shown["src"], "alt": "a cat", "width": "64", "height": "64"}
    assert "pictures.test" not in ann.read().text
    assert comment["raw"] == f"![a cat]({address})"
    html = ann.comments(body="html")[0]["html"]
    path = f"/pictures/{shown['src']}"
    assert html == f'<p><img src="{SERVER}{path}" alt="a cat" width="64" height="64" loading="lazy"></p>'
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    with Image.open(io.BytesIO(answer.data)) as made:
        assert (made.size, made.convert("RGB").getpixel((5, 5))[0] > 240) == ((64, 64), True)
    assert app.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert place.seen == [SHOWN]


@pytest.mark.parametrize("name", ["", "x", "0" * 39, "0" * 40, "0" * 41, "..%2fx", "%00", "A" * 40])
def test_there_is_nothing_else_under_pictures(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/pictures/{name}").status_code == 404


def test_words_that_look_like_our_html_stay_words(ann: Page) -> None:
    ann.posted('`<img src="picture:a">` src="picture:b"')
    html = ann.comments(body="html")[0]["html"]
    assert html == '<p><code>&lt;img src="picture:a"&gt;</code> src="picture:b"</p>'


def test_where_the_site_does_not_want_them_an_image_is_a_link(app: Flask, place: PictureServer) -> None:
    add_site(app, "plain", ("https://plain.test",))
    somebody = Page(app.test_client(), site="plain", origin="https://plain.test", url="https://plain.test/").be_guest()
    address = place.put(SHOWN, png("red"))
    assert somebody.posted(f"![a cat]({address})")["body"] == [["p", ["a", {"href": address}, "a cat"]]]
    assert (place.seen, count(app)) == ([], 0)


def test_four_at_most_and_each_once(app: Flask, ann: Page, place: PictureServer) -> None:
    addresses = [place.put(f"/{number}.png", png(f"#{number}00000")) for number in range(6)]
    body = ann.posted(" ".join(f"![]({address})" for address in [addresses[0], *addresses]))["body"]
    kinds = [node[0] for node in body[0][1:] if isinstance(node, list)]
    assert kinds == ["img"] * 5 + ["a"] * 2
    assert len(place.seen) == 4
    assert count(app) == 4


def test_equal_pictures_are_one(app: Flask, ann: Page, place: PictureServer) -> None:
    one, two = place.put("/1.png", png("red")), place.put("/2.png", png("red"))
    assert image(ann.posted(f"![]({one})")) == image(ann.posted(f"![]({two})"))
    assert (count(app), count(app, PictureUse)) == (1, 2)


def large(place: PictureServer) -> str:
    return place.put("/a", png("red") + b"\0" * pictures.MAX_BYTES)


def no_picture(place: PictureServer) -> str:
    return place.put("/a", b"<svg onload=alert(1)>")


def bomb(place: PictureServer) -> str:
    made = io.BytesIO()
    Image.new("1", (5_000, 5_000)).save(made, "PNG")
    return place.put("/a", made.getvalue())


def missing(place: PictureServer) -> str:
    return place.put("/a", png("red"), status=404)


def failing(place: PictureServer) -> str:
    return place.put("/a", png("red"), status=503)


def to_this_machine(place: PictureServer) -> str:
    return place.put("/a", b"", status=302, Location=f"https://localhost:{place.port}/inner")


def to_http(place: PictureServer) -> str:
    return place.put("/a", b"", status=302, Location="http://pictures.test/inner")


def this_machine(place: PictureServer) -> str:
    return f"https://localhost:{place.port}/inner"


def the_clouds_own(_place: PictureServer) -> str:
    return "https://169.254.169.254/latest/meta-data"


def plain_http(_place: PictureServer) -> str:
    return "http://pictures.test/inner"


WALLS: list[Callable[[PictureServer], str]] = [
    *(large, no_picture, bomb, missing, failing, to_this_machine, to_http, this_machine, the_clouds_own, plain_http)
]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.__name__)
def test_what_cannot_be_shown_stays_a_link(
    app: Flask, ann: Page, place: PictureServer, wall: Callable[[PictureServer], str]
) -> None:
    place.put("/inner", png("red"))
    address = wall(place)
    assert ann.posted(f"![a cat]({address})")["body"] == [["p", ["a", {"href": address}, "a cat"]]]
    assert "/inner" not in place.seen
    assert count(app) == 0


def test_without_the_doors_look_this_machine_would_answer(
    ann: Page, place: PictureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(net, "is_public", lambda _address: True)
    monkeypatch.setattr(net, "STRANGERS_PORTS", {place.port})
    place.put("/inner", png("red"))
    assert image(ann.posted(f"![]({this_machine(place)})"))
    assert place.seen == ["/inner"]


def test_all_of_them_together_have_a_time(ann: Page, place: PictureServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.5)
    gate = threading.Event()
    place.put("/quick.png", png("red"))

    def wait(_handler: BaseHTTPRequestHandler) -> None:
        gate.wait(20)

    slow = [f"https://pictures.test/slow{number}.png" for number in range(3)]
    place.answers |= {address.removeprefix("https://pictures.test"): wait for address in slow}
    start = monotonic()
    body = ann.posted(" ".join(f"![x]({address})" for address in ["https://pictures.test/quick.png", *slow]))["body"]
    taken = monotonic() - start
    gate.set()
    assert [node[0] for node in body[0][1:] if isinstance(node, list)] == ["img", "a", "a", "a"]
    assert place.seen == ["/quick.png", "/slow0.png"]
    assert taken < 3 * net.SECONDS  # what each of them alone would have been given


def test_nothing_is_fetched_for_what_is_refused(ann: Page, place: PictureServer) -> None:
    address = place.put(SHOWN, png("red"))
    assert ann.post(f"![]({address})" + "x" * 10_000).status_code == 422
    assert place.seen == []


def test_an_edit_fetches_what_is_new_alone(app: Flask, ann: Page, place: PictureServer) -> None:
    one, two = place.put("/1.png", png("red")), place.put("/2.png", png("blue"))
    comment = ann.posted(f"![]({one})")
    edited = ann.edit(comment["id"], f"![]({two}) ![]({one})").json["comment"]
    kinds = [node[0] for node in edited["body"][0][1:] if isinstance(node, list)]
    assert kinds == ["img", "img"]
    assert place.seen == ["/1.png", "/2.png"]
    assert ann.edit(comment["id"], "words").json["comment"]["body"] == [["p", "words"]]
    with clock.freeze(clock.now() + timedelta(days=2)):
        assert swept(app) == 2  # its earlier texts show them


def test_pictures_of_what_was_deleted_are_deleted(app: Flask, ann: Page, place: PictureServer) -> None:
    one, two = place.put("/1.png", png("red")), place.put("/2.png", png("blue"))
    kept, gone = ann.posted(f"![]({one})"), ann.posted(f"![]({one}) ![]({two})")
    assert ann.delete(gone["id"]).status_code == 200
    assert swept(app) == 2
    with app.app_context():
        later = clock.now() + undo.window() + pictures.ORPHANS_LIVE
    with clock.freeze(later):
        assert swept(app) == 1
    assert app.test_client().get(f"/pictures/{image(kept)['src']}").status_code == 200


def test_a_young_picture_is_left_until_its_comment_is_there(app: Flask, ann: Page, place: PictureServer) -> None:
    place.put(SHOWN, png("red"))
    with app.app_context():
        found = pictures.fetch([f"https://pictures.test{SHOWN}"])
        transaction.write(lambda session: pictures._store(session, next(iter(found.values())).new))  # type: ignore[arg-type]
    assert swept(app) == 1
    with clock.freeze(clock.now() + timedelta(days=2)):
        ann.be_guest("Bob")
        ann.posted(f"![](https://pictures.test{SHOWN})")
        assert swept(app) == 1


def test_who_comes_second_with_a_picture_finds_it(app: Flask, place: PictureServer) -> None:
    place.put(SHOWN, png("red"))
    with app.app_context():
        [found] = pictures.fetch([f"https://pictures.test{SHOWN}"]).values()
        assert found.new is not None
        new = found.new
        rows = transaction.write(lambda session: [pictures._store(session, new) for _ in range(2)])
        assert rows[0] == rows[1] is not None
    assert count(app) == 1
