"""Which addresses are one page, which are two, and which are none."""
# ruff: noqa: RUF001 - letters that look alike are what this is about

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from widget.core.errors import Problem
from widget.core.urls import MAX_LENGTH, TRACKING, canonical, is_origin, origin_of

# Left and right are the same page.
SAME = [
    ("https://blog.example", "https://blog.example/"),
    ("https://blog.example/", "HTTPS://BLOG.example/"),
    ("https://blog.example/", "https://Blog.Example/"),
    ("https://blog.example/", "https://blog.example:443/"),
    ("https://blog.example/", "https://blog.example:/"),
    ("https://blog.example/", "https://blog.example:0443/"),
    ("http://blog.example/", "http://blog.example:80/"),
    ("http://blog.example:8000/", "http://blog.example:08000/"),
    ("https://blog.example/", " https://blog.example/ "),
    ("https://blog.example/", "https://blog.example/?"),
    ("https://blog.example/", "https://blog.example/#"),
    ("https://blog.example/", "https://blog.example/?#"),
    ("https://blog.example/", "https://blog.example#top"),
    ("https://blog.example/a", "https://blog.example/a#comment-7"),
    ("https://blog.example/a", "https://blog.example/a#!/b"),
    ("https://blog.example/a", "https://blog.example/a#a?b=c"),
    ("https://blog.example/?a=1", "https://blog.example?a=1"),
    ("https://blog.example/?a=1", "https://blog.example/?a=1&"),
    ("https://blog.example/?a=1", "https://blog.example/?&a=1"),
    ("https://blog.example/?a=1&b=2", "https://blog.example/?a=1&&b=2"),
    ("https://blog.example/b", "https://blog.example/a/../b"),
    ("https://blog.example/b", "https://blog.example/./b"),
    ("https://blog.example/b", "https://blog.example/../../b"),
    ("https://blog.example/a/", "https://blog.example/a/."),
    ("https://blog.example/a/", "https://blog.example/a/b/.."),
    ("https://blog.example/", "https://blog.example/.."),
    ("https://blog.example/b", "https://blog.example/a/%2e%2e/b"),
    ("https://blog.example/b", "https://blog.example/%2E/b"),
    ("https://blog.example/a/b", "https://blog.example/a/.%2e/a/b"),
    ("https://blog.example/abc", "https://blog.example/%61%62c"),
    ("https://blog.example/~me", "https://blog.example/%7Eme"),
    ("https://blog.example/a-b_c.d", "https://blog.example/a%2Db%5Fc%2Ed"),
    ("https://blog.example/%2F", "https://blog.example/%2f"),
    ("https://blog.example/%C3%A9", "https://blog.example/%c3%a9"),
    ("https://blog.example/%C3%A9", "https://blog.example/é"),
    ("https://blog.example/%C3%A9", "https://blog.example/%c3%A9"),
    ("https://blog.example/日本", "https://blog.example/%E6%97%A5%E6%9C%AC"),
    ("https://blog.example/a%20b", "https://blog.example/a b"),
    ("https://blog.example/%22", 'https://blog.example/"'),
    ("https://blog.example/%3C%3E", "https://blog.example/<>"),
    ("https://blog.example/%7Ba%7D", "https://blog.example/{a}"),
    ("https://blog.example/a%7Cb", "https://blog.example/a|b"),
    ("https://blog.example/%5Ba%5D", "https://blog.example/[a]"),
    ("https://blog.example/%5E%60", "https://blog.example/^`"),
    ("https://blog.example/100%25", "https://blog.example/100%"),
    ("https://blog.example/%25zz", "https://blog.example/%zz"),
    ("https://blog.example/?q=%C3%A9", "https://blog.example/?q=é"),
    ("https://blog.example/?q=%22", 'https://blog.example/?q="'),
    ("https://blog.example/?q=%5C", "https://blog.example/?q=\\"),
    ("https://blog.example/?q=a", "https://blog.example/?q=%61"),
    ("https://blog.example/?a=/?b", "https://blog.example/?a=/?b#x"),
    ("https://xn--mnchen-3ya.example/", "https://münchen.example/"),
    ("https://xn--mnchen-3ya.example/", "https://MÜNCHEN.example/"),
    ("https://xn--mnchen-3ya.example/", "https://m%C3%BCnchen.example/"),
    ("https://xn--mnchen-3ya.example/", "https://XN--MNCHEN-3YA.example/"),
    ("https://xn--mnchen-3ya.example/", "https://mu\u0308nchen.example/"),
    ("https://xn--fa-hia.example/", "https://faß.example/"),
    ("https://blog.example/", "https://ｂｌｏｇ.example/"),
    ("https://blog.example/", "https://blog。example/"),
    ("https://xn--i-7iq.example/", "https://i❤.example/"),
    ("https://xn--e1afmkfd.xn--p1ai/", "https://пример.рф/"),
    ("https://my_blog.example/", "https://MY_BLOG.example/"),
    ("http://127.0.0.1:8000/", "http://１２７.0.0.1:8000/"),
    ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]/"),
    ("http://[::1]/", "http://[0000::0001]:80/"),
    ("http://[2001:db8::1]/", "http://[2001:DB8:0::1]/"),
    ("http://[2001:db8::1:0:0:1]/", "http://[2001:db8:0:0:1:0:0:1]/"),
    ("http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]/"),
    ("http://[::]/", "http://[0::0]/"),
    ("https://blog.example/?p=7", "https://blog.example/?p=7&utm_source=x&utm_medium=y"),
    ("https://blog.example/?p=7", "https://blog.example/?utm_campaign=x&p=7"),
    ("https://blog.example/?p=7", "https://blog.example/?UTM_Source=x&p=7"),
    ("https://blog.example/?p=7", "https://blog.example/?%75tm_source=x&p=7"),
    ("https://blog.example/?p=7", "https://blog.example/?p=7&utm_id"),
    ("https://blog.example/", "https://blog.example/?ref_src=twsrc%5Etfw"),
    *[("https://blog.example/a?b=1", f"https://blog.example/a?b=1&{name}=x") for name in sorted(TRACKING)[:20]],
]

