"""People's pictures from the provider to the reader: copied behind the sign-in's back, served from our own origin."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from tests.support.api import Page as Reader
from tests.support.api import put_site
from tests.support.oidc import DemoId, demo_id
from tests.support.pictures import PictureServer, picture_server, png
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data
from tests.support.waiting import until
from widget import create_app, net
from widget.core import clock
from widget.extensions import db
from widget.models import Avatar, Identity
from widget.services import avatars, downloads, housekeeping, threads, transaction


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    with demo_id() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureServer]:
    with picture_server(tmp_path_factory.mktemp("pictures")) as running:
        yield running


@pytest.fixture
def provider(server: PictureServer, monkeypatch: pytest.MonkeyPatch) -> PictureServer:
    server.answers.clear()
    server.seen.clear()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.authority))
    return server


@pytest.fixture
def app(database_url: str, demo: DemoId, provider: PictureServer) -> Iterator[Flask]:
    # Some tests change rows behind the versions' back, which ready answers go by.
    settings = {"AVATARS": True, "PRIVATE_HOSTS": provider.private_hosts, "READY_MB": 0}
    app = create_app(
        {"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **demo.settings, **settings}
    )
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def sign_in(app: Flask, demo: DemoId, **claims: Any) -> Reader:
    """Ada signs in; her provider says `claims` of her."""
    demo.put("ada", {"name": "Ada Moretti", **{name: value for name, value in claims.items() if value is not None}})
    visitor, page = Visitor(app), Page()
    done = visitor.get(demo.sign_in(visitor.begin(page), "ada"))
    assert done.status_code == 200, done.text
    opened = visitor.redeem(page, data(done)["code"])
    assert opened.status_code == 201, opened.text
    return Reader(app.test_client(), token=opened.json["token"])


def copied(app: Flask) -> Identity:
    """Ada's identity."""
    with app.app_context():
        return db.session.scalars(select(Identity)).one()


def shown(reader: Reader) -> str:
    """The address of Ada's picture beside her comment, once there is one."""
    return cast("str", until(lambda: reader.comments()[0]["author"].get("avatar"), what="the picture"))


def settled(app: Flask, provider: PictureServer, path: str) -> None:
    """Wait until `path` was asked for and what came of it is written."""
    until(lambda: path in provider.seen, what=path)
    studio = app.extensions["widget.avatars"]
    until(lambda: studio.idle(), what="the copying")


def colour(app: Flask, address: str) -> tuple[int, ...]:
    answer = app.test_client().get(address.removeprefix(SERVER))
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.data)) as image:
        return cast("tuple[int, ...]", image.convert("RGB").getpixel((40, 40)))


