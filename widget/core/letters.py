"""What a mail says, before it is html or plain text: blocks in an order, of which both are made alike.

What strangers wrote is never a link here: of a link its words stand with its address behind them (`excerpt`).
"""

import re
import textwrap
import unicodedata
from dataclasses import dataclass, field
from typing import TypeAlias

from widget.core import nodes
from widget.core.nodes import Tree

WIDTH = 72
LONGEST = 1_500  # characters of a comment that a mail quotes
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Words:
    """A sentence or paragraph of ours; `dim`: an aside."""

    text: str
    dim: bool = False


@dataclass(frozen=True)
class Title:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Quote:
    """What somebody wrote; `by` in bold above it, if anybody is named. Lines are kept."""

    text: str
    by: str = ""
    dim: bool = False


@dataclass(frozen=True)
class Link:
    """Words that lead to an address of ours, or of the site; `strong`: the button that is meant first."""

    words: str
    url: str
    strong: bool = False


@dataclass(frozen=True)
class Links:
    """Some links side by side."""

    links: tuple[Link, ...]


@dataclass(frozen=True)
class Figures:
    """Numbers in a table: (what, how many, beside it)."""

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Image:
    """A picture that travels in the mail itself; `alt` says the same in words."""

    png: bytes
    alt: str
    width: int
    height: int


Block: TypeAlias = Words | Title | Quote | Links | Figures | Image


@dataclass(frozen=True)
class Letter:
    """A whole mail: subject, blocks, and small print at its end."""

    subject: str
    blocks: tuple[Block, ...]
    footer: tuple[Words | Link, ...] = field(default=())


def plain(text: str, *, longest: int = 200) -> str:
    """Somebody's words on one line: without control and direction characters, not longer than `longest`."""
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def excerpt(tree: Tree, *, longest: int = LONGEST) -> str:
    """A comment's words in lines, the address of every link and picture spelled out; cut where it is very long."""
    text = re.sub(r"\n{3,}", "\n\n", _INVISIBLE.sub("", _said(tree))).strip()
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


def _said(tree: Tree) -> str:
    out: list[str] = []
    # Walked without recursion: texts of old systems nest deep.
    todo: list[nodes.Node | tuple[str]] = list(reversed(tree))
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            out.append(node[0])
        elif isinstance(node, str):
            out.append(node)
        else:
            tag, rest = node[0], node[1:]
            attributes = rest.pop(0) if rest and isinstance(rest[0], dict) else {}
            before, after = _around(tag, attributes, nodes.text_of(rest))
            todo.append((after,))
            todo.extend(reversed(rest))
            out.append(before)
    return "".join(out)


def _around(tag: str, attributes: dict[str, str], words: str) -> tuple[str, str]:
    if tag == "a":
        href = attributes.get("href", "")
        return "", "" if words.strip() == href else f" ({href})"
    if tag == "img":
        return f"[{attributes.get('alt', '')}]", ""
    if tag in {"br", "hr"}:
        return "\n", ""
    if tag == "li":
        return "- ", "\n"
    return ("", "\n\n") if tag in nodes.BLOCKS else ("", "")


def text_of(letter: Letter) -> str:
    """The letter as plain text, in lines of up to 72 columns where words allow that."""
    parts = [_block(block) for block in letter.blocks]
    if letter.footer:
        parts.append("-- \n" + "\n".join(_small(line) for line in letter.footer))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Words):
        return _wrap(block.text)
    if isinstance(block, Title):
        return f"{block.text}\n{'-' * min(WIDTH, columns(block.text))}"
    if isinstance(block, Quote):
        by = [f"{block.by}"] if block.by else []
        lines = [_wrap(line, start="> ") for line in block.text.split("\n")]
        return "\n".join([*by, *lines])
    if isinstance(block, Links):
        return "\n".join(f"{link.words}:\n  {link.url}" for link in block.links)
    if isinstance(block, Figures):
        width = max(columns(row[0]) for row in block.rows)
        return "\n".join(
            f"{name}{' ' * (width - columns(name))}  {number}{f'  ({beside})' if beside else ''}"
            for name, number, beside in block.rows
        )
    return f"[{block.alt}]"


def columns(text: str) -> int:
    """How wide a text is where each letter has the same width: East Asian ones take two columns, marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _small(line: Words | Link) -> str:
    return _wrap(line.text) if isinstance(line, Words) else f"{line.words}\n  {line.url}"


def _wrap(text: str, *, start: str = "") -> str:
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=start, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines) or start.rstrip()
