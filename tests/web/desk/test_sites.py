"""/admin/sites: adding, changing and removing a site, what readers see of it at once, and who sees which."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import Page
from tests.support.desk import Desk, person, refused
from tests.support.oidc import DemoId
from tests.support.visitor import BLOG, SERVER, Visitor
from tests.support.visitor import Page as Embed
from widget import create_app
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Role, Session, Site, SiteOrigin, Thread
from widget.services import site_admin, site_rows, sites, transaction
from widget.web import readpath
from widget.web.desk import speech

Make = Callable[[], Desk]
HOSTILE = "<script>alert(1)</script>\"'>{{7*7}}"


@pytest.fixture
def ada(app: Flask, desk: Make) -> Desk:
    """The administrator."""
    person(app, "ada", administrator=True)
    return desk().entered("ada")


def form(desk: Desk, key: str = "blog") -> dict[str, Any]:
    """What the page's form would send as it stands."""
    page = desk.get(f"/sites/{key}").text
    part = page[page.index(f'action="{SERVER}/admin/sites/{key}"') : page.index('id="tag"')]
    fields = re.findall(r'<input (?:id="\w+" |type="hidden" )name="(\w+)"[^>]*? value="([^"]*)"', part)
    found: dict[str, Any] = dict(fields)
    found |= dict(re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>([^<]*)</textarea>', part))
    for name, options in re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', part):
        (found[name],) = re.findall(r'value="(\w*)" selected', options)
    for name, value in re.findall(r'type="checkbox" name="(\w+)" value="([\w-]+)" checked', part):
        found.setdefault(name, []).append(value)
    return found


def save(desk: Desk, key: str = "blog", **changes: Any) -> Any:
    sent = form(desk, key) | changes
    return desk.send(f"/sites/{key}", sent.pop("csrf"), **{name: v for name, v in sent.items() if v is not None})


def site_of(app: Flask, key: str = "blog") -> sites.SiteInfo:
    with app.app_context():
        return sites.by_key(key)


def test_saving_what_stands_there_changes_nothing(app: Flask, ada: Desk) -> None:
    before = site_of(app)
    assert save(ada).headers["Location"] == f"{SERVER}/admin/sites/blog?done=saved"
    after = site_of(app)
    assert (after.settings, after.origins, after.name) == (before.settings, before.origins, before.name)
    assert after.version == before.version + 1
    assert "Saved." in ada.get("/sites/blog?done=saved").text


def test_every_setting_has_its_field_its_words_and_its_group(app: Flask, ada: Desk) -> None:
    page = ada.get("/sites/blog").text
    for row in site_rows.rows():
        assert f'name="{row.name}"' in page, row
        assert speech.has(f"setting.{row.name}"), row
        assert speech.has(f"group.{row.group}"), row
        assert speech.has(f"setting.wrong.{row.kind}"), row
    assert {row.kind for row in site_rows.rows()} >= {"flag", "number", "choice", "several", "words"}


def test_a_setting_that_somebody_adds_appears_by_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a group it is one of `more`."""
    monkeypatch.setattr(site_rows, "GROUPS", {"reading": ("sort",)})
    found = site_rows.rows()
    assert [row.name for row in found][:2] == ["sort", "moderation"]
    assert {row.group for row in found[1:]} == {"more"}
    assert len(found) == len({row.name for row in found}) > 8


def test_all_kinds_of_settings(app: Flask, ada: Desk) -> None:
    changes = {
        "name": "  The new\nname ",
        "origins": "https://new.test/\nHTTPS://Blog.Test:443\n https://new.test",
        "guests": None,
        "edit_window": "60",
        "sort": "newest",
        "reactions": ["love", "like"],
        "reserved_names": "Anna  Maria\n\nadmin\nAnna Maria",
    }
    assert save(ada, **changes).status_code == 303
    site = site_of(app)
    assert site.name == "The new name"
    assert site.origins == {"https://new.test", BLOG}
    assert site.settings.guests is False
    assert site.settings.edit_window == 60
    assert site.settings.sort == "newest"
    assert site.settings.reactions == ("love", "like")
    assert site.settings.reserved_names == ("Anna Maria", "admin")
    assert form(ada)["reserved_names"] == "Anna Maria\nadmin"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("edit_window", "-1"),
        ("edit_window", "1e3"),
        ("max_length", "10001"),
        ("max_length", ""),
        ("sort", "worst"),
        ("reactions", ["like", "hate"]),
        ("origins", "ftp://x"),
        ("origins", "*"),
        ("origins", ""),
        ("origins", "https://a.test/ javascript:alert(1)"),
    ],
)
def test_what_is_not_right_saves_nothing_and_keeps_what_was_typed(app: Flask, ada: Desk, name: str, value: Any) -> None:
    before = site_of(app)
    answer = save(ada, **{"guests": None, "name": "Half-way", name: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Half-way"' in answer.text
    if name != "origins":
        assert re.search(rf'id="{name}-wrong"', answer.text)
    assert site_of(app) == before


def test_two_at_once(app: Flask, ada: Desk) -> None:
    """The second sees that there was a first."""
    stale = form(ada)
    assert save(ada, sort="newest").status_code == 303
    refused(ada.send("/sites/blog", stale.pop("csrf"), **stale), "site.changed", 409)
    assert site_of(app).settings.sort == "newest"


def test_owners_change_their_own_and_see_no_other(app: Flask, desk: Make) -> None:
    person(app, "olga", blog="owner", shop="moderator")
    olga = desk().entered("olga")
    assert save(olga, sort="best").status_code == 303
    page = olga.get("/sites").text
    assert "/admin/sites/blog" in page
    assert "/admin/sites/shop" not in page
    assert "The Shop" in page
    assert "/admin/new-site" not in page
    word = form(olga)["csrf"]
    for path in ("/sites/shop", "/sites/blog/remove", "/new-site"):
        refused(olga.send(path, word, key="blog"), "desk.not_yours", 403)
    assert "remove" not in olga.get("/sites/blog").text


def test_adding_a_site(app: Flask, ada: Desk) -> None:
    for wrong, code in (
        ({"key": "Blog!", "origins": BLOG}, "site.bad_key"),
        ({"key": "blog", "origins": BLOG}, "site.exists"),
        ({"key": "new", "origins": ""}, "site.no_origin"),
        ({"key": "new", "origins": "nonsense"}, "site.bad_origin"),
    ):
        answer = ada.press("/new-site", on="/new-site", name=HOSTILE, **wrong)
        assert answer.status_code == {"site.exists": 409}.get(code, 422)
        assert speech.words("en")[f"problem.{code}"] in answer.text
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text
    done = ada.press("/new-site", on="/new-site", key="new", name="", origins="https://new.test\nhttps://www.new.test")
    assert done.headers["Location"] == f"{SERVER}/admin/sites/new?done=added"
    assert site_of(app, "new").origins == {"https://new.test", "https://www.new.test"}


@pytest.mark.parametrize("key", ["new", "new-site", "remove", "preview"])
def test_no_key_is_an_address_of_ours(app: Flask, ada: Desk, key: str) -> None:
    ada.press("/new-site", on="/new-site", key=key, name="", origins="https://new.test")
    assert save(ada, key, sort="best").status_code == 303
    assert site_of(app, key).settings.sort == "best"


def test_removing_a_site_asks_for_its_key(app: Flask, ada: Desk) -> None:
    page = Page(app.test_client()).be_guest("Ann")
    above = page.posted("Hello")["id"]
    for _ in range(3):
        above = page.posted("Deeper", parent=above)["id"]
    asked = ada.get("/sites/blog/remove")
    assert "4 comments would be gone" in asked.text
    for wrong in ("", "shop", "BLOG", "blog "[:3]):
        answer = ada.press("/sites/blog/remove", on="/sites/blog/remove", key=wrong)
        assert answer.status_code == 422
    assert site_of(app).key == "blog"
    done = ada.press("/sites/blog/remove", on="/sites/blog/remove", key="blog")
    assert done.headers["Location"] == f"{SERVER}/admin/sites?done=removed"
    with app.app_context():
        assert [site.key for site in sites.all_sites()] == ["shop"]
        for model in (Comment, Thread, Session, Role):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        assert db.session.scalar(select(func.count()).select_from(SiteOrigin)) == 1
    assert page.read().status_code == 404


def test_removing_a_very_deep_conversation(app: Flask) -> None:
    """SQLite deletes rows inside each other a thousand deep at most."""
    with app.app_context():

        def fill(session: Any) -> int:
            from widget.models import User

            site = sites.by_key("blog")
            thread = Thread(site_id=site.id, url=f"{BLOG}/deep")
            user = User(name="Ann")
            session.add_all([thread, user])
            session.flush()
            above = None
            for _ in range(1500):
                row = Comment(
                    thread_id=thread.id, site_id=site.id, user_id=user.id, raw="x", html="x", tree="[]", renderer=1
                )
                row.parent_id = above
                session.add(row)
                session.flush()
                above = row.id
            return site.id

        site_id = transaction.write(fill)
        transaction.write(lambda session: site_admin.remove(session, site_id))
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
        assert db.session.scalar(select(func.count()).select_from(Site)) == 1


@pytest.fixture
def other(app: Flask, database_url: str, demo: DemoId) -> Iterator[Flask]:
    """Another process of the same server, with ready answers of its own."""
    kept = {name: app.config[name] for name in ("SECRET_KEY", "PUBLIC_URL")}
    other = create_app({**kept, "DATABASE_URL": database_url, **demo.settings})
    yield other
    if path := readpath.of(other):
        path.close()
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_changes_are_there_in_every_process_at_once(app: Flask, other: Flask, ada: Desk) -> None:
    here, there = Page(app.test_client()).be_guest("Ann"), Page(other.test_client())
    first, second = (here.posted(text)["id"] for text in ("one", "two"))
    for _ in range(2):  # the second time from ready bytes
        assert [row["id"] for row in there.read().json["comments"]] == [first, second]
    assert save(ada, sort="newest").status_code == 303
    for reader in (here, there):
        assert [row["id"] for row in reader.read().json["comments"]] == [second, first]
    assert save(ada, guests=None, reactions=["love"]).status_code == 303
    for app_ in (app, other):
        shown = app_.test_client().get("/api/v1/site?site=blog").json
        assert (shown["site"]["guests"], shown["site"]["reactions"]) == (False, ["love"])
    assert save(ada, origins="https://moved.test").status_code == 303
    assert there.read().status_code == 403


def test_a_site_that_comes_back_is_another_one(app: Flask, other: Flask, ada: Desk) -> None:
    """Its key and even its row may be those of the one that was removed; no process may remember that one."""
    with app.app_context():
        transaction.write(lambda session: site_admin.remove(session, sites.by_key("shop").id))
    ada.press("/new-site", on="/new-site", key="again", name="First", origins="https://first.test")
    for app_ in (app, other):
        assert site_of(app_, "again").name == "First"
    ada.press("/sites/again/remove", on="/sites/again/remove", key="again")
    with clock.freeze(clock.now() + timedelta(seconds=2)):
        ada.press("/new-site", on="/new-site", key="again", name="Second", origins="https://second.test")
    for app_ in (app, other):
        assert site_of(app_, "again").name == "Second"


def test_providers_of_a_site(app: Flask, ada: Desk, demo: DemoId) -> None:
    def offered() -> list[str]:
        return [row["id"] for row in app.test_client().get("/api/v1/site?site=blog").json["providers"]]

    assert offered() == ["oidc"]
    assert save(ada, providers=None).status_code == 303
    assert site_of(app).settings.providers == (sites.NO_PROVIDER,)
    assert offered() == []
    assert form(ada).get("providers") is None
    answer = Visitor(app).get(Embed().start())
    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert save(ada, providers=["oidc"]).status_code == 303
    assert site_of(app).settings.providers == ()
    assert offered() == ["oidc"]
    assert Visitor(app).get(Embed().start()).status_code == 303


def test_the_tag(app: Flask, ada: Desk) -> None:
    page = ada.get("/sites/blog?embed_lang=it&theme=dark").text
    assert (
        "&lt;script src=&#34;https://comments.test/embed.js&#34; data-site=&#34;blog&#34; data-lang=&#34;it&#34;"
        " data-theme=&#34;dark&#34; async&gt;&lt;/script&gt;" in page
    )
    plain = ada.get(f"/sites/blog?embed_lang={HOSTILE}&theme={HOSTILE}").text
    assert "data-site=&#34;blog&#34; async&gt;" in plain
    assert "alert(1)" not in plain


def test_the_sites_own_language_and_theme(app: Flask, ada: Desk) -> None:
    """They are in the tag, in the preview and on the page without JavaScript, from the next request on."""
    assert save(ada, language="it", theme="dark").status_code == 303
    page = ada.get("/sites/blog").text
    assert "data-lang=&#34;it&#34; data-theme=&#34;dark&#34; async&gt;" in page
    assert re.search(r"/preview\?embed_lang=it&amp;theme=dark", page)
    assert "data-site=&#34;blog&#34; async&gt;" in ada.get("/sites/blog?embed_lang=&theme=auto").text
    client = app.test_client()
    there = {"site": "blog", "url": f"{BLOG}/post"}
    sheet = client.get("/t/", query_string=there, headers={"Accept-Language": "de"})
    assert '<html lang="it">' in sheet.text
    assert sheet.headers["Content-Language"] == "it"
    assert '<meta name="color-scheme" content="dark">' in sheet.text
    assert "prefers-color-scheme" not in sheet.text
    assert '<html lang="de">' in client.get("/t/", query_string={**there, "lang": "de"}).text
    assert client.get("/api/v1/site", query_string={"site": "blog"}).json["site"]["theme"] == "dark"
    assert save(ada, language="auto", theme="light").status_code == 303
    sheet = client.get("/t/", query_string=there, headers={"Accept-Language": "de"})
    assert '<html lang="de">' in sheet.text
    assert "@media not all {" in sheet.text
    assert save(ada, language="xx").status_code == 422


def test_the_preview_is_in_a_sandbox(app: Flask, ada: Desk) -> None:
    Page(app.test_client()).be_guest("Ann").posted("Hello")
    answer = ada.get("/sites/blog/preview?theme=dark&embed_lang=it")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts;" in policy
    assert "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'data-site="blog"' in answer.text
    assert "frame-src 'self'" in ada.get("/sites/blog").headers["Content-Security-Policy"]
    assert "frame-src" not in ada.get("/sites").headers["Content-Security-Policy"]


def test_hostile_words_stay_words(app: Flask, ada: Desk) -> None:
    with app.app_context():
        settings = {"reserved_names": [HOSTILE]}
        transaction.write(lambda session: sites.change(session, "blog", settings=settings, name=HOSTILE))
    for path in ("/sites", "/sites/blog", "/sites/blog/remove", "/sites/blog/preview"):
        text = ada.get(path).text
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert(1)" in text, path
        assert "49" not in re.findall(r">[^<]*{{?7", text)
