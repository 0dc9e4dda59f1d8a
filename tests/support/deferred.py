"""`widget serve` without the rule that a write takes SQLite's lock at its start: the negative control of the posters.

Nor do writers stand in line: where one goes after the other anyway, the rule is not needed.
Workers import this file anew where they are spawned, so the rule is off in each of them.
"""

from widget import database

database.BEGIN_WRITE = "BEGIN"
database.has_one_writer = lambda _engine: False

if __name__ == "__main__":
    import sys

    from widget.__main__ import main

    sys.argv = ["widget", "serve"]
    main()
