"""What strangers' pages say, read in linear time: elements with their attributes, and the text between them.

Nothing that is read here is ever shown: what is to be shown goes through core.sanitise. A reader that repairs pages as
browsers do takes the square of their size where somebody wants that (docs/decisions/013); this one knows what links and
microformats need: comments, raw text, quoted attributes, elements that are void or close by themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final, TypeAlias

MAX_DEPTH: Final = 100  # what hangs deeper hangs there
MAX_ELEMENTS: Final = 20_000  # what comes after them is not read
Child: TypeAlias = "str | Element"

_SPACE = r"[ \t\n\f\r]"
_TAG = re.compile(r"<(?:(?P<comment>!--)|(?P<bogus>[!?]|/(?![A-Za-z]))|(?P<end>/?)(?P<name>[A-Za-z][^ \t\n\f\r/>]*+))")
_COMMENT_END = re.compile(r"--!?>")
_BETWEEN = re.compile(r"[ \t\n\f\r/]*+")
_NAME = re.compile(r"=?[^ \t\n\f\r/>=]*+")
_EQUALS = re.compile(rf"{_SPACE}*+={_SPACE}*+")
_UNQUOTED = re.compile(r"[^ \t\n\f\r>]*+")
# In an attribute `&copy=1` is no copyright sign (HTML, 13.2.5.73): names without a semicolon stay.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9A-Fa-f]{1,9};?|[A-Za-z][A-Za-z0-9]{1,40};)")
VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
_RAW: Final = frozenset("script style xmp iframe noembed noframes textarea title".split())
_READ: Final = frozenset({"textarea", "title"})  # raw, but for character references
_BLOCKS: Final = frozenset(
    """address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hgroup hr main menu nav ol p pre section table ul""".split()
)
_CLOSES: Final = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    **dict.fromkeys(_BLOCKS, frozenset({"p"})),
}
_WRITTEN: Final = frozenset({"href", "src", "title", "alt", "start"})
_HOLDS: Final = frozenset("ul ol dl table select template body html".split())  # nothing within closes what is without


@dataclass(eq=False)
class Element:
    """One element; the root of a page has no name. Names are in lower case; the first of two attributes counts."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def has_rel(self, rel: str) -> bool:
        """Whether it says that it is a link of this kind."""
        return rel in self.attributes.get("rel", "").lower().split()


def parse(html: str) -> Element:
    """The elements of a page, as far as MAX_ELEMENTS go."""
    return _Reader(html).read()


def walk(element: Element) -> Iterator[Element]:
    """All elements below this one, in the order of the page; not those of templates, which are nowhere on it."""
    waiting = [iter(element.children)]
    while waiting:
        for child in waiting[-1]:
            if not isinstance(child, str):
                yield child
                if child.name != "template":
                    waiting.append(iter(child.children))
                    break
        else:
            waiting.pop()


def text_of(element: Element) -> str:
    """The words in it, blocks and breaks as lines; nothing of scripts and styles."""
    found: list[str] = []
    _gather(element, found)
    lines = (" ".join(line.split()) for line in "".join(found).split("\n"))
    return "\n".join(line for line in lines if line)


def inner_html(element: Element) -> str:
    """What is in it, written down again: something for the sanitiser."""
    found: list[str] = []
    for child in element.children:
        _write(child, found)
    return "".join(found)


def _gather(element: Element, found: list[str]) -> None:
    for child in element.children:
        if isinstance(child, str):
            found.append(child.replace("\n", " ") if element.name != "pre" else child)
        elif child.name == "br":
            found.append("\n")
        elif child.name not in {"script", "style", "template"}:
            line = "\n" if child.name in _BLOCKS or child.name in _CLOSES else ""
            found.append(line)
            _gather(child, found)
            found.append(line)


def _write(child: Child, found: list[str]) -> None:
    if isinstance(child, str):
        found.append(escape(child, quote=False))
        return
    if child.name in {"script", "style", "template"}:
        return
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items() if name in _WRITTEN)
    found.append(f"<{child.name}{attributes}>")
    for below in child.children:
        _write(below, found)
    if child.name not in VOID:
        found.append(f"</{child.name}>")


class _Reader:
    def __init__(self, html: str) -> None:
        self._html, self._at, self._count = html, 0, 0
        self._root = Element("")
        self._open = [self._root]
        self._deeper = 0  # elements that are open, but hang at the last one that may

    def read(self) -> Element:
        while self._count < MAX_ELEMENTS and (found := _TAG.search(self._html, self._at)):
            self._text(self._html[self._at : found.start()])
            self._at = found.end()
            if found["comment"]:
                self._comment()
            elif found["bogus"]:
                self._skip_to(">")
            else:
                self._tag(found["name"].lower(), ends=bool(found["end"]))
        if self._count < MAX_ELEMENTS:
            self._text(self._html[self._at :])
        return self._root

    def _text(self, text: str) -> None:
        if text:
            self._open[-1].children.append(unescape(text))

    def _comment(self) -> None:
        if self._html.startswith((">", "->"), self._at):
            self._skip_to(">")
            return
        end = _COMMENT_END.search(self._html, self._at)
        self._at = end.end() if end else len(self._html)

    def _skip_to(self, text: str) -> None:
        end = self._html.find(text, self._at)
        self._at = end + len(text) if end >= 0 else len(self._html)

    def _tag(self, name: str, *, ends: bool) -> None:
        attributes = self._attributes()
        if attributes is None:  # the page ends within the tag
            self._at = len(self._html)
        elif ends:
            self._end(name)
        else:
            self._start(name, attributes)

    def _attributes(self) -> dict[str, str] | None:
        html, found = self._html, dict[str, str]()
        while True:
            self._at = _match(_BETWEEN, html, self._at)
            if self._at >= len(html):
                return None
            if html[self._at] == ">":
                self._at += 1
                return found
            end = _match(_NAME, html, self._at)
            name, self._at = html[self._at : end].lower(), end
            value = ""
            if equals := _EQUALS.match(html, self._at):
                self._at = equals.end()
                quote = html[self._at : self._at + 1]
                if quote in {'"', "'"}:
                    end = html.find(quote, self._at + 1)
                    if end < 0:
                        return None
                    value, self._at = html[self._at + 1 : end], end + 1
                else:
                    end = _match(_UNQUOTED, html, self._at)
                    value, self._at = html[self._at : end], end
            found.setdefault(name, _REFERENCE.sub(lambda one: unescape(one[0]), value))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if closed := _CLOSES.get(name):
            self._close(closed)
        element = Element(name, attributes)
        self._open[-1].children.append(element)
        if name in _RAW:
            self._raw(element)
        elif name not in VOID:
            if len(self._open) <= MAX_DEPTH:
                self._open.append(element)
            else:
                self._deeper += 1

    def _raw(self, element: Element) -> None:
        """Everything up to the end tag is text, whatever it looks like."""
        end = re.compile(rf"</{element.name}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(self._html, self._at)
        text = self._html[self._at : end.start() if end else len(self._html)]
        element.children.append(unescape(text) if element.name in _READ else text)
        self._at = end.end() if end else len(self._html)
        if end:
            self._attributes()

    def _close(self, names: frozenset[str]) -> None:
        if self._deeper:
            return
        first = len(self._open)
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].name in names:
                first = place
            elif self._open[place].name in _HOLDS:
                break
        del self._open[first:]

    def _end(self, name: str) -> None:
        if self._deeper:
            self._deeper -= 1
            return
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].name == name:
                del self._open[place:]
                return


def _match(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what matches here ends."""
    found = pattern.match(text, at)
    return found.end() if found else at
