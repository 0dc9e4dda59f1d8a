"""Many comments in one go: all of a person's, all with a link, those that were picked; and taking it back."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.services.moderation.conftest import Staff
from tests.services.moderation.test_decisions import decide, states, wait, whole
from tests.support.api import Page
from widget.core import outbound
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services import roles, sites, transaction
from widget.services.moderation import bulk, undoing


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches of few."""
    monkeypatch.setattr(bulk, "BATCH", 3)
    monkeypatch.setattr(bulk, "_SCAN", 2)


def blog(app: Flask) -> int:
    """The site's row id."""
    with app.app_context():
        return sites.by_key("blog").id


@pytest.mark.usefixtures("small")
def test_all_of_a_persons_and_back(app: Flask, staff: Staff, ann: Page, ada: Page) -> None:
    theirs = [ada.posted(str(number))["id"] for number in range(8)]
    reply = ann.posted("reply", theirs[0])["id"]
    other = ann.posted("another's")["id"]
    elsewhere = Page(ada.client, site="other", origin="https://other.test", url="https://other.test/").be_person("Ada")
    elsewhere.posted()
    ada.delete(theirs[7])
    before = ann.comments()
    with app.app_context():
        done = bulk.of_person(staff.moderator(), blog(app), "spam", staff.public_id("Ada"), why="a wave")
        assert (done.count, done.refused) == (7, {})
        entries = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        assert {(one.batch, one.act, one.why) for one in entries} == {(done.batch, "comment.spam", "a wave")}
        numbers = [one.id for one in entries]
    assert states(ann) == {theirs[0]: "deleted", reply: "published", other: "published"}
    assert len(elsewhere.comments()) == 1
    decide(staff, theirs[3], "approve")  # by hand since
    with app.app_context():
        back = undoing.undo(staff.moderator(), numbers[4])
        assert (back.count, back.refused) == (6, {"log.not_undoable": 1})
        with pytest.raises(Problem, match=r"log\.not_undoable"):
            undoing.undo(staff.moderator(), numbers[4])
    assert ann.comments() == before
    with app.app_context():  # what was taken back can be done again by the same door
        entry = db.session.scalar(select(func.max(LogEntry.id)))
        assert undoing.undo(staff.moderator(), entry or 0).count == 6
        assert db.session.scalar(select(func.count()).where(Comment.state == "spam")) == 6


def test_picked_ones_with_the_text_that_was_seen(app: Flask, staff: Staff, ann: Page, ada: Page) -> None:
    made = [ann.posted(str(number)) for number in range(3)]
    for one in made:
        wait(app, one["id"])
    ann.edit(made[1]["id"], "something else")
    gone = ada.posted()
    ada.delete(gone["id"])
    picked = [(one["id"], one["time"]) for one in (*made, gone)] + [("0" * 20, None)]
    with app.app_context():
        done = bulk.of_picked(staff.moderator(), "approve", picked)
    assert done.count == 2
    assert done.refused == {"comment.changed": 1, "comment.gone": 1, "comment.not_found": 1}
    assert set(states(ann)) == {made[0]["id"], made[2]["id"]}
    whole(app)


def test_approving_all_of_somebodys(app: Flask, staff: Staff, ada: Page) -> None:
    made = [ada.posted(str(number))["id"] for number in range(3)]
    for one in made:
        wait(app, one)
    with app.app_context():
        assert bulk.of_person(staff.moderator(), blog(app), "approve", staff.public_id("Ada")).count == 3
    assert set(states(ada)) == set(made)


