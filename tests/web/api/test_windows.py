"""The parts of a conversation: other orders, a pinned comment, the one conversation around a comment, the news."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support import moderators
from tests.support.api import BLOG, Page, code
from widget.extensions import db
from widget.models import Comment, Thread
from widget.services import threads, transaction


def rank(app: Flask, ranks: dict[str, int]) -> None:
    """Give comments their ranks, by public id."""

    def work(session: Any) -> None:
        for public_id, best in ranks.items():
            session.execute(update(Comment).where(Comment.public_id == public_id).values(best=best))
        threads.bump(session, session.query(Thread.id).scalar())

    with app.app_context():
        transaction.write(work)


def paged(page: Page, **params: Any) -> list[str]:
    """The ids of roots of all parts of a window."""
    found: list[str] = []
    after = None
    while True:
        answer = page.read(**params, **({"after": after} if after else {})).json
        found += [one["id"] for one in answer["comments"] if "parent" not in one]
        if not (after := answer["next"]):
            return found


def test_best_first_and_among_equals_the_newest(app: Flask, ann: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(7)]
    rank(app, {made[1]: 500, made[3]: 900, made[4]: 500})
    expected = [made[3], made[4], made[1], made[6], made[5], made[2], made[0]]
    assert paged(ann, sort="best", limit=2) == expected
    assert paged(ann, sort="best") == expected


def test_most_replied_first(ann: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(4)]
    for number, replies in ((1, 1), (2, 3)):
        for _ in range(replies):
            ann.posted("reply", made[number])
    assert paged(ann, sort="replies", limit=1) == [made[2], made[1], made[3], made[0]]


def test_ranks_that_change_while_they_are_paged_repeat_nothing_that_stayed(app: Flask, ann: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(6)]
    rank(app, {one: 100 - number for number, one in enumerate(made)})
    first = ann.read(sort="best", limit=2).json
    rank(app, {made[1]: 1, made[2]: 999})  # the cursor's comment falls, one that is still to come rises
    rest = [one["id"] for one in ann.read(sort="best", after=first["next"]).json["comments"]]
    assert [one["id"] for one in first["comments"]] == made[:2]
    assert rest == [made[3], made[4], made[5], made[1]]
    # The one that rose past the reader is among the news since the first page.
    assert ann.read(since=first["thread"]["version"]).json["reset"] is False


@pytest.mark.parametrize("wrong", ["500", "x-y", "-1-x", "1-nobody", "9999999999-x", "٣-x"])
def test_cursors_of_ranks_that_are_none(ann: Page, wrong: str) -> None:
    ann.posted()
    assert code(ann.read(sort="best", after=wrong)) == "thread.bad_cursor"


def test_a_pinned_root_stands_first_and_only_there(app: Flask, ann: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(5)]
    with app.app_context():
        row = db.session.query(Comment.id).filter_by(public_id=made[3]).scalar()
        transaction.write(lambda session: session.execute(update(Thread).values(pinned_id=row)))
    for sort in ("oldest", "newest", "best", "replies"):
        found = paged(ann, sort=sort, limit=2)
        assert found[0] == made[3]
        assert sorted(found) == sorted(made)
    assert [one.get("pinned") for one in ann.comments()] == [True, None, None, None, None]
    assert ann.delete(made[3]).status_code == 200
    assert made[3] not in paged(ann)


def chain(page: Page, length: int) -> list[str]:
    """Comments that each answer the one before."""
    made = [page.posted("0")["id"]]
    for number in range(1, length):
        made.append(page.posted(str(number), made[-1])["id"])
    return made


def test_the_conversation_around_a_comment_deep_down(ann: Page) -> None:
    made = chain(ann, 30)
    aside = ann.posted("aside", made[0])["id"]
    answer = ann.read(at=made[20]).json
    assert [one["id"] for one in answer["comments"]] == [made[0], *made[8:]]
    assert answer["next"] is None
    assert aside not in [one["id"] for one in answer["comments"]]
    assert answer["thread"]["count"] == 31


def test_around_a_root_stands_all_that_answers_it(ann: Page) -> None:
    ann.posted("before")
    made = chain(ann, 3)
    ann.posted("after")
    assert [one["id"] for one in ann.comments(at=made[0])] == made


def test_what_follows_goes_on_with_its_root(ann: Page) -> None:
    made = chain(ann, 9)
    answer = ann.read(at=made[2], limit=3).json
    assert [one["id"] for one in answer["comments"]] == made[:6]
    rest = ann.read(root=made[0], after=answer["next"]).json
    assert [one["id"] for one in rest["comments"]] == made[6:]


def test_around_what_is_not_there(ann: Page) -> None:
    gone = ann.posted()["id"]
    elsewhere = ann.posted("x", page={"url": f"{BLOG}/other"})["id"]
    ann.posted("stays")
    assert ann.delete(gone).status_code == 200
    for wrong in (gone, elsewhere, "x", "0" * 20):
        answer = ann.read(at=wrong)
        assert (answer.status_code, code(answer)) == (404, "comment.not_found")


def news(page: Page, since: int) -> tuple[list[str], list[str], bool]:
    """Ids of what is shown otherwise, of what is gone, and whether to read anew."""
    answer = page.read(since=since).json
    return [one["id"] for one in answer["comments"]], answer["gone"], answer["reset"]


def version(page: Page) -> int:
    """The thread's version, as readers see it."""
    found: int = page.read().json["thread"]["version"]
    return found


