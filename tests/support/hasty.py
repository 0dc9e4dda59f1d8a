"""`widget serve` that answers a writer when its work is done, and commits a moment later: the control of the kills.

Workers import this file anew where they are spawned, so it is so in each of them.
"""

import time
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from widget.services import committer

_run = committer._Turn.run
_commit = SQLiteDialect_pysqlite.do_commit


def _answer_at_once(turn: committer._Turn, connection: Connection) -> None:
    _run(turn, connection)
    turn.called.set()


def _commit_late(dialect: Any, connection: Any) -> None:
    time.sleep(0.1)
    _commit(dialect, connection)


committer._Turn.run = _answer_at_once  # type: ignore[method-assign]
SQLiteDialect_pysqlite.do_commit = _commit_late  # type: ignore[method-assign]

if __name__ == "__main__":
    import sys

    from widget.__main__ import main

    sys.argv = ["widget", "serve"]
    main()
