"""What docs/trials.md tells: the trials of mail and feeds, how many cases each has, what tests saw of them."""

from tests.support.trials.table import TRIALS, Noted, Trial, note

__all__ = ["TRIALS", "Noted", "Trial", "note"]