def test_a_picture_is_copied_and_shown_from_here_alone(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    comment = ada.posted("Hello")
    address = shown(ada)
    assert address == f"{SERVER}/avatars/{copied(app).picture}"
    assert "pictures.test" not in ada.read().text + str(comment)
    assert "pictures.test" not in ada.read(body="html").text
    who = ada.client.get("/api/v1/session", headers=ada.headers())
    assert who.json["user"]["avatar"] == address
    for path, size in ((address, 96), (f"{address}-2x", 192)):
        answer = app.test_client().get(path.removeprefix(SERVER))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        with Image.open(io.BytesIO(answer.data)) as image:
            assert image.size == (size, size)
        again = app.test_client().get(path.removeprefix(SERVER), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert provider.seen == ["/ada.png"]


@pytest.mark.parametrize("name", ["", "x", "0" * 39, "0" * 40, "0" * 40 + "-3x", "..%2fx", "%00", "A" * 40])
def test_there_is_nothing_else_under_avatars(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/avatars/{name}").status_code == 404


def test_a_sign_in_does_not_wait_for_the_picture(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    gate = threading.Event()
    send = provider.put("/slow.png", png("red")) and provider.answers["/slow.png"]

    def wait(handler: BaseHTTPRequestHandler) -> None:
        gate.wait(10)
        send(handler)

    provider.answers["/slow.png"] = wait
    ada = sign_in(app, demo, picture="https://pictures.test/slow.png")
    until(lambda: provider.seen == ["/slow.png"], what="the request for the picture")
    assert "avatar" not in ada.posted("Hello")["author"]
    assert "avatar" not in ada.comments()[0]["author"]
    gate.set()
    assert shown(ada)


# -- what readers see moves the ETag


def tags(reader: Reader) -> tuple[str, bytes]:
    answer = reader.read()
    return answer.headers["ETag"], answer.data


def change_picture(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    sign_in(app, demo, picture=provider.put("/other.png", png("blue")))
    settled(app, provider, "/other.png")


def change_behind_the_address(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    url = provider.put("/ada.png", png("blue"))
    provider.seen.clear()
    with clock.freeze(clock.now() + avatars.FRESH):
        sign_in(app, demo, picture=url)
        settled(app, provider, "/ada.png")


def lose_picture(app: Flask, demo: DemoId, _provider: PictureServer) -> None:
    sign_in(app, demo)


def break_picture(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    sign_in(app, demo, picture=provider.put("/broken.png", b"<svg/>"))
    settled(app, provider, "/broken.png")


def change_name(app: Flask, demo: DemoId, _provider: PictureServer) -> None:
    sign_in(app, demo, picture="https://pictures.test/ada.png", name="Ada Lovelace")


def change_profile(app: Flask, demo: DemoId, _provider: PictureServer) -> None:
    sign_in(app, demo, picture="https://pictures.test/ada.png", profile="https://ada.example/")


CHANGES: list[Callable[[Flask, DemoId, PictureServer], None]] = [
    change_picture,
    change_behind_the_address,
    lose_picture,
    break_picture,
    change_name,
    change_profile,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_etag_never_stays_over_changed_bytes(
    app: Flask, demo: DemoId, provider: PictureServer, change: Callable[[Flask, DemoId, PictureServer], None]
) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    ada.posted("Hello")
    shown(ada)
    tag, body = tags(ada)
    change(app, demo, provider)
    new_tag, new_body = tags(ada)
    assert new_body != body
    assert new_tag != tag
    assert ada.read(headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_without_the_bump_a_reader_would_keep_the_old(
    app: Flask,
    demo: DemoId,
    provider: PictureServer,
    change: Callable[[Flask, DemoId, PictureServer], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    ada.posted("Hello")
    shown(ada)
    tag, body = tags(ada)
    monkeypatch.setattr(threads, "bump_of_person", lambda _session, _user: None)
    change(app, demo, provider)
    assert tags(ada)[0] == tag
    assert tags(ada)[1] != body
    assert ada.read(headers={"If-None-Match": tag}).status_code == 304


def test_signing_in_again_unchanged_moves_nothing_and_asks_nobody(
    app: Flask, demo: DemoId, provider: PictureServer
) -> None:
    url = provider.put("/ada.png", png("red"))
    ada = sign_in(app, demo, picture=url)
    ada.posted("Hello")
    shown(ada)
    before = tags(ada)
    sign_in(app, demo, picture=url)
    assert tags(ada) == before
    assert provider.seen == ["/ada.png"]


def test_switched_off_nothing_is_fetched_or_shown(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    ada.posted("Hello")
    shown(ada)
    tag = tags(ada)[0]
    app.config["AVATARS"] = False
    assert "avatar" not in ada.comments()[0]["author"]
    assert tags(ada)[0] != tag
    sign_in(app, demo, picture=provider.put("/new.png", png("blue")))
    assert provider.seen == ["/ada.png"]


# -- what a provider's address may lead to


def redirect(provider: PictureServer, path: str, to: str) -> str:
    return provider.put(path, b"", status=302, Location=to)


def test_redirects_are_followed_three_times_also_to_other_hosts(
    app: Flask, demo: DemoId, provider: PictureServer
) -> None:
    provider.put("/d", png("red"))
    redirect(provider, "/c", "/d")
    redirect(provider, "/b", "https://cdn.test/c")
    ada = sign_in(app, demo, picture=redirect(provider, "/a", "https://pictures.test/b"))
    ada.posted("Hello")
    assert colour(app, shown(ada))[0] > 240
    assert provider.seen == ["/a", "/b", "/c", "/d"]


def loop(provider: PictureServer) -> str:
    return redirect(provider, "/a", "/a")


def one_too_many(provider: PictureServer) -> str:
    provider.put("/e", png("red"))
    for here, there in zip("bcd", "cde", strict=True):
        redirect(provider, f"/{here}", f"/{there}")
    return redirect(provider, "/a", "/b")


def to_http(provider: PictureServer) -> str:
    return redirect(provider, "/a", f"http://127.0.0.1:{provider.port}/d")


def to_a_file(provider: PictureServer) -> str:
    return redirect(provider, "/a", "file:///etc/passwd")


def to_this_machine(provider: PictureServer) -> str:
    return redirect(provider, "/a", f"https://127.0.0.1:{provider.port}/inner")


def to_a_private_name(provider: PictureServer) -> str:
    return redirect(provider, "/a", f"https://localhost:{provider.port}/inner")


def to_the_clouds_own(provider: PictureServer) -> str:
    return redirect(provider, "/a", "https://169.254.169.254/latest/meta-data")


def large(provider: PictureServer) -> str:
    return provider.put("/a", png("red") + b"\0" * net.MAX_BYTES)


def failing(provider: PictureServer) -> str:
    return provider.put("/a", png("red"), status=503)


WALLS = [
    loop,
    one_too_many,
    to_http,
    to_a_file,
    to_this_machine,
    to_a_private_name,
    to_the_clouds_own,
    large,
    failing,
]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.__name__)
def test_nothing_comes_through_the_door(
    app: Flask, demo: DemoId, provider: PictureServer, wall: Callable[[PictureServer], str]
) -> None:
    provider.put("/inner", png("red"))
    provider.put("/d", png("red"))
    ada = sign_in(app, demo, picture=wall(provider))
    ada.posted("Hello")
    settled(app, provider, "/a")
    assert "avatar" not in ada.comments()[0]["author"]
    assert "/inner" not in provider.seen
    assert copied(app).picture is None
    assert len(provider.seen) <= 1 + downloads.HOPS


def test_without_the_doors_look_this_machine_would_answer(
    app: Flask, demo: DemoId, provider: PictureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(net, "is_public", lambda _address: True)
    monkeypatch.setattr(net, "STRANGERS_PORTS", {provider.port})
    provider.put("/inner", png("red"))
    ada = sign_in(app, demo, picture=to_a_private_name(provider))
    ada.posted("Hello")
    assert colour(app, shown(ada))[0] > 240
    assert provider.seen == ["/a", "/inner"]


def test_what_was_shown_stays_while_the_provider_is_away(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    ada.posted("Hello")
    address = shown(ada)
    sign_in(app, demo, picture=failing(provider))
    settled(app, provider, "/a")
    assert ada.comments()[0]["author"]["avatar"] == address


# -- keeping house


def test_a_missing_picture_is_caught_up_with(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    ada = sign_in(app, demo, picture=failing(provider))
    ada.posted("Hello")
    settled(app, provider, "/a")
    provider.put("/a", png("red"))
    with app.app_context():
        housekeeping.sweep()
    assert provider.seen == ["/a"]
    with clock.freeze(clock.now() + avatars.RETRY), app.app_context():
        housekeeping.sweep()
        housekeeping.sweep()
    assert provider.seen == ["/a", "/a"]
    assert colour(app, shown(ada))[0] > 240


def test_copies_that_nobody_has_are_deleted_a_day_later(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    ada = sign_in(app, demo, picture=provider.put("/ada.png", png("red")))
    ada.posted("Hello")
    first = shown(ada)
    change_picture(app, demo, provider)
    second = shown(ada)
    assert first != second

    def kept() -> int:
        with app.app_context():
            housekeeping.sweep()
            return db.session.scalar(select(func.count()).select_from(Avatar)) or 0

    assert kept() == 2
    with clock.freeze(clock.now() + timedelta(days=1, minutes=1)):
        assert kept() == 1
    assert colour(app, second)[2] > 240
    assert app.test_client().get(first.removeprefix(SERVER)).status_code == 404


def test_two_people_with_the_same_picture_share_a_copy(app: Flask, demo: DemoId, provider: PictureServer) -> None:
    url = provider.put("/same.png", png("green"))
    ada = sign_in(app, demo, picture=url)
    ada.posted("Hello")
    shown(ada)
    demo.put("bruno", {"name": "Bruno", "picture": url})
    visitor, page = Visitor(app), Page()
    assert visitor.get(demo.sign_in(visitor.begin(page), "bruno")).status_code == 200
    with app.app_context():
        until(lambda: not db.session.rollback() and None not in db.session.scalars(select(Identity.picture)).all())
        assert len(set(db.session.scalars(select(Identity.picture)).all())) == 1
        assert db.session.scalar(select(func.count()).select_from(Avatar)) == 1
