"""Who says what on a page that mentions another one: its h-entry, as far as a conversation needs it (microformats2).

Read are in-reply-to, like-of, repost-of, bookmark-of, name, summary, content, and the author's h-card.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from widget.core import markup
from widget.core.markup import Element

# property -> what the entry is, where it names the page that is asked about; the first that does counts.
_KINDS = {"u-in-reply-to": "reply", "u-like-of": "like", "u-repost-of": "repost", "u-bookmark-of": "bookmark"}
KINDS = (*_KINDS.values(), "mention")
_LINKS = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("img", "audio", "video", "source", "iframe", "embed", "track"), "src"),
    **dict.fromkeys(("blockquote", "q", "ins", "del"), "cite"),
    "object": "data",
}
Matches = Callable[[str], bool]


@dataclass(frozen=True)
class Author:
    """As the page says: nobody has checked it. Addresses are absolute, or ""."""

    name: str = ""
    url: str = ""
    photo: str = ""


@dataclass(frozen=True)
class Entry:
    """What the page says about the other one: one of KINDS. `html` is as foreign as the page; `text` are its words."""

    kind: str = "mention"
    title: str = ""
    summary: str = ""
    html: str = ""
    text: str = ""
    author: Author = Author()


def links(page: Element, base: str) -> Iterator[tuple[Element, str]]:
    """Every address that a page links to or shows, with its element; absolute."""
    base = base_of(page, base)
    for element in markup.walk(page):
        name = _LINKS.get(element.name)
        if name and name in element.attributes:
            yield element, absolute(base, element.attributes[name])


def base_of(page: Element, address: str) -> str:
    """What relative addresses on a page at `address` are relative to."""
    bases = (one.attributes["href"] for one in markup.walk(page) if one.name == "base" and "href" in one.attributes)
    return absolute(address, next(bases, ""))


def absolute(base: str, href: str) -> str:
    """An address of a page; "" where it is none."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def entry(page: Element, base: str, matches: Matches) -> Entry:
    """What a page says, which links to an address that `matches`; without an h-entry, its title alone."""
    found = _entry_of(page, base, matches)
    base = base_of(page, base)
    if found is None:
        return Entry(title=title_of(page))
    properties = list(_properties(found))
    content = next((one for name, one in properties if name == "e-content"), None)
    text = markup.text_of(content) if content else _first(properties, "p-content")
    title, summary = _line(_first(properties, "p-name")), _first(properties, "p-summary")
    if not (title or summary or text):
        title = title_of(page)
    return Entry(
        kind=_kind(properties, base, matches),
        title="" if _line(text).startswith(title.rstrip("….")) else title,
        summary=summary,
        html=_inner(content, base) if content else "",
        text=text,
        author=_author(found, properties, base) or _author_of_feed(page, found, base),
    )


def title_of(page: Element) -> str:
    """The title of a page, in one line."""
    return next((_line(markup.text_of(one)) for one in markup.walk(page) if one.name == "title"), "")


def _entry_of(page: Element, base: str, matches: Matches) -> Element | None:
    """The h-entry in which the link stands, of several; else the first one."""
    linking = {id(element) for element, href in links(page, base) if matches(href)}
    first = None
    for element, entry in _within(page, None):
        if entry is not None and id(element) in linking:
            return entry
        first = first or entry
    return first


def _within(element: Element, entry: Element | None) -> Iterator[tuple[Element, Element | None]]:
    """Each element below, with the h-entry that is nearest around it."""
    for child in element.children:
        if not isinstance(child, str):
            around = child if "h-entry" in child.classes else entry
            yield child, around
            if child.name != "template":
                yield from _within(child, around)


def _properties(item: Element) -> Iterator[tuple[str, Element]]:
    """An item's own properties in order, not those of items within it."""
    for child in item.children:
        if isinstance(child, str) or child.name == "template":
            continue
        for name in child.classes:
            if name.startswith(("p-", "u-", "e-")):
                yield name, child
        if not _is_item(child):
            yield from _properties(child)


def _is_item(element: Element) -> bool:
    return any(name.startswith("h-") and name[2:].replace("-", "").isalpha() for name in element.classes)


def _kind(properties: list[tuple[str, Element]], base: str, matches: Matches) -> str:
    for wanted, kind in _KINDS.items():
        for name, element in properties:
            if name == wanted and any(matches(address) for address in _addresses(element, base)):
                return kind
    return "mention"


def _addresses(element: Element, base: str) -> Iterator[str]:
    """The addresses that a u- property has: its own, or those of the item that it is."""
    if own := _url(element, base):
        yield own
    if _is_item(element):
        for name, below in _properties(element):
            if name in {"u-url", "u-uid"}:
                yield _url(below, base)


def _url(element: Element, base: str) -> str:
    name = _LINKS.get(element.name) or {"abbr": "title", "data": "value", "input": "value"}.get(element.name, "")
    said = element.attributes.get(name, "") if name else ""
    if not said and _is_item(element):
        return ""
    said = said or markup.text_of(element)
    return absolute(base, said) if said else ""


def _text(element: Element) -> str:
    name = {"abbr": "title", "link": "title", "data": "value", "input": "value", "img": "alt", "area": "alt"}
    said = element.attributes.get(name[element.name]) if element.name in name else None
    return markup.text_of(element) if said is None else " ".join(said.split())


def _first(properties: list[tuple[str, Element]], wanted: str) -> str:
    return next((text for name, element in properties if name == wanted and (text := _text(element))), "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _author(item: Element, properties: list[tuple[str, Element]], base: str) -> Author | None:
    found = next((element for name, element in properties if name in {"p-author", "u-author"}), None)
    if found is None:
        found = next((one for one in markup.walk(item) if "h-card" in one.classes and "author" in one.classes), None)
    return _card(found, base) if found else None


def _author_of_feed(page: Element, entry: Element, base: str) -> Author:
    """Of a feed whose entries have none: the feed's."""
    for feed in markup.walk(page):
        if "h-feed" in feed.classes and any(one is entry for one in markup.walk(feed)):
            return _author(Element(""), list(_properties(feed)), base) or Author()
    return Author()


def _card(element: Element, base: str) -> Author:
    if "h-card" not in element.classes:
        url = _url(element, base) if element.name in _LINKS else ""
        return Author(name=_line(_text(element)), url=url)
    properties = list(_properties(element))
    below = [element, *markup.walk(element)]
    image = next((one for one in below if one.name == "img"), None)
    link = next((one for one in below if one.name == "a" and "href" in one.attributes), None)

    def address(wanted: str, implied: Element | None) -> str:
        said = next((one for name, one in properties if name == wanted), implied)
        return _url(said, base) if said else ""

    name = _first(properties, "p-name") or _text(element) or (_text(image) if image else "")
    return Author(name=_line(name), url=address("u-url", link), photo=address("u-photo", image))


def _inner(content: Element, base: str) -> str:
    """What is in it, its links absolute."""
    for element in markup.walk(content):
        for name in ("href", "src"):
            if name in element.attributes:
                element.attributes[name] = absolute(base, element.attributes[name])
    return markup.inner_html(content)
