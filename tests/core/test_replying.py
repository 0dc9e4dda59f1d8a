"""Of an answer its author's words are left: a table of what programs send, and texts made to take long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples_of_answers import SAMPLES, Sample
from widget.core import replying

OURS = ("The blog", "comments@comments.test")
PARTS = st.sampled_from([*"a1 \n>:-_@<", "On 1 ", "wrote:\n", "> ", "From: a\n", "\n\n", "-- \n", "x@y.example"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_what_is_left(sample: Sample) -> None:
    assert replying.cut(sample.text, ours=OURS) == sample.said
    assert replying.cut(sample.text.replace("\n", "\r\n"), ours=OURS) == sample.said


def test_enough_programs_and_languages_are_in_the_table() -> None:
    assert len(SAMPLES) >= 50
    names = " ".join(sample.name for sample in SAMPLES)
    for program in (
        "gmail",
        "outlook desktop",
        "outlook web",
        "outlook ios",
        "apple",
        "thunderbird",
        "yahoo",
        "proton",
    ):
        assert program in names
    for language in ("de", "fr", "it", "es", "ja"):
        assert f"gmail {language}" in names
        assert f"outlook desktop {language}" in names


@pytest.mark.parametrize("name", [sample.name for sample in SAMPLES if "comments.test" in sample.text])
def test_no_secret_link_of_the_mail_is_left(name: str) -> None:
    [sample] = [one for one in SAMPLES if one.name == name]
    assert "mail/decide" not in replying.cut(sample.text, ours=OURS)


@given(st.lists(PARTS, max_size=40).map("".join))
def test_what_is_left_was_there(text: str) -> None:
    left = replying.cut(text, ours=OURS)
    lines = [line.rstrip() for line in text.split("\n")]
    assert all(line in lines for line in left.split("\n") if line)
    assert replying.unwrap(left) is not None


@pytest.mark.parametrize(
    "bomb",
    ["On ", "a: b\n", "-", ">", " ", "On 1 a@b:\n", "a@", f"{'x' * 390} 1:\n", f"{'-' * 80}a{'-' * 79}\n", "*_"],
)
def test_no_text_takes_the_square_of_its_length(bomb: str) -> None:
    def seconds(length: int) -> float:
        text = (bomb * length)[:length]
        start = time.perf_counter()
        replying.unwrap(replying.cut(text, ours=OURS) or text)
        return time.perf_counter() - start

    small = min(seconds(20_000) for _ in range(3))
    assert min(seconds(160_000) for _ in range(3)) < 8 * 4 * max(small, 0.002)


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        (
            "A line of about seventy letters that a mail program has broken here\nand that goes on. Short.\n\nNew.",
            "A line of about seventy letters that a mail program has broken here and that goes on. Short.\n\nNew.",
        ),
        (
            "A long line of about seventy letters that a mail program has not broken\n- one\n2. two",
            "A long line of about seventy letters that a mail program has not broken\n- one\n2. two",
        ),
        ("One\nTwo\nThree", "One\nTwo\nThree"),
        (f"{'long ' * 40}\nnext", f"{'long ' * 40}\nnext"),
    ],
)
def test_broken_lines_are_joined(wrapped: str, whole: str) -> None:
    assert replying.unwrap(wrapped) == whole


SLIP = f"{'WzE4' * 20}.{'a-_4' * 10}abc"


@pytest.mark.parametrize(
    "left",
    [
        f"https://comments.test/mail/decide/{SLIP}",
        f"https://comments.test/\n  mail/decide/{SLIP}",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcomments.test%2Fmail%2Fstop%2FWzE&data=05",
        "https://safe.example/?u=https%253A%252F%252Fcomments.test%252Fmail%252Fmine%252FWzE",
        "https://urldefense.com/v3/__https://comments.test/mail/decide/WzE__;!!abc",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__comments.test_mail_decide_WzE&d=Dw",
        f"(https://comments.test/mail/de-\ncide/\n{SLIP})",
        f"<{SLIP}>",
    ],
)
def test_a_link_of_ours_is_found_in_any_clothes(left: str) -> None:
    assert replying.has_link_of_ours(f"It is so. {left}")


@pytest.mark.parametrize(
    "said",
    [
        "Write me a mail, stop that, and decide/think.",
        "See https://mail.example.org/help/stop and www.a-very-long-name-of-some-host.example.org/x.html?a=b",
        "A sentence of some length without a comma in it.Another one that begins without a space and goes on and on",
        "100% of 50%25 is mail%20order",
    ],
)
def test_other_words_are_no_links_of_ours(said: str) -> None:
    assert not replying.has_link_of_ours(said)
