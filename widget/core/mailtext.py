"""A mail as it arrives, reduced to plain text: the text part where there is one, else the words of its html.

Nothing here believes the mail: a charset that is unknown or lies, parts nested without end, broken base64 give text
that can be read or none, never an error.
"""

import codecs
import email
import email.policy
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from html.parser import HTMLParser

import nh3

_MOST_PARTS = 200
_LONGEST = 200_000  # characters of a part that are looked at
_LONGEST_HTML = 80_000  # elements within each other take the square of their number
_BLOCKS = frozenset(
    "address article blockquote div dl dd dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split()
)
# Elements after which Outlook puts the mail that is answered.
_ENDS = frozenset(
    "divrplyfwdmsg x_divrplyfwdmsg appendonsend x_appendonsend mail-editor-reference-message-container".split()
)
CUT = "-----Original Message-----"


def parsed(raw: bytes) -> Message:
    """A mail from its bytes. Raises ValueError where parts are nested beyond measure."""
    try:
        return email.message_from_bytes(raw, policy=email.policy.compat32)
    except RecursionError as error:
        raise ValueError("parts nested beyond measure") from error


def headers_of(raw: bytes) -> Message:
    """Its headers alone, whatever stands below them."""
    return BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw)


def text_of(message: Message) -> str:
    """The words of a mail in lines; "" where it has none. Attachments are not looked into."""
    html = ""
    for part in _parts(message):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        if kind == "text/plain" and (text := _decoded(part)).strip():
            return _unflow(text, part) if part.get_param("format", "") == "flowed" else text
        if kind == "text/html" and not html:
            html = _decoded(part)
    return words_of(html) if html else ""


def attachments(message: Message) -> int:
    """How many files came with it."""
    return sum(bool(part.get_content_disposition() == "attachment" or part.get_filename()) for part in _parts(message))


def words_of(html: str) -> str:
    """The words of html from a stranger, in lines; what is quoted in it has `> ` before each line."""
    kept = {"*": {"id"}, "a": {"href"}, "br": set()}
    clean = nh3.clean(
        html[:_LONGEST_HTML], tags=_BLOCKS | {"a", "br", "span", "td", "b", "i"}, attributes=kept, link_rel=None
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Reads html that nh3 has put in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._depth = 0
        self._pre = 0
        self._hrefs: list[tuple[str, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (given.get("id") or "").lower() in _ENDS:
            self._break()
            self._lines += [CUT, ""]
        if tag == "br":
            self._lines.append("")
        elif tag in _BLOCKS:
            self._break()
        self._depth += tag == "blockquote"
        self._pre += tag == "pre"
        if tag == "li":
            self._lines[-1] = "- "
        if tag == "a":
            self._hrefs.append((given.get("href") or "", len(self._lines) - 1, len(self._lines[-1])))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._hrefs:
            href, line, start = self._hrefs.pop()
            is_web = href.startswith(("http://", "https://"))
            words = "\n".join(self._lines[line:])[start:].strip() if is_web else ""
            if words and words.rstrip("/") != href.rstrip("/"):
                self._lines[-1] += f" ({href})"
        if tag in _BLOCKS:
            self._break()
            if tag == "p":
                self._lines.append("")
        self._depth -= tag == "blockquote"
        self._pre -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self._pre:
            first, *others = data.split("\n")
            self._add(first)
            for line in others:
                self._lines.append("")
                self._add(line)
        else:
            words = " ".join(data.split())
            lead = " " if data[:1].isspace() and self._lines[-1].strip() else ""
            self._add(f"{lead}{words}{' ' if words and data[-1:].isspace() else ''}")

    def _add(self, words: str) -> None:
        if words and not self._lines[-1] and self._depth:
            self._lines[-1] = "> " * min(self._depth, 9)
        self._lines[-1] += words.lstrip() if not self._lines[-1] and not self._pre else words

    def _break(self) -> None:
        if self._lines[-1].strip():
            self._lines.append("")

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._lines).strip("\n")


def _parts(message: Message) -> Iterator[Message]:
    """Every part that is no container, in order; none of a mail that travels inside this one."""
    todo, seen = [message], 0
    while todo and seen < _MOST_PARTS:
        part, seen = todo.pop(), seen + 1
        if part.get_content_maintype() == "message":
            continue
        inner = part.get_payload()
        if isinstance(inner, list):
            todo.extend(one for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    for name in (charset, "utf-8", "windows-1252"):
        try:
            if codecs.lookup(name).name == "utf-8":  # its end may be missing
                return codecs.getincrementaldecoder(name)().decode(raw)[:_LONGEST]
            return raw.decode(name)[:_LONGEST]
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("utf-8", "replace")[:_LONGEST]


def _unflow(text: str, part: Message) -> str:
    """RFC 3676: a line that ends with a space goes on in the next of the same depth."""
    glue = str(part.get_param("delsp", "")).lower() == "yes"
    out: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        goes_on = bare.endswith(" ") and bare != "-- "
        said = bare[:-1] if goes_on and glue else bare
        if open_depth == depth and bare != "-- ":
            out[-1].append(said)
        else:
            out.append([f"{'>' * depth}{' ' if depth else ''}", said])
        open_depth = depth if goes_on else -1
    return "\n".join(map("".join, out))
