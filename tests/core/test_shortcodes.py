"""Emoji by name: where they are seen, and where they are not."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.core import shortcodes
from widget.core.text import render

SEEN = [
    (":smile:", "😄"),
    ("hi :+1:", "hi 👍"),
    ("(:tada:)", "(🎉)"),
    (":heart::wave:", "❤️👋"),
    (":woman_technologist:", "👩‍💻"),
    (":Smile:", "😄"),
    (":cat: and :dog:", "🐱 and 🐶"),
    (":it: :Italy:", "🇮🇹 🇮🇹"),
    ("好:smile:好", "好😄好"),
    ("**:smile:**", "😄"),
    (":piñata:", "🪅"),
]
AS_TYPED = """:nope: :smile :: ::: smile: :smile\\ 10:30:45 a:100:b x:smile: :smile:x :-) ;-)
    :D: :constructor: :__len__:""".split()


@pytest.mark.parametrize(("typed", "seen"), SEEN)
def test_names_become_characters(typed: str, seen: str) -> None:
    body = render(typed).tree
    assert body in ([["p", seen]], [["p", ["strong", seen]]])


@pytest.mark.parametrize("typed", AS_TYPED)
def test_what_is_no_name_stays_as_typed(typed: str) -> None:
    assert shortcodes.replace(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "`:smile:`",
        "``a :smile: b``",
        "```\n:smile:\n```",
        "    :smile:",
        "https://x.example/:smile:/a",
        "https://x.example/a:100:b?c=:smile:",
        "www.x.example/:smile:/a",
        "<https://x.example/:smile:>",
        "[https://x.example/:smile:](https://x.example/:smile:)",
        "[a](https://x.example/:smile: ':smile:')",
    ],
)
def test_neither_in_code_nor_in_addresses(typed: str) -> None:
    html = render(typed).html
    assert ":smile:" in html or ":100:" in html
    assert "😄" not in html
    assert "💯" not in html


def test_in_the_words_of_a_link() -> None:
    assert render("[a :smile: *:tada:*](https://x.example/)").tree == [
        ["p", ["a", {"href": "https://x.example/"}, "a 😄 ", ["em", "🎉"]]]
    ]


@pytest.mark.parametrize("markup", ["html", "wordpress"])
def test_only_in_what_is_written_here(markup: str) -> None:
    assert ":smile:" in render(":smile:", markup=markup).html  # type: ignore[arg-type]


@given(st.text(alphabet=":ab+1smile \n", max_size=60))
def test_once_replaced_nothing_is_left_to_replace(text: str) -> None:
    once = shortcodes.replace(text)
    assert shortcodes.replace(once) == once


def test_nothing_is_loaded_before_it_is_needed() -> None:
    program = """
import sys
from widget.core.text import render
render("A plain comment: with *all* of it, 10:30, https://x.example/ and `code`.\\n\\n    more code")
assert not {"emoji", "pygments"} & sys.modules.keys(), sys.modules.keys()
render(":smile:\\n```py\\n1\\n```")
assert {"emoji", "pygments"} <= sys.modules.keys()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
