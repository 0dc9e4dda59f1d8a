"""What strangers write stands in mails as words alone: nothing of it runs, loads, leads away or ends the mail."""

import re
from html import unescape

import pytest
from jinja2 import Environment, PackageLoader
from playwright.sync_api import Browser

from tests.services.mail.people import confirmed
from tests.support import trials
from tests.support.api import PAGE, Page
from tests.support.hand import Hand
from tests.support.hostile import TEXTS
from tests.support.mailcheck import faults, parsed
from tests.support.postbox import Postbox, html_of, text_of
from widget.channels import mail
from widget.core import clock, letters, text
from widget.core.letters import Letter, Link, Links, Quote, Words
from widget.core.text import Markup

OURS = ("https://comments.test/", "https://blog.test/")
HEADERS = """From To Subject Date Message-ID Auto-Submitted Content-Language List-Id List-Unsubscribe
List-Unsubscribe-Post MIME-Version Content-Type""".split()
MARKUPS: tuple[Markup, ...] = ("markdown", "html", "wordpress")


def compose(said: str) -> bytes:
    """The mail that quotes `said`, as mails to visitors do."""
    blocks = (Words("Bob replied"), Quote(said, by="Bob"), Links((Link("Answer", PAGE, strong=True),)))
    letter = Letter("Bob replied", blocks, (Link("Stop", "https://comments.test/mail/stop/x"),))
    return mail.compose(
        letter,
        mail.Envelope(
            sender=("The blog", "comments@comments.test"),
            to="ann@example.org",
            lang="en",
            direction="ltr",
            message_id="1@comments.test",
            date=clock.now(),
            list_id="blog.comments.test",
            list_name="The blog",
            stop="https://comments.test/mail/stop/x",
        ),
    )


def quoted(raw: str, markup: Markup) -> tuple[bytes, list[str]]:
    """The mail about a comment; and what must be in it: the comment's words, and where its links lead."""
    made = text.render(f"Before\n\n{raw}\n\nAfter", markup=markup)
    pieces = re.split(r"<[^>]+>", made.html) + re.findall(r'<a href="([^"]+)"', made.html)
    return compose(letters.excerpt(made.tree, longest=20_000)), pieces


def unwell(sent: bytes) -> list[str]:
    """What is wrong with it."""
    return faults(sent, headers=HEADERS, ours=OURS, sender="comments@comments.test")


def bare(said: str) -> str:
    """Without anything that nobody sees."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", "", said)


def test_texts_of_strangers_stay_words(pytestconfig: pytest.Config, record_property: trials.Noted) -> None:
    for at, raw in enumerate(TEXTS):
        for markup in MARKUPS if pytestconfig.getoption("full") else MARKUPS[at % 3 :][:1]:
            sent, pieces = quoted(raw, markup)
            assert unwell(sent) == [], raw
            said = bare(re.sub(r"\n> ?", "\n", text_of(parsed(sent))))
            # Its words, and where a link would have led.
            assert [piece for piece in pieces if bare(unescape(piece)) not in said] == [], raw
    trials.note(record_property, "I2.words", len(TEXTS))


def test_the_control_words_that_are_not_escaped_are_found_out(
    monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    careless = Environment(loader=PackageLoader("widget.channels", "templates"), autoescape=False)  # noqa: S701 - on purpose
    monkeypatch.setattr(mail, "_templates", lambda: careless)
    broken = [raw for raw in TEXTS if unwell(compose(raw))]
    assert len(broken) > len(TEXTS) / 2
    trials.note(record_property, "I2.words", 0, control=len(broken))


def shown(window: Browser, mails: list[bytes]) -> list[str]:
    """What happened while a browser showed these mails: dialogs, requests, ways elsewhere."""
    page = window.new_context(java_script_enabled=True).new_page()
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(f"dialog {dialog.message}"), dialog.dismiss())[0])
    page.on("request", lambda request: happened.append(f"asked {request.url}"))
    page.route("**/*", lambda route: route.abort())
    for sent in mails:
        page.set_content(html_of(parsed(sent)), wait_until="domcontentloaded")
        happened += [f"ran {one}" for one in page.evaluate(_STIR)]
    page.context.close()
    return happened


# What people and programs do with a page, for handlers that wait for it.
_STIR = """() => {
  const ran = []; window.alert = (...what) => ran.push(`alert ${what}`);
  for (const one of document.querySelectorAll('*'))
    for (const name of ['error', 'load', 'focus', 'mouseover', 'click', 'toggle', 'start'])
      if (one.localName !== 'a') one.dispatchEvent(new Event(name));
  return ran; }"""


def test_a_browser_that_shows_them_runs_and_fetches_nothing(window: Browser, record_property: trials.Noted) -> None:
    assert shown(window, [quoted(raw, "html")[0] for raw in TEXTS]) == []
    trials.note(record_property, "I2.browser", len(TEXTS))


def test_the_control_the_same_browser_runs_what_is_not_escaped(
    window: Browser, monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    careless = Environment(loader=PackageLoader("widget.channels", "templates"), autoescape=False)  # noqa: S701 - on purpose
    monkeypatch.setattr(mail, "_templates", lambda: careless)
    worked = [raw for raw in TEXTS[::9] if shown(window, [compose(raw)])]
    assert worked
    trials.note(record_property, "I2.browser", 0, control=len(worked))


@pytest.mark.parametrize("raw", TEXTS[:: len(TEXTS) // 8], ids=str)
def test_they_arrive_through_the_whole_house(page: Page, box: Postbox, hand: Hand, raw: str) -> None:
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    Page(page.client).be_guest("Bob").posted(f"Before\n\n{raw}\n\nAfter", first)
    hand.work()
    [sent] = box.mails
    assert text_of(sent).index("Before") < text_of(sent).index("After")
    headers = [*HEADERS, "In-Reply-To", "References"]
    assert faults(box.raw[0], headers=headers, ours=OURS, sender="comments@comments.test") == []


def test_a_very_long_comment_is_cut() -> None:
    assert len(letters.excerpt(["x" * 100_000])) < 2_000
