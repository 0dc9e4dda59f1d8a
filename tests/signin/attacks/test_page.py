"""The committed page says what the table of attacks says, and nothing in it is a hope."""

from tests.signin.attacks.every import ATTACKS
from tests.signin.attacks.page import PAGE, page
from tests.signin.attacks.table import SIX


def test_the_page_has_these_rows_and_these_numbers() -> None:
    all_of_them = {one.id: one.count for one in ATTACKS}
    assert PAGE.read_text(encoding="utf-8") == page(all_of_them, all_of_them), "run python tools/attacks.py"


def test_each_attack_has_one_name() -> None:
    assert len({one.id for one in ATTACKS}) == len(ATTACKS)
    assert {one.id.split(".")[0] for one in ATTACKS} >= {f"G{number}" for number in range(1, 13)}


def test_who_is_left_out_of_the_six_has_a_reason() -> None:
    for one in ATTACKS:
        assert bool(one.others) != (one.providers == ("all",) or set(SIX) <= set(one.providers)), one.id