# Left and right are two pages.
DIFFERENT = [
    ("http://blog.example/", "https://blog.example/"),
    ("https://blog.example/", "https://www.blog.example/"),
    ("https://blog.example/", "https://blog.example:8443/"),
    ("https://blog.example/", "https://blog.example:80/"),
    ("https://blog.example/", "https://blog.example./"),
    ("https://blog.example/", "https://xblog.example/"),
    ("https://blog.example/", "https://blog.example.evil.example/"),
    ("https://a.example/", "https://а.example/"),
    ("https://fass.example/", "https://faß.example/"),
    ("https://blog.example/a", "https://blog.example/a/"),
    ("https://blog.example/", "https://blog.example/index.html"),
    ("https://blog.example/a", "https://blog.example/A"),
    ("https://blog.example/a//b", "https://blog.example/a/b"),
    ("https://blog.example/a", "https://blog.example//a"),
    ("https://blog.example/a/b", "https://blog.example/a%2Fb"),
    ("https://blog.example/a;v=1", "https://blog.example/a"),
    ("https://blog.example/a,b", "https://blog.example/a%2Cb"),
    ("https://blog.example/a+b", "https://blog.example/a%20b"),
    ("https://blog.example/a.", "https://blog.example/a"),
    ("https://blog.example/...", "https://blog.example/"),
    ("https://blog.example/%25", "https://blog.example/%2525"),
    ("https://blog.example/%3F", "https://blog.example/?"),
    ("https://blog.example/%23a", "https://blog.example/#a"),
    ("https://blog.example/é", "https://blog.example/e\u0301"),
    ("https://blog.example/?p=7", "https://blog.example/"),
    ("https://blog.example/?p=7", "https://blog.example/?p=8"),
    ("https://blog.example/?a=1&b=2", "https://blog.example/?b=2&a=1"),
    ("https://blog.example/?a", "https://blog.example/?a="),
    ("https://blog.example/?a=1", "https://blog.example/?A=1"),
    ("https://blog.example/?a=1", "https://blog.example/?a=1&a=1"),
    ("https://blog.example/?q=a+b", "https://blog.example/?q=a%20b"),
    ("https://blog.example/?q=a%26b", "https://blog.example/?q=a&b"),
    ("https://blog.example/?q=1;r=2", "https://blog.example/?q=1&r=2"),
    ("https://blog.example/?ref=a", "https://blog.example/"),
    ("https://blog.example/?utm=a", "https://blog.example/"),
    ("https://blog.example/?xutm_source=a", "https://blog.example/"),
    ("https://blog.example/?id=fbclid", "https://blog.example/"),
    ("http://[::1]/", "http://[::2]/"),
    ("http://127.0.0.1/", "http://localhost/"),
]

