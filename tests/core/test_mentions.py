"""People named in a text: whose name it is, where it ends, and what only looks like one."""

import pytest

from widget.core import mentions
from widget.core.mentions import Mentions
from widget.core.text import render

PEOPLE = [
    ("Ada", 1),
    ("Ada Lovelace", 2),
    ("Bruno", 3),
    ("bruno", 4),
    ("张伟", 5),
    ("O'Neil", 6),
    ("Ångström", 7),
    ("김민수", 8),
    ("Ⅷ Rex", 9),
    ("<b>", 10),
    ("R2-D2", 11),
    ("A.B.", 12),
]

FOUND = [
    ("@Ada", "@Ada", 1),
    ("Hi @ada!", "@ada", 1),
    ("@Ada Lovelace, hello", "@Ada Lovelace", 2),
    ("@ADA LOVELACE", "@ADA LOVELACE", 2),
    ("@Ada Lovelaces", "@Ada", 1),
    ("@Ada's idea", "@Ada", 1),
    ("(@Ada)", "@Ada", 1),
    ("@Ada.", "@Ada", 1),
    ("@Ada. Yes", "@Ada", 1),
    ("@Bruno", "@Bruno", 3),
    ("@BRUNO", "@BRUNO", 3),
    ("@张伟你好", "@张伟", 5),
    ("你好@张伟", "@张伟", 5),
    ("@o'neil", "@o'neil", 6),
    ("@ångström", "@ångström", 7),
    ("@A\u030angstro\u0308m", None, None),  # letters are composed before (core.fields)
    ("@김민수님", "@김민수", 8),
    ("@VIII rex", "@VIII rex", 9),
    ("@\uff21\uff24\uff21", "@\uff21\uff24\uff21", 1),
    ("@R2-D2", "@R2-D2", 11),
    ("@A.B. said", "@A.B.", 12),
    ("**@Ada**", "@Ada", 1),
    ("> @Ada", "@Ada", 1),
    ("@<b>", "@<b>", 10),
    ("@Adam", None, None),
    ("@Ada_x", None, None),
    ("@Ada2", None, None),
    ("@ Ada", None, None),
    ("Ada", None, None),
    ("me@ada.example", None, None),
    ("me@Ada", None, None),
    ("me.@Ada", None, None),
    ("@Ada@social.example", None, None),
    ("@ada.example", None, None),
    ("@@Ada", None, None),
    ("https://x.example/@Ada", None, None),
    ("https://x.example/@Ada/1", None, None),
    ("www.x.example/@Ada", None, None),
    ("`@Ada`", None, None),
    ("```\n@Ada\n```", None, None),
    ("[@Ada](https://x.example/)", None, None),
    ("<me@ada.example>", None, None),
]


def spans(tree: list[object]) -> list[str]:
    found: list[str] = []
    for item in tree:
        if isinstance(item, list):
            found += [item[2]] if item[:2] == ["span", {"class": "at"}] else spans(item[1:])
    return found


@pytest.mark.parametrize(("text", "shown", "who"), FOUND)
def test_who_is_named(text: str, shown: str | None, who: int | None) -> None:
    people = Mentions(PEOPLE)
    tree = render(text, mentions=people).tree
    assert spans(tree) == ([shown] if shown else [])
    assert list(people.found) == ([who] if who else [])


def test_the_tree_and_the_html() -> None:
    body = render("Hi @Ada Lovelace!", mentions=Mentions(PEOPLE))
    assert body.tree == [["p", "Hi ", ["span", {"class": "at"}, "@Ada Lovelace"], "!"]]
    assert body.html == '<p>Hi <span class="at">@Ada Lovelace</span>!</p>'
    assert render(body.html, markup="html") == body


def test_nobody_is_there_to_be_named() -> None:
    assert render("@Ada").tree == [["p", "@Ada"]]


def test_one_person_as_often_as_they_are_named() -> None:
    people = Mentions(PEOPLE)
    assert len(spans(render("@Ada @Ada @Bruno @Ada", mentions=people).tree)) == 4
    assert list(people.found) == [1, 3]


def test_ten_people_at_most() -> None:
    crowd = [(f"P{number:02}", number) for number in range(30)]
    people = Mentions(crowd)
    text = " ".join(f"@{name}" for name, _ in crowd)
    assert len(spans(render(text, mentions=people).tree)) == mentions.MOST == len(people.found)
