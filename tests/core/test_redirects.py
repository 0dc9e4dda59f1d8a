"""Rules about moved pages: the longest holds, they follow on each other, and never round and round."""

import pytest

from widget.core.redirects import LONGEST, MOST, Rule, ahead, behind, flaw

BLOG = "https://blog.test"


def rule(old: str, new: str) -> Rule:
    return Rule(f"{BLOG}/{old}", f"{BLOG}/{new}")


def test_ahead_and_behind() -> None:
    rules = [rule("a/", "b/"), rule("a/deep/", "c/"), rule("b/", "d/")]
    assert ahead(rules, f"{BLOG}/a/x?y=1") == f"{BLOG}/d/x?y=1"
    assert ahead(rules, f"{BLOG}/a/deep/x") == f"{BLOG}/c/x"
    assert ahead(rules, f"{BLOG}/else") == f"{BLOG}/else"
    assert behind(rules, f"{BLOG}/d/x") == [f"{BLOG}/b/x", f"{BLOG}/a/x"]
    assert behind(rules, f"{BLOG}/else") == []


@pytest.mark.parametrize(
    ("rules", "new", "code"),
    [
        ([], rule("a/", "b/"), ""),
        ([rule("b/", "c/")], rule("a/", "b/"), ""),
        ([rule("a/", "c/")], rule("a/", "b/"), "rule.taken"),
        ([rule("b/", "a/")], rule("a/", "b/"), "rule.round"),
        ([rule("b/", "c/"), rule("c/", "a/")], rule("a/", "b/"), "rule.round"),
        ([], rule("a/", "a/b/"), "rule.round"),
        ([rule(f"{at}/", f"{at + 1}/") for at in range(LONGEST - 1)], rule(f"{LONGEST - 1}/", "end/"), ""),
        ([rule(f"{at}/", f"{at + 1}/") for at in range(LONGEST)], rule(f"{LONGEST}/", "end/"), "rule.long"),
        ([rule(f"{at}/", "there/") for at in range(MOST)], rule("new/", "there/"), "rule.too_many"),
    ],
)
def test_flaws(rules: list[Rule], new: Rule, code: str) -> None:
    assert flaw(rules, new) == code


def test_what_leads_on_for_ever_ends() -> None:
    assert ahead([rule("a/", "a/a/")], f"{BLOG}/a/") is None
    assert len(behind([rule("a/", "a/a/")], f"{BLOG}/a/a/a/a/a/a/a/a/a/a/")) <= LONGEST
