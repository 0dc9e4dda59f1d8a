"""Names, addresses and texts as people type them."""
# ruff: noqa: RUF001 - letters that look alike are what this is about

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.core.errors import Problem
from widget.core.text import clean_email, clean_name, clean_text, clean_website, is_blank

BLANK = [
    "",
    " ",
    "\t\n\r",
    "\u00a0\u2003\u3000",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u0301",
    "\u0301\u0316 \u0301",
    "\u20e3",
    "\u115f\u1160",
    "\u3164",
    "\uffa0",
    "\u2800\u2800",
    "\u202e\u202c",
    "\u00ad",
    "\u034f",
    "\u180e",
    "\u2028\u2029",
    "\x01\x1f",
    "\U000e0041",
    "\ufff0",
]


@pytest.mark.parametrize("text", BLANK)
def test_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["a", ".", "0", "é", "e\u0301", "🙂", "👩‍👩‍👧", "ㅎ", "⠁", "\ue000", "\U0001fae9", "ا"]
)
def test_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("  a  \n\n", "  a"),
        ("    code\n", "    code"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("ﬁ ² Ａ", "ﬁ ² Ａ"),
        ("a\tb\x07", "a\tb\x07"),
        ("\u202eabc", "\u202eabc"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_text(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize("text", ["a\x00", "\ud800", "a\udfffb"])
def test_text_that_is_none(text: str) -> None:
    with pytest.raises(Problem) as refused:
        clean_text(text)
    assert (refused.value.code, refused.value.field) == ("request.bad_field", "text")


@given(st.text())
def test_text_is_kept_for_good(text: str) -> None:
    if "\x00" not in text:
        once = clean_text(text)
        assert clean_text(once) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna  Bianchi ", "Anna Bianchi"),
        ("Anna\nBianchi\t", "Anna Bianchi"),
        ("a\x00b\x1bc", "a b c"),
        ("\u202eannA\u202c", "annA"),
        ("An\u200bna\ufeff", "Anna"),
        ("e\u0301", "é"),
        ("<b>x</b>", "<b>x</b>"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("a" + "\u0301" * 100, "á" + "\u0301" * 3),
        ("x" * 200, "x" * 80),
        ("x" * 79 + "👩‍👧", "x" * 79),
        ("\u3164", ""),
        ("\u200b\u0301 ", ""),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_name(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text(max_size=200))
def test_any_name_fits_on_one_line(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= 80
    assert clean_name(name) == name
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://anna.example/", "https://anna.example/"),
        (" http://anna.example/~a?b#c ", "http://anna.example/~a?b#c"),
        ("anna.example", "https://anna.example"),
        ("www.anna.example/a", "https://www.anna.example/a"),
        ("anna.example:8080", "https://anna.example:8080"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_website(typed: str, kept: str) -> None:
    assert clean_website(typed) == kept


NO_WEBSITE = """anna javascript:alert(1) javascript://x.example/%0aalert(1) data:text/html,x ftp://a.example/
    //a.example https:// https://a@b.example/ https://x mailto:a@b.example a@b.example""".split()


@pytest.mark.parametrize(
    "typed", ["", " ", "https://a b.example", "https://a.example/" + "x" * 600, "https://a.example/\u202e", *NO_WEBSITE]
)
def test_website_that_is_none(typed: str) -> None:
    with pytest.raises(Problem, match=r"guest\.bad_website"):
        clean_website(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a@b.example", "a@b.example"),
        (" Anna.B+c@Mail.EXAMPLE ", "Anna.B+c@mail.example"),
        ("o'hara@b.example", "o'hara@b.example"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
        ("é@b.example", "é@b.example"),
    ],
)
def test_email(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


NO_EMAIL = """a @ a@ @b.example a@b a@b..example a@.example a@b.example. a@b.example,c@d.example <a@b.example>
    a@@b.example .a@b.example a.@b.example a..b@c.example a@-b.example a@1.2.3.4 a@[1.2.3.4] a@b.exam_ple
    =?utf-8?q?=0D=0ABcc=3A_victim=40example=2Eorg?=@b.example a=?@b.example""".split()
NO_EMAIL += ["a\u202eb@c.example", "\u2066a@b.example", "a\u200bb@c.example", "a\x85b@c.example", "a\u2028@b.example"]


@pytest.mark.parametrize("typed", NO_EMAIL)
def test_email_that_is_none(typed: str) -> None:
    with pytest.raises(Problem, match=r"guest\.bad_email"):
        clean_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a b@c.example",
        "a@b c.example",
        '"a b"@c.example',
        "A <a@b.example>",
        "a@b.example\nBcc: c@d.example",
        "a\x00@b.example",
        "a" * 65 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 124 + "example",
    ],
)
def test_email_with_what_it_may_not_have(typed: str) -> None:
    with pytest.raises(Problem, match=r"guest\.bad_email"):
        clean_email(typed)
