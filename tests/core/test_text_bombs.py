"""Texts made to take long: each stays within a bound of what an ordinary text of the same length takes.

An ordinary text is one whose every line has emphasis, a link and a list, so that both sides do the same kind of work.
"""

import time
from collections.abc import Callable

import pytest

from widget.core import highlight as highlighting
from widget.core import markdown, nodes
from widget.core.highlight import LANGUAGES, Budget, highlight
from widget.core.mentions import Mentions
from widget.core.text import Markup, clean_text, render

SIZE = 10_000
TIMES_ORDINARY = 12  # the worst takes 4 times as long; what was quadratic took 30 times and more


def _fill(unit: str) -> str:
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


MARKDOWN = {
    "brackets": _fill("["),
    "image brackets": _fill("!["),
    "brackets before a link": "[" * 5_000 + "](x)" * 1_200,
    "brackets and links": _fill("[[a](b)"),
    "empty links": _fill("[]("),
    "half links": _fill("[a]("),
    "half titles": _fill('[x](y "'),
    "half destinations": _fill("[a](<b"),
    "links in links": "[" * 3_333 + "a" + "]()" * 2_222,
    "stars": _fill("*"),
    "openers": _fill("*a "),
    "closers": _fill("a* "),
    "intraword stars": _fill("a*"),
    "mixed emphasis": _fill("*a_ "),
    "unbalanced emphasis": _fill("**a *"),
    "triple emphasis": _fill("***a** "),
    "strikes": _fill("~~a "),
    "quotes": _fill(">"),
    "growing quotes": "\n".join(">" * depth + "a" for depth in range(138)),
    "lists in a line": _fill("- "),
    "growing lists": "\n".join("  " * depth + "- a" for depth in range(95)),
    "items": _fill("- a\n"),
    "tables": "a|b\n-|-\n" + _fill("|"),
    "backticks": " ".join("`" * length for length in range(1, 138)),
    "half fences": _fill("```a\n~~~b\n"),
    "less-than": _fill("<"),
    "half autolinks": _fill("<http:"),
    "half comments": _fill("<!--"),
    "entities": _fill("&amp;"),
    "half entities": _fill("&#"),
    "references": _fill("[a]: b\n"),
    "schemes": _fill("://"),
    "bare schemes": _fill("http://"),
    "addresses": _fill("http://a.b "),
    "open parentheses": "http://a.b/" + "(" * SIZE,
    "closing parentheses": "http://a.b/" + ")" * SIZE,
    "many parentheses": _fill("http://a.b/(("),
    "dots": "http://" + "a." * 4_990,
    "ends": "http://a.b/" + ".," * 4_990,
    "wwws": _fill("www."),
    "at signs": _fill("a@b."),
    "one word": "a" * SIZE,
    "newlines": _fill("\n"),
    "lines": _fill("a\n"),
    "spaces": " " * (SIZE - 1) + "a",
    "escapes": _fill("\\["),
    "marks": "a" + "\u0301\u0316" * 4_999,
    "colons": _fill(":"),
    "emoji": _fill(":+1:"),
    "half emoji": _fill(":a"),
    "no emoji": _fill(":nope: "),
    "signs": _fill("@"),
    "mentions": _fill("@ann "),
    "half mentions": _fill("@ann annn"),
    "wide mentions": _fill("@\uff21\uff4e\uff4e "),
    "fences": _fill("```js\na\n```\n"),
}
# Into a fence of every language: what takes the square of it, or worse, in one or another of them.
CODE = {
    "lines": "a" + _fill("\n "),
    "spaces": _fill("void ")[:5_000] + " " * 5_000,
    "comments": _fill("/*"),
    "quotes": _fill("'\\"),
    "double quotes": _fill('"\\'),
    "words": _fill("a b "),
    "brackets": _fill("a{b:a(b<"),
    "tags": _fill("<a b='"),
    "heredocs": _fill("<<A\n"),
    "operators": _fill("a<b,"),
    "declarations": _fill("a* a::b "),
    "signs": _fill("$({%["),
}
PEOPLE = [("Ann", 0), *((f"ann{'n' * number}", number) for number in range(1, 77)), ("Ann Ann", 77)]
HTML = {
    tag: _fill(tag)
    for tag in (
        *("<b>", "<i><b>", "<ul><li>", "<blockquote><p>", "<div>", "<b><p>", "<a href=http://a.b><div>", "<table><td>"),
        *("<p>", "</p>", "<br>", "\n\na", "<b> </b>", "<img src=http://a.b>", "<svg><p>", "<!--", "<a ", "&", "<font>"),
    )
}


def _seconds(work: Callable[[], object], *, runs: int = 3) -> float:
    """The least CPU time of some runs: the others were disturbed."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def _within(seconds: float, work: Callable[[], object]) -> bool:
    """Whether one of three runs takes less CPU time: the others were disturbed."""
    return any(_seconds(work, runs=1) < seconds for _ in range(3))


@pytest.fixture(scope="module")
def ordinary() -> float:
    """Seconds that an ordinary text of the same length takes."""
    text = _fill("- some *emphasis*, a [link](https://x.example/) and `code`\n")
    return _seconds(lambda: render(text))


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_bombs(name: str, ordinary: float) -> None:
    text = MARKDOWN[name]
    assert _within(TIMES_ORDINARY * ordinary, lambda: render(clean_text(text), mentions=Mentions(PEOPLE)))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_code_bombs(language: str, ordinary: float) -> None:
    for name, code in CODE.items():
        text = f"```{language}\n{code}\n```"
        render(f"```{language}\na\n```")  # its expressions are compiled once
        assert _within(TIMES_ORDINARY * ordinary, lambda text=text: render(text)), name


def test_the_bomb_of_lines_is_one_without_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the window saves, where one expression alone takes the time."""
    code = CODE["lines"][:2_500] + "\n!"
    bounded = _seconds(lambda: highlight(code, "c", Budget()), runs=2)
    monkeypatch.setattr(highlighting, "WINDOW", SIZE)
    assert _seconds(lambda: highlight(code, "c", Budget()), runs=2) > 2 * bounded


@pytest.mark.parametrize("name", HTML)
@pytest.mark.parametrize("markup", ["html", "wordpress"])
def test_html_bombs(name: str, markup: Markup, ordinary: float) -> None:
    text = HTML[name]
    assert _within(TIMES_ORDINARY * ordinary, lambda: render(text, markup=markup))


def test_the_bracket_bomb_is_one_without_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the budget saves."""
    text = MARKDOWN["brackets before a link"]
    seen = _labels_searched(text)
    monkeypatch.setattr(markdown, "_LABEL_BUDGET", 10**12)
    assert _labels_searched(text) > 20 * seen


def _labels_searched(text: str) -> int:
    """How many characters are looked at in search of the ends of link texts."""
    before = markdown.parseLinkLabel
    cost = 0

    def counting(state: markdown.StateInline, start: int, nested: bool = False) -> int:  # noqa: FBT001, FBT002
        nonlocal cost
        end = before(state, start, nested)
        cost += (end if end >= 0 else state.posMax) - start
        return end

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "parseLinkLabel", counting)
        render(text)
    return cost


@pytest.mark.parametrize("name", MARKDOWN)
def test_bombs_do_not_swell(name: str) -> None:
    body = render(MARKDOWN[name])
    assert len(body.html) < 12 * SIZE
    assert len(nodes.text_of(body.tree)) < 2 * SIZE
