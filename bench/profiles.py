"""Where the time of a post and of a page made anew goes, by whose code it is: it says why a bar is missed."""

import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from bench import fill, people
from bench.plan import Plan
from bench.servers import threads
from tests.support.api import Page
from tests.support.processes import ROOT

# The first that is part of a file's path; a function without a file belongs to who calls it.
OWNERS = {
    "/sqlalchemy/": "SQLAlchemy",
    "sqlite3.": "SQLite and its driver",
    "/markdown_it/": "rendering",
    "/mdurl/": "rendering",
    "nh3": "rendering",
    "/flask": "Flask and Werkzeug",
    "/werkzeug/": "Flask and Werkzeug",
    f"{ROOT}/widget/": "our own code",
}
REST = "the rest"
EXECUTING = {f"<method 'execute' of 'sqlite3.{kind}' objects>" for kind in ("Cursor", "Connection")}
Function = tuple[str, int, str]


@dataclass(frozen=True)
class Profile:
    """Of one kind of request: shares by owner (they add up to 1), and SQL statements for each."""

    name: str
    shares: dict[str, float]
    statements: float


def profiles(plan: Plan, times: int = 200) -> list[Profile]:
    """Of processor time, in this process, without a server around it."""
    times = times if plan.load is not None else 5
    with tempfile.TemporaryDirectory(dir=plan.cache) as folder:
        where = Path(folder)
        with fill.database_of(fill.Filling((10, 50)), plan.cache, where) as path:
            [bearer] = people.welcome(path, 1)
            with fill.application(path) as app:
                client = FlaskClient(app)
                page = Page(client, url=fill.page(50), token=bearer)

                def read() -> None:
                    assert client.get(threads(50, limit=10), headers={"Accept-Encoding": "gzip"}).status_code == 200

                read_anew = app.wsgi_app
                found = [_profile("a durable post", lambda: page.posted(people.TEXT), times)]
                app.wsgi_app = getattr(read_anew, "_inner", read_anew)  # type: ignore[method-assign]  # as with READY_MB=0
                found.append(_profile("a page made anew", read, times))
    return found


def _profile(name: str, work: Callable[[], object], times: int) -> Profile:
    work()
    recorder = cProfile.Profile(time.process_time)
    recorder.enable()
    for _ in range(times):
        work()
    recorder.disable()
    stats = pstats.Stats(recorder).stats  # type: ignore[attr-defined]  # its documented table, not in the stubs
    shares: dict[str, float] = {}
    statements = 0
    for function, (_, calls, own, _, callers) in stats.items():
        if function[2] in EXECUTING:
            statements += calls
        if owner := _owner(function):
            shares[owner] = shares.get(owner, 0) + own
            continue
        for caller, (_, _, part, _) in callers.items():
            owner = _owner(caller) or REST
            shares[owner] = shares.get(owner, 0) + part
    total = sum(shares.values())
    return Profile(name, {owner: share / total for owner, share in shares.items()}, statements / times)


def _owner(function: Function) -> str | None:
    file, _, name = function
    where = name if file == "~" else file.replace("\\", "/")
    found = next((owner for part, owner in OWNERS.items() if part in where), None)
    return found if found or file == "~" else REST
