"""docs/trials.md says what the runs have shown, of every trial there is."""

import json

from tests.support.trials import TRIALS
from tests.support.trials.page import KEPT, PAGE, page


def test_the_page_says_what_was_kept() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == page(kept), "run python tools/trials.py"
    assert kept.keys() <= {one.id for one in TRIALS}


def test_what_was_run_has_a_control_and_no_more_cases_than_there_are() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    for one in (trial for trial in TRIALS if trial.id in kept):
        found = {name: number for name, number in kept[one.id].items() if name != "control"}
        assert found, one.id
        assert max(found.values()) <= one.cases, one.id
        assert kept[one.id]["control"] > 0, one.id


def test_each_trial_has_one_name() -> None:
    assert len({one.id for one in TRIALS}) == len(TRIALS)