def test_news_are_what_changed_since_a_version(ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    before = version(ann)
    assert news(ann, before) == ([], [], False)
    reply = bob.posted("reply", root)["id"]
    assert news(ann, before) == ([reply], [], False)
    between = version(ann)
    ann.edit(root, "changed")
    assert news(ann, between) == ([root], [], False)
    assert set(news(ann, before)[0]) == {root, reply}
    assert bob.delete(reply).status_code == 200
    assert news(ann, before) == ([root], [reply], False)
    assert news(ann, version(ann)) == ([], [], False)


def test_a_tombstone_is_news_and_goes_with_its_last_reply(ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    reply = bob.posted("reply", root)["id"]
    before = version(ann)
    ann.delete(root)
    [shown] = ann.read(since=before).json["comments"]
    assert (shown["id"], shown["state"], "author" in shown) == (root, "deleted", False)
    bob.delete(reply)
    assert sorted(news(ann, before)[1]) == sorted([root, reply])


def fresh(page: Page, since: int) -> list[str]:
    """Ids of what could not be seen at that version."""
    return [one["id"] for one in page.read(since=since).json["comments"] if one.get("new")]


def test_what_was_just_written_is_new_and_what_was_changed_is_not(ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    before = version(ann)
    reply = bob.posted("reply", root)["id"]
    ann.edit(root, "changed")
    assert fresh(ann, before) == [reply]
    assert fresh(ann, version(ann) - 1) == []


def test_what_is_let_through_late_is_new_and_stands_in_its_place(app: Flask, ann: Page, bob: Page) -> None:
    first = ann.posted("first")["id"]
    late = bob.posted("late")["id"]
    answer = bob.posted("late answer", first)["id"]
    moderators.decide(app, moderators.hold_back, late, answer)
    last = ann.posted("last")["id"]
    before = version(ann)
    assert [one["id"] for one in ann.comments()] == [first, last]
    assert news(ann, before) == ([], [], False)
    moderators.decide(app, moderators.let_through, late, answer)
    assert fresh(ann, before) == [late, answer]
    assert fresh(ann, version(ann)) == []
    assert [one["id"] for one in ann.comments()] == [first, answer, late, last]
    assert ann.read().json["thread"]["count"] == 4


def test_what_comes_back_is_new_with_the_tombstones_that_come_with_it(ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    reply = bob.posted("reply", root)["id"]
    ann.delete(root)
    before = version(ann)
    bob.delete(reply)
    between = version(ann)
    assert sorted(news(ann, before)[1]) == sorted([root, reply])
    assert bob.restore(reply).status_code == 200
    assert sorted(fresh(ann, between)) == sorted([root, reply])
    assert [one["id"] for one in ann.comments()] == [root, reply]
    # One that stood there as deleted all the time is changed, and not new.
    ann.restore(root)
    assert fresh(ann, version(ann) - 1) == []


def test_too_much_news_and_news_of_the_future_say_read_anew(ann: Page) -> None:
    for number in range(101):
        ann.posted(str(number))
    assert news(ann, 0) == ([], [], True)
    assert news(ann, 1)[2] is False
    assert news(ann, version(ann) + 1) == ([], [], True)


def test_news_of_a_page_nobody_wrote_on(ann: Page) -> None:
    assert ann.read(since=0).json == {
        "thread": {"url": ann.url, "title": None, "count": 0, "version": 0, "open": True},
        "comments": [],
        "next": None,
        "gone": [],
        "reset": False,
    }
    assert ann.read(since=3).json["reset"] is True


def test_news_answer_304_as_everything_does(ann: Page) -> None:
    ann.posted()
    answer = ann.read(since=version(ann))
    assert ann.read(since=version(ann), headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
