"""Each check alone, and all of them in their order."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import widget
from widget import checks
from widget.checks.case import Author, Case, Form, Similar
from widget.core.errors import Problem
from widget.core.policy import Policy
from widget.core.verdicts import HOLD, REASONS, SPAM, WAITS, Judgement, Verdict, read

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
GUEST = Author(name="Ann", guest=True)
PERSON = Author(name="Ada", guest=False, verified=True)
KNOWN = replace(GUEST, approved=3)
STAFF = replace(PERSON, role="moderator")
ELSEWHERE = replace(PERSON, mentions=True)
GOOD = Form(asked=True, token="good", seconds=20)
OPEN = Policy()


def case(author: Author = GUEST, text: str = "What a fine page", form: Form = GOOD, **more: object) -> Case:
    """A comment of a guest who fills in the form as people do, unless told otherwise."""
    values: dict[str, object] = {"policy": OPEN, "guests": True, "now": NOW} | more
    return Case(author=author, text=text, form=form, **values)  # type: ignore[arg-type]


def codes(one: Case) -> list[str]:
    """What the checks find."""
    return [verdict.code for verdict in checks.judge(one).verdicts]


def rule(**values: object) -> Policy:
    """A site's policy."""
    return replace(OPEN, **values)  # type: ignore[arg-type]


PILLS = rule(held_words=("pills",))
LINK = ("https://spam.example/",)
CASES: list[tuple[str, Case, list[str]]] = [
    ("a guest without links goes live", case(), []),
    ("a guest's link waits", case(links=LINK), ["links.guest"]),
    ("with an account it does not", case(PERSON, links=LINK), []),
    ("a guest with a verified address neither", case(replace(GUEST, verified=True), links=LINK), []),
    ("a guest with some approved comments neither", case(KNOWN, links=LINK), []),
    ("one less is not enough", case(replace(GUEST, approved=2), links=LINK), ["links.guest"]),
    ("nobody gets there where that is off", case(KNOWN, links=LINK, policy=rule(approve_after=0)), ["links.guest"]),
    ("guests may have one", case(links=LINK, policy=rule(guest_links=1)), []),
    ("very many links wait for everybody", case(KNOWN, links=LINK * 5), ["links.many"]),
    ("but for those who run the site", case(STAFF, links=LINK * 50, policy=rule(moderation="all")), ["trust.staff"]),
    ("and for those they trust", case(replace(GUEST, standing="trusted"), links=LINK * 50), ["trust.always"]),
    ("all wait", case(KNOWN, policy=rule(moderation="all")), ["policy.all"]),
    ("guests wait", case(policy=rule(moderation="guests")), ["policy.guests"]),
    ("accounts are no guests", case(PERSON, policy=rule(moderation="guests")), []),
    ("known guests are no guests", case(KNOWN, policy=rule(moderation="guests")), []),
    ("the first comment waits", case(PERSON, policy=rule(moderation="first")), ["policy.first"]),
    ("the second does not", case(replace(GUEST, approved=1), policy=rule(moderation="first")), []),
    ("a mention by somebody of whom nothing is shown", case(ELSEWHERE), ["mention.first"]),
    ("the next one goes live", case(replace(ELSEWHERE, approved=1)), []),
    ("or is judged like any", case(replace(ELSEWHERE, approved=1), links=LINK * 5), ["links.many"]),
    ("guests are not taken any more", case(guests=False), ["guest.not_allowed"]),
    ("people are", case(PERSON, guests=False), []),
    ("an old conversation", case(PERSON, since=NOW - timedelta(days=9), policy=rule(close_days=9)), ["thread.closed"]),
    ("a younger one", case(since=NOW - timedelta(days=9, seconds=-1), policy=rule(close_days=9)), []),
    ("one that stays open", case(since=NOW - timedelta(days=9999)), []),
    ("staff may still write there", case(STAFF, since=NOW - timedelta(9), policy=rule(close_days=1)), ["trust.staff"]),
    ("a held word", case(text="buy pills now", policy=rule(held_words=("Pills",))), ["words.held"]),
    ("a blocked one", case(text="buy pills now", policy=rule(blocked_words=("pills",))), ["words.blocked"]),
    (
        "in a link",
        case(PERSON, links=("https://x.example/?pills",), policy=rule(held_words=("pills",))),
        ["words.held"],
    ),
    (
        "in a website",
        case(replace(GUEST, website="https://pills.example"), policy=rule(held_words=("pills",))),
        ["words.held"],
    ),
    ("a name", case(replace(GUEST, name="Best SEO"), policy=rule(held_names=("seo",))), ["names.held"]),
    ("no form", case(form=Form(asked=True)), ["form.missing"]),
    ("no form is asked for", case(form=Form()), []),
    ("nor on this site", case(form=Form(asked=True), policy=rule(forms=False)), []),
    ("nor of people", case(PERSON, form=Form(asked=True)), []),
    ("a form of elsewhere", case(form=replace(GOOD, token="invalid")), ["form.invalid"]),
    ("too fast", case(form=replace(GOOD, seconds=1.9)), ["form.fast"]),
    ("just slow enough", case(form=replace(GOOD, seconds=2.0)), []),
    ("the trap", case(form=replace(GOOD, trap="http://x")), ["form.trap"]),
    ("no work", case(form=replace(GOOD, bits=12, done=11)), ["form.work"]),
    ("enough work", case(form=replace(GOOD, bits=12, done=12)), []),
    ("a crowd", case(newcomers=40), ["flood.people"]),
    ("nearly one", case(newcomers=39), []),
    ("of new accounts", case(PERSON, newcomers=40), ["flood.people"]),
    ("old accounts write on", case(replace(PERSON, new=False), newcomers=400), []),
    ("who was approved once writes on", case(replace(GUEST, approved=1), newcomers=400), []),
    ("no crowd is too large", case(newcomers=400, policy=rule(flood=0)), []),
    ("the same again", case(PERSON, similar=(Similar("c1", "published"),)), ["similar.comment"]),
    ("the same as spam", case(PERSON, similar=(Similar("c1", "published"), Similar("c2", "spam"))), ["similar.spam"]),
    ("nor where that is no matter", case(similar=(Similar("c1", "spam"),), policy=rule(similar=False)), []),
    ("known people may repeat themselves", case(KNOWN, similar=(Similar("c1", "published"),) * 2), []),
    ("twice", case(KNOWN, similar=(Similar("c1", "published"),) * 3), ["similar.comment"]),
    ("words like spam", case(score=0.999), ["learned.spam"]),
    ("not enough", case(score=0.9989), []),
    ("known people use what words they like", case(KNOWN, score=0.999), []),
    ("Akismet", case(akismet=True), ["akismet.spam"]),
    ("Akismet lets it through", case(akismet=False), []),
    ("two at once", case(links=LINK, form=Form(asked=True)), ["form.missing", "links.guest"]),
]