LINKS = {
    "plain": "see https://spam.example/buy now",
    "below": "see [this](http://WWW.Spam.Example:8080/x?y=1)",
    "bare": "www.spam.example",
    "deep": "> - quoted https://shop.spam.example/",
    "idn": "https://sp\u00e4m.example/",
    "like": "https://spamXexample.test and https://notspam.example/spam.example",
    "text": "spam.example is a word, [innocent](https://fine.example/?u=spam.example)",
    "mail": "mailto:a@spam.example",
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("spam.example", {"plain", "below", "bare", "deep"}),
        ("SPAM.example", {"plain", "below", "bare", "deep"}),
        ("https://spam.example/", {"plain", "below", "bare", "deep"}),
        ("https://spam.example/buy", {"plain"}),
        ("www.spam.example", {"below", "bare"}),
        ("sp\u00e4m.example", {"idn"}),
        ("xn--spm-rla.example", {"idn"}),
        ("spam%.example", None),
        ("sp_m.example", set()),
        ("example", None),
        ("", None),
        ("spam.example/buy", None),
        ("javascript:alert(1)", None),
        (".*", None),
    ],
)
def test_all_with_a_link(app: Flask, staff: Staff, ann: Page, link: str, expected: set[str] | None) -> None:
    made = {ann.posted(text)["id"]: name for name, text in LINKS.items()}
    with app.app_context():
        if expected is None:
            with pytest.raises(Problem, match=r"request\.bad_field"):
                bulk.with_link(staff.moderator(), blog(app), "spam", link)
            return
        done = bulk.with_link(staff.moderator(), blog(app), "spam", link)
    assert done.count == len(expected)
    assert {made[one] for one in made.keys() - states(ann).keys()} == expected


def test_a_role_that_is_taken_away_meanwhile_ends_it(
    app: Flask, staff: Staff, ann: Page, ada: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    for number in range(6):
        ada.posted(str(number))
    who, person, site = staff.moderator(), staff.public_id("Ada"), blog(app)
    seen = []
    real = bulk._some

    def once(session: object, **rest: object) -> object:
        seen.append(1)
        answer = real(session, **rest)  # type: ignore[arg-type]
        if len(seen) == 2:
            roles.give(session, sites.by_key("blog"), who.user_id, None)  # type: ignore[arg-type]
        return answer

    monkeypatch.setattr(bulk, "_some", once)
    with app.app_context(), pytest.raises(Problem, match=r"role\.missing"):
        bulk.of_person(who, site, "spam", person)
    assert len(states(ann)) == 2
    whole(app)


def test_who_may_not(app: Flask, staff: Staff, ada: Page) -> None:
    made = ada.posted()
    person, site = staff.public_id("Ada"), blog(app)
    with app.app_context():
        for name in ("Ada", "Elsewhere"):
            who = staff.moderator(name)
            for work in (
                lambda who=who: bulk.of_person(who, site, "spam", person),
                lambda who=who: bulk.with_link(who, site, "spam", "spam.example"),
                lambda who=who: bulk.of_picked(who, "spam", [(made["id"], None)]),
            ):
                with pytest.raises(Problem, match=r"role\.missing"):
                    work()
        entry = decide(staff, made["id"], "spam").entry or 0
        for name in ("Ada", "Elsewhere"):
            with pytest.raises(Problem, match=r"role\.missing"):
                undoing.undo(staff.moderator(name), entry)
        for wrong in (0, 99):
            with pytest.raises(Problem, match=r"log\.not_found"):
                undoing.undo(staff.moderator(), wrong)
        with pytest.raises(Problem, match=r"log\.not_found"):
            undoing.undo(staff.moderator("Administrator", site="other"), entry)
        assert transaction.dry(lambda _session: 1) == 1
    assert outbound.wanted("https://spam.example:8443/a").address == "https://spam.example:8443/a"


@pytest.mark.usefixtures("small")
def test_so_many_at_a_time(app: Flask, staff: Staff, ada: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is said to be there, and can be asked for; of a person as with a link."""
    monkeypatch.setattr(bulk, "MOST", 5)
    for number in range(12):
        ada.posted(f"{number} https://pills.test/")
    with app.app_context():
        who = staff.public_id("Ada")
        some = [bulk.of_person(staff.moderator(), blog(app), "spam", who) for _ in range(2)]
        some.append(bulk.with_link(staff.moderator(), blog(app), "spam", "pills.test"))
        assert [(done.count, done.more) for done in some] == [(5, True), (5, True), (2, False)]
        exact = bulk.of_person(staff.moderator(), blog(app), "delete", who)
        assert (exact.count, exact.more) == (5, True)
        assert undoing.undo(staff.moderator(), undoing.entry_of(some[1].batch) or 0).count == 5
