"""docs/attacks.md: the table of what a run of the attacks has shown."""

from collections.abc import Mapping
from pathlib import Path

from tests.signin.attacks.every import ATTACKS
from tests.signin.attacks.table import Attack

PAGE = Path(__file__).resolve().parents[3] / "docs" / "attacks.md"
_HEAD = """\
<!-- Made by tools/attacks.py from a run of tests/signin/attacks/; change it there. -->
# Attacks on signing in

Every row is tried against a server of ours and a [simulator](../tests/support/idp/) of the providers that is strict
about what it is asked. *N* is how many tries there are: each shape with each provider. *Refused* is how many
of them failed, as they must. *Control* is how many worked as soon as the protection in the last column was taken away:
without that, the first number would show nothing.

| id | what is tried | providers | N | refused | control | what the control takes away |
|---|---|---|---|---|---|---|
"""
_TAIL = """
Windows, openers and messages between them are tried in a real browser, in `tests/e2e/`. `python tools/attacks.py` runs
the table and writes this page; a test compares its rows and numbers with the table.
"""


def page(refused: Mapping[str, int], worked: Mapping[str, int]) -> str:
    """The page, from how many tries of each attack were refused and how many worked in the control."""
    rows = [
        f"| {one.id} | {one.what} | {_providers(one)} | {one.count} | {refused[one.id]} | {worked[one.id]} "
        f"| {one.without} |\n"
        for one in ATTACKS
    ]
    total = sum(one.count for one in ATTACKS)
    rows.append(f"| | **together** | | **{total}** | {sum(refused.values())} | {sum(worked.values())} | |\n")
    return _HEAD + "".join(rows) + _TAIL


def _providers(one: Attack) -> str:
    names = ", ".join(one.providers)
    return f"{names} ({one.others})" if one.others else names