@pytest.mark.parametrize(("one", "found"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_table(one: Case, found: list[str]) -> None:
    assert codes(one) == found


def test_every_reason_is_in_the_table() -> None:
    given = {code for _, _, found in CASES for code in found}
    assert REASONS.keys() - given == {"form.again", "flood.back"}  # test_judging.py, moderation/test_floods.py


def test_every_reason_explains_itself_and_is_given_by_something() -> None:
    package = Path(widget.__file__).parent
    files = [*(package / "checks").glob("*.py"), package / "services/judging.py"]
    files.append(package / "services/moderation/floods.py")
    given = set(re.findall(r'"([a-z]+\.[a-z_]+)"', "\n".join(path.read_text() for path in files)))
    assert REASONS.keys() - given == {"trust.always"} - given
    assert all(reason.words.endswith(".") and reason.waits in WAITS for reason in REASONS.values())


def test_the_worst_counts() -> None:
    assert Judgement().state == "published"
    assert Judgement((Verdict("links.guest"),)).state == "pending"
    assert Judgement((Verdict("links.guest"), Verdict("form.trap"))).state == "spam"
    assert {REASONS[code].verdict for code in ("links.guest", "form.trap")} == {HOLD, SPAM}


def test_its_author_is_told_the_most_useful_reason() -> None:
    assert Judgement().waits is None
    assert Judgement((Verdict("form.fast"), Verdict("links.guest"))).waits == "links"
    assert Judgement((Verdict("links.guest"), Verdict("policy.all"))).waits == "everyone"
    assert Judgement((Verdict("form.trap"),)).waits == "check"


def test_a_refusal_is_a_problem() -> None:
    with pytest.raises(Problem) as refused:
        checks.judge(case(guests=False)).require()
    assert refused.value.code == "guest.not_allowed"


def test_what_is_stored_is_read_again() -> None:
    found = Judgement((Verdict("words.held", "«öl»"), Verdict("links.many", "5")))
    assert read(found.text()) == found
    assert read("[]") == read("") == Judgement()
    assert read('[["of.another.release", ""]]') == Judgement()
