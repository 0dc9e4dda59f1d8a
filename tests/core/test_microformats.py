"""Who says what on a page that mentions another one."""

import pytest

from widget.core.markup import parse
from widget.core.microformats import Author, Entry, entry, links
from widget.core.webmention import Target

HERE = "https://ada.test/notes/1"
THERE = "https://blog.test/post"
TARGET = Target(THERE)
LINK = f'<a href="{THERE}">there</a>'


def read(html: str) -> Entry:
    """What the page says about the target."""
    return entry(parse(html), HERE, TARGET.matches)


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        (f'<a class="u-in-reply-to" href="{THERE}">x</a>', "reply"),
        (f'<a class="u-like-of" href="{THERE}">x</a>', "like"),
        (f'<a class="u-repost-of" href="{THERE}">x</a>', "repost"),
        (f'<a class="u-bookmark-of" href="{THERE}">x</a>', "bookmark"),
        (f'<a class="u-like-of u-in-reply-to" href="{THERE}">x</a>', "reply"),
        (f'<div class="u-in-reply-to h-cite"><a class="u-url" href="{THERE}">x</a></div>', "reply"),
        (f'<div class="p-in-reply-to h-cite"><a class="u-url" href="{THERE}">x</a></div>', "mention"),
        (f'<data class="u-like-of" value="{THERE}"></data>', "like"),
        (f'<span class="u-like-of">{THERE}</span>', "like"),
        (f'<link class="u-like-of" href="{THERE}?utm_source=x">', "like"),
        (f'<a class="u-like-of" href="https://other.test/">x</a>{LINK}', "mention"),
        (f'<div class="h-entry"><a class="u-like-of" href="{THERE}">x</a></div>', "like"),
        (f'<template><a class="u-like-of" href="{THERE}">x</a></template>{LINK}', "mention"),
        (LINK, "mention"),
    ],
)
def test_what_it_is(inside: str, kind: str) -> None:
    assert read(f'<div class="h-entry"><p class="p-name">x</p>{inside}</div>').kind == kind


def test_of_several_entries_the_one_that_links_there() -> None:
    other = '<div class="h-entry"><b class="p-name">A</b></div>'
    html = f'<div class="h-feed">{other}<div class="h-entry"><b class="p-name">B</b>{LINK}</div></div>'
    assert read(html).title == "B"


@pytest.mark.parametrize(
    ("card", "author"),
    [
        (
            """<div class="p-author h-card"><img class="u-photo" src="/me.png" alt="">
            <a class="p-name u-url" href="/">Ada  L.</a></div>""",
            Author("Ada L.", "https://ada.test/", "https://ada.test/me.png"),
        ),
        ('<a class="p-author h-card" href="/ada">Ada</a>', Author("Ada", "https://ada.test/ada", "")),
        (
            '<a class="p-author h-card" href="//ada.test"><img src="a.png" alt="Ada"></a>',
            Author("Ada", "https://ada.test", "https://ada.test/notes/a.png"),
        ),
        ('<span class="p-author">Ada</span>', Author("Ada")),
        ('<abbr class="p-author" title="Ada Lovelace">AL</abbr>', Author("Ada Lovelace")),
        ('<a class="u-author" href="/ada"></a>', Author("", "https://ada.test/ada")),
        ("", Author()),
    ],
)
def test_who_it_is(card: str, author: Author) -> None:
    assert read(f'<div class="h-entry">{card}{LINK}</div>').author == author


def test_a_feeds_author_is_its_entries() -> None:
    html = f'<div class="h-feed"><a class="p-author h-card" href="/">Ada</a><div class="h-entry">{LINK}</div></div>'
    assert read(html).author.name == "Ada"


def test_what_it_says() -> None:
    content = f'<div class="e-content"><p>Long <a href="../x">x</a></p>{LINK}</div>'
    html = f'<main class="h-entry"><b class="p-name">On <i>bread</i></b><b class="p-summary">Short</b>{content}'
    found = read(html)
    assert (found.title, found.summary, found.text) == ("On bread", "Short", "Long x\nthere")
    assert found.html == f'<p>Long <a href="https://ada.test/x">x</a></p><a href="{THERE}">there</a>'


@pytest.mark.parametrize("name", ["Hello there", "Hello", "Hello…", "Hello..."])
def test_a_name_that_is_the_beginning_of_the_text_is_no_title(name: str) -> None:
    html = f'<div class="h-entry"><p class="p-name">{name}</p><p class="e-content">Hello {LINK}</p></div>'
    assert read(html).title == ""


def test_without_an_entry_the_pages_title() -> None:
    assert read(f"<title> Hello\n there </title>{LINK}") == Entry(title="Hello there")
    assert read(f'<title>Hello</title><div class="h-entry">{LINK}</div>').title == "Hello"


@pytest.mark.parametrize("href", ["http://[", "https://[::1", "//[x]/", "\x00", "http://\ud800"])
def test_addresses_that_are_none_are_none(href: str) -> None:
    html = (
        f'<base href="{href}"><a href="{href}">x</a><div class="h-entry"><a class="u-like-of" href="{href}">x</a></div>'
    )
    assert read(html).kind == "mention"
    assert not any(TARGET.matches(found) for _, found in links(parse(html), HERE))