NONE = [
    "",
    " ",
    "blog.example",
    "/a",
    "?p=1",
    "//blog.example/",
    "https:",
    "https:/blog.example",
    "https:blog.example",
    "https://",
    "https:///a",
    "https://?a",
    "https://:443/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://blog.example/",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://blog.example/",
    "blob:https://blog.example/x",
    "about:blank",
    "mailto:a@blog.example",
    "https://user@blog.example/",
    "https://user:pw@blog.example/",
    "https://blog.example@evil.example/",
    "https://@blog.example/",
    "https://blog.example\\@evil.example/",
    "https:\\\\blog.example\\",
    "https://blog.example\\a",
    "https://blog.example/a\\b",
    "https://blog.exam\nple/",
    "https://blog.example/\r\nX-Header: 1",
    "https://blog.example/a\tb",
    "\x01https://blog.example/",
    "https://blog.example/\x00",
    "https://blog.example/\x7f",
    "https://blog.example/\x85",
    "https://blog.example/\ud800",
    "https://blog.example/%00",
    "https://blog.example/%0d%0aX",
    "https://blog.example/?a=%0A",
    "https://blog .example/",
    "https://blog.example /",
    "https://-blog.example/",
    "https://blog-.example/",
    "https://.blog.example/",
    "https://blog..example/",
    "https://blog.example../",
    "https://bl%2Fog.example/",
    "https://bl%40og.example/",
    "https://bl%ffog.example/",
    "https://blog.example:port/",
    "https://blog.example:65536/",
    "https://blog.example:-1/",
    "https://blog.example:٣/",
    "https://blog.example:4:5/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://[::1/",
    "http://::1/",
    "http://[fe80::1%25eth0]/",
    "http://[::ffff:1.2.3]/",
    "http://[]/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 127 + "example/",
    "https://blog.example/" + "a" * MAX_LENGTH,
    "https://blog.example/" + "é" * (MAX_LENGTH // 3),
    "https://blog.example/?fbclid=" + "a" * 9_000,
]


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(SAME) + len(DIFFERENT) >= 120


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_page(left: str, right: str) -> None:
    assert canonical(left) == canonical(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_two_pages(left: str, right: str) -> None:
    assert canonical(left) != canonical(right)


@pytest.mark.parametrize("url", NONE)
def test_no_page(url: str) -> None:
    with pytest.raises(Problem) as refused:
        canonical(url)
    assert (refused.value.code, refused.value.field) == ("page.bad_url", "url")


@pytest.mark.parametrize("url", sorted({url for pair in SAME + DIFFERENT for url in pair}))
def test_written_once_written_for_good(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert once.isascii()


PIECES = [
    "/",
    ".",
    "..",
    "%2e",
    "%",
    "%4",
    "%41",
    "%2F",
    "%zz",
    "a",
    "é",
    " ",
    "?",
    "&",
    "=",
    "#",
    "utm_x",
    "%75tm_",
    ";",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join))
@example("/%%75tm_x")
@example("/%%34")
def test_any_path_is_written_for_good_or_refused(rest: str) -> None:
    try:
        once = canonical(f"https://blog.example/{rest}")
    except Problem as refused:
        assert refused.code == "page.bad_url"  # noqa: PT017 - either outcome is right
    else:
        assert canonical(once) == once
        assert once.startswith("https://blog.example/")


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"http://{text}/"):
        try:
            once = canonical(url)
        except Problem as refused:
            assert refused.code == "page.bad_url"  # noqa: PT017 - either outcome is right
        else:
            assert canonical(once) == once
            assert is_origin(origin_of(once))


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("a", "https://blog.example/2011/a"),
        ("/a", "https://blog.example/a"),
        ("../a", "https://blog.example/a"),
        ("?a=1", "https://blog.example/2011/post?a=1"),
        ("#x", "https://blog.example/2011/post"),
        ("", "https://blog.example/2011/post"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("http://other.example/", "http://other.example/"),
    ],
)
def test_relative_to_the_page(url: str, page: str) -> None:
    assert canonical(url, "https://blog.example/2011/post") == page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "java\nscript:x", "//user@blog.example/"])
def test_relative_and_refused(url: str) -> None:
    with pytest.raises(Problem):
        canonical(url, "https://blog.example/")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://Blog.Example:443/a?b#c", "https://blog.example"),
        ("http://blog.example:8080/a", "http://blog.example:8080"),
        ("http://[0::1]:80/", "http://[::1]"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example"),
    ],
)
def test_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin
    assert is_origin(origin)


NO_ORIGIN = """null * https://blog.example/ https://blog.example:443 HTTPS://blog.example blog.example https://Blog.example
    https://user@blog.example https://blog.example# file:// https://münchen.example https://*.blog.example
    https://blog.example,https://evil.example https://blog.example?""".split()


@pytest.mark.parametrize("value", ["", "https://blog.example ", " https://blog.example", *NO_ORIGIN])
def test_no_origin(value: str) -> None:
    assert not is_origin(value)
