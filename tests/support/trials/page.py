"""docs/trials.md: the table of trials with what the last runs have shown, which docs/trials.json keeps."""

from collections.abc import Mapping

from tests.support.processes import ROOT
from tests.support.trials.table import TRIALS, Trial

PAGE = ROOT / "docs/trials.md"
KEPT = ROOT / "docs/trials.json"
ENGINES = ("sqlite", "postgresql")
_HEAD = """\
<!-- Made by tools/trials.py from runs of the tests; change it there. -->
# Trials of mail and feeds

Every row is tried with a real mail server ([aiosmtpd](https://aiosmtpd.aio-libs.org/)), real databases and real
processes. *N* is how many cases there are; the numbers beside it say how many of them held on SQLite, on PostgreSQL,
or where no database has a part in it. *Control* is how many went wrong as soon as what the last column says
was so: without that, the other numbers would show nothing.

| id | what is tried | N | SQLite | PostgreSQL | neither | control | in the control |
|---|---|---|---|---|---|---|---|
"""
_TAIL = """
An empty cell is a trial that was not run whole there yet.
`python tools/trials.py --full --kills 200` runs all of it (an hour or so) and writes this page; a part of it is run by
its path, and the other rows stay as they were. On every change the tests run the same trials with fewer cases.
"""


def page(kept: Mapping[str, Mapping[str, int]]) -> str:
    """The page, from how many cases of each trial held: by trial, database (or `none`) and `control`."""
    return _HEAD + "".join(_row(one, kept.get(one.id, {})) for one in TRIALS) + _TAIL


def _row(one: Trial, found: Mapping[str, int]) -> str:
    cells = [found.get(name, "") for name in (*ENGINES, "none", "control")]
    return f"| {' | '.join(str(cell) for cell in (one.id, one.what, one.cases, *cells, one.control))} |\n"
