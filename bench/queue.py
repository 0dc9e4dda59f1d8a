"""Measures the desk's queue by HTTP, with very many comments that wait, and writes its table into docs/desk.md:
`python -m bench.queue`.

A server in a process of its own, SQLite, one administrator's session; one look after the other, over one connection.
"""

import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import click
import requests
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.support import live as rig
from tests.support import stores
from tests.support.api import BLOG, Page, put_site
from tests.support.processes import ROOT
from tests.support.waiting import free_port
from widget import create_app
from widget.extensions import db
from widget.models import Administrator, Comment, User
from widget.services import desk_sessions, transaction

DOCS = ROOT / "docs/desk.md"
MARKS = ("<!-- queue: written by python -m bench.queue -->\n", "<!-- /queue -->")
VIEWS = ("pending", "flagged", "spam", "all")
# The columns that differ; everything else is as that of the one comment that was posted.
_OTHERS = {
    "id": None,
    "public_id": "printf('q%019d', n.n)",
    "created_at": "c.created_at - n.n * 60000000",
    "state": "CASE WHEN n.n % 20 THEN 'pending' ELSE 'spam' END",
    "flag_count": "n.n % 50 = 0",
    "raw": "c.raw || n.n",
    "visible": "0",
}


@dataclass(frozen=True)
class Looks:
    """How long one page took, in milliseconds, once for each look."""

    name: str
    took: tuple[float, ...]

    @property
    def row(self) -> str:
        """Of the table."""
        times = (median(self.took), quantiles(self.took, n=100, method="inclusive")[98], max(self.took))
        return f"| {self.name} | {len(self.took):,} | {' | '.join(f'{one:.0f} ms' for one in times)} |"


def fill(app: Flask, number: int) -> str:
    """A site with so many comments that wait or are spam; the secret of an administrator's session."""
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The blog", [BLOG]))
    for name in ("Ann", "Bob", "Cleo"):
        Page(app.test_client()).be_person(name).posted(f"Written by {name}, a word that is looked for: wombat")

    def work(session: Session) -> str:
        columns = [column.name for column in Comment.__table__.columns if _OTHERS.get(column.name, "") is not None]
        values = ", ".join(_OTHERS.get(name) or f"c.{name}" for name in columns)
        session.execute(
            text(
                f"INSERT INTO comment ({', '.join(columns)}) "  # noqa: S608 - our own words
                f"SELECT {values} FROM (SELECT * FROM comment ORDER BY id LIMIT 1) c, "
                "(WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < :number) SELECT n FROM k) n"
            ),
            {"number": number},
        )
        session.execute(text("ANALYZE"))
        who = session.scalars(select(User).where(User.name == "Ann")).one()
        session.add(Administrator(user_id=who.id))
        identity = session.scalars(select(Comment.identity_id).where(Comment.user_id == who.id).limit(1)).one()
        return desk_sessions.VISITS.open_session(session, (who.id, identity or 0), old=None)

    with app.app_context():
        return transaction.write(work)


def look(server: str, secret: str, times: int) -> list[Looks]:
    """Each view, its later parts, and a search for what few of them have."""
    http = requests.Session()
    http.headers["Cookie"] = f"cw_desk={secret}"

    def page(path: str) -> str:
        answer = http.get(f"{server}/admin{path}", timeout=60, allow_redirects=False)
        if answer.status_code != 200 or 'id="c-' not in answer.text:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.text

    paths = {f"the view *{view}*": [f"/queue?view={view}"] for view in VIEWS}
    following = ["/queue?view=pending"]
    for _ in range(5):
        after = re.search(r"after=([\w.-]+)", page(following[-1]))
        if not after:
            break
        following.append(f"/queue?view=pending&after={after[1]}")
    paths["five parts on"] = following[-1:]
    paths["a search"] = ["/queue?view=all&q=wombat"]
    found = []
    for name, (path,) in paths.items():
        page(path)
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            page(path)
            took.append(1000 * (time.perf_counter() - begun))
        found.append(Looks(name, tuple(took)))
    return found


def measure(folder: Path, number: int, times: int) -> list[Looks]:
    """All of it, with a database in `folder`."""
    url = f"sqlite:///{folder / 'queue.db'}"
    stores.migrate(url)
    port = free_port()
    env = rig.settings(folder, database_url=url, port=port)
    secret_key = env["WIDGET_SECRET_KEY"]
    app = create_app(
        {"DATABASE_URL": url, "SECRET_KEY": secret_key, "LIMITS": 0, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    )
    secret = fill(app, number)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with rig.running(env, folder / "server.log"):
        return look(f"http://127.0.0.1:{port}", secret, times)


def table(found: list[Looks], number: int) -> str:
    """As it stands in the docs."""
    lines = [
        f"{number:,} comments that wait or are spam, SQLite, `widget serve` in a process of its own, one look after",
        "the other by HTTP over one connection, the whole page of 25 comments with what stands around them:\n",
        "| page | looks | half of them within | 99 % within | the longest |",
        "|---|---|---|---|---|",
        *(one.row for one in found),
    ]
    return "\n".join(lines) + "\n"


@click.command()
@click.option("--number", default=100_000, show_default=True, help="How many comments wait.")
@click.option("--times", default=300, show_default=True, help="How often each page is looked at.")
@click.option("--write/--no-write", default=True, help="Whether docs/desk.md is written.")
def main(number: int, times: int, *, write: bool) -> None:
    """Measure, print the table, and write it down."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        said = table(measure(Path(folder), number, times), number)
    click.echo(said)
    if write:
        before, rest = DOCS.read_text(encoding="utf-8").split(MARKS[0])
        DOCS.write_text(f"{before}{MARKS[0]}{said}{MARKS[1]}{rest.split(MARKS[1], 1)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
