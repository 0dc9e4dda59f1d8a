"""Code in colours: the letters that come of it, and that no text makes it slow."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.processes import ROOT
from widget.core import clock, highlight, nodes
from widget.core.highlight import LANGUAGES, Budget
from widget.core.nodes import Tree
from widget.core.text import render


def coloured(code: str, language: str) -> Tree:
    return highlight.highlight(code, language, Budget())


def span(letter: str, text: str) -> list[object]:
    return ["span", {"class": letter}, text]


CODE = [
    ("python", 'def f(x):\n    return "a" + 1  # why\n'),
    ("javascript", 'const f = () => "a"; // why\n'),
    ("html", '<a href="x">y</a><!-- z -->\n'),
    ("diff", "@@ -1 +1 @@\n-old\n+new\n same\n"),
    ("json", '{"a": [1, true, "b"]}\n'),
    ("php", "function f($a) { return 'x'; } // why\n"),
    ("sql", "SELECT a FROM b WHERE c = 'd' -- why\n"),
    ("bash", 'for x in "$@"; do echo "$x"; done # why\n'),
]


def letters(code: str, language: str) -> list[tuple[str, str]]:
    return [(item[1]["class"], item[2]) for item in coloured(code, language) if isinstance(item, list)]


def test_what_the_letters_are() -> None:
    assert letters(*reversed(CODE[0])) == [
        ("k", "def"),
        ("n", "f"),
        ("k", "return"),
        ("s", '"a"'),
        ("o", "+"),
        ("m", "1"),
        ("c", "# why"),
    ]
    assert letters(*reversed(CODE[2])) == [
        ("k", "a"),
        ("n", "href"),
        ("o", "="),
        ("s", '"x"'),
        ("k", "a"),
        ("c", "<!-- z -->"),
    ]
    assert letters(*reversed(CODE[3])) == [("k", "@@ -1 +1 @@"), ("d", "-old"), ("i", "+new")]
    assert ("k", "function") in letters(*reversed(CODE[5]))


@pytest.mark.parametrize(("language", "code"), CODE)
def test_no_letter_of_the_code_is_lost(language: str, code: str) -> None:
    tree = coloured(code, language)
    assert nodes.text_of([["pre", *tree]]) == code.strip("\n")
    assert "".join(item if isinstance(item, str) else item[2] for item in tree) == code
    assert {item[1]["class"] for item in tree if isinstance(item, list)} <= nodes.CLASSES - {"at"}


def test_a_fence_with_a_language_is_coloured() -> None:
    body = render("```py\nif a:\n    pass\n```")
    assert body.tree == [["pre", ["code", span("k", "if"), " a:\n    ", span("k", "pass"), "\n"]]]
    assert body.html == ('<pre><code><span class="k">if</span> a:\n    <span class="k">pass</span>\n</code></pre>')


@pytest.mark.parametrize("name", ["py", "Python", "python3", "PYTHON title=x"])
def test_names_of_a_language(name: str) -> None:
    assert 'class="k"' in render(f"```{name}\nif a: pass\n```").html


@pytest.mark.parametrize("name", ["", "pytho", "text", "python,", "brainfuck", "guess", "..", "*", "'\"><b>"])
def test_nothing_is_guessed(name: str) -> None:
    assert render(f"```{name}\nif a: pass\n```").tree == [["pre", ["code", "if a: pass\n"]]]


@pytest.mark.parametrize("name", sorted(LANGUAGES | set(highlight._OTHER_NAMES)))
def test_every_name_of_the_list_is_one(name: str) -> None:
    code = "a = 'b' # c\n<a>1</a>\n+ if (x) { return 1; }\n"
    assert "".join(item if isinstance(item, str) else item[2] for item in coloured(code, name)) == code


def test_indented_and_inline_code_have_no_language() -> None:
    assert "span" not in render("    if a: pass\n\nand `if a: pass`").html


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(LANGUAGES)), st.text(max_size=200))
def test_whatever_the_code_it_stays_what_it_is(language: str, code: str) -> None:
    assert "".join(item if isinstance(item, str) else item[2] for item in coloured(code, language)) == code


# -- bounds


def test_a_comment_has_a_number_of_colours() -> None:
    fence = "```js\n" + "a+1;" * 300 + "\n```\n"
    html = render(fence * 8).html
    assert highlight.MAX_SPANS * 0.5 < html.count("<span") <= highlight.MAX_SPANS
    assert html.count("<pre>") == 8


def test_beyond_the_bound_code_is_plain() -> None:
    code = "a+1;" * 2_000
    assert coloured(code, "js") == [code]


def test_processor_time_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "if a: pass\n" * 100
    assert len(coloured(code, "python")) > 200
    taken = iter(range(1_000_000))
    monkeypatch.setattr(clock, "processor_seconds", lambda: next(taken) / 1_000)
    budget = Budget()
    assert highlight.highlight(code, "python", budget) == [code]
    assert highlight.highlight("if a: pass", "python", budget) == ["if a: pass"]
    monkeypatch.setattr(highlight, "SECONDS", 1e9)
    assert len(coloured(code, "python")) > 200


def test_a_token_beyond_the_window_harms_nothing() -> None:
    code = '"' + "a" * 3 * highlight.WINDOW + '"; if (b) return 1;\n'
    tree = coloured(code, "js")
    assert "".join(item if isinstance(item, str) else item[2] for item in tree) == code


def test_the_docs_name_every_language_and_every_tag() -> None:
    page = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    listed = re.search(r"The languages: (.*?);", page, re.DOTALL)
    assert listed
    assert set(re.split(r",\s+", listed[1])) == LANGUAGES
    assert set(re.findall(r"`([a-z]+)`", page[page.index("| tag |") :])) >= nodes.TAGS | nodes.CLASSES
