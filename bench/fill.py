"""Databases full of comments, written in bulk as the writers of the API would have left them; made once and kept.

Everything lies as services.comments, services.branches and services.threads.bump leave it (models.Comment says which
counts those are); tests/bench holds this against core.placement.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert

from tests.support.api import BLOG, OPEN
from widget import create_app, database
from widget.core import ids, text
from widget.extensions import db
from widget.models import Comment, Site, SiteOrigin, Thread, ThreadAlias, User
from widget.resources import migrations_dir
from widget.services import bodies, schema

KEY = "only-for-measuring-and-more-than-32-characters"
BATCH = 20_000
PEOPLE = 1_000
PAGE = 100  # roots before the first answers: every page that is measured shows roots alone, as long as the thread is
_FORM = 2  # of what is written here; another one makes new files
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_TEXTS = tuple(
    f"{number}. A comment of some words, with a [link](https://example.org/) and *one* word that matters."
    for number in range(10, 60)
)


@dataclass(frozen=True)
class Filling:
    """Threads by their number of comments, in each of so many sites (`blog`, `blog-1`, …)."""

    threads: tuple[int, ...]
    sites: int = 1

    @property
    def name(self) -> str:
        """The same for the same rows in the same tables."""
        said = hashlib.sha256(repr((self, _FORM, _TEXTS)).encode())
        for path in sorted(migrations_dir().glob("versions/*.py")):
            said.update(path.read_bytes())
        return f"filled-{said.hexdigest()[:16]}.db"


def page(comments: int, number: int = 0) -> str:
    """The address of the thread of so many comments; `number` tells apart those of the same size."""
    return f"{BLOG}/page-{comments}" + (f"-{number}" if number else "")


@contextmanager
def database_of(filling: Filling, cache: Path, folder: Path) -> Iterator[Path]:
    """A copy in `folder`, to be written to; it is gone after the block."""
    kept = cache / filling.name
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        try:
            _write(filling, half)
            half.rename(kept)
        finally:
            for path in (half, Path(f"{half}-wal"), Path(f"{half}-shm")):
                path.unlink(missing_ok=True)
    copy = folder / f"{kept.stem}-{ids.public_id()}.db"
    shutil.copyfile(kept, copy)
    try:
        yield copy
    finally:
        for path in folder.glob(f"{copy.name}*"):
            path.unlink()


@contextmanager
def application(path: Path) -> Iterator[Flask]:
    """Our application on this file, without limits, for what is done without a server."""
    app = create_app({"DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": KEY, "LIMITS": 0})
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _write(filling: Filling, path: Path) -> None:
    with application(path):
        schema.upgrade(db.engine)
        with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
            people = [{"id": n, "public_id": ids.public_id(), "name": f"Reader {n}"} for n in range(1, PEOPLE + 1)]
            connection.execute(insert(User), people)
            for site in range(1, filling.sites + 1):
                key = "blog" if site == 1 else f"blog-{site - 1}"
                origin = BLOG if site == 1 else f"https://{key}.test"
                connection.execute(insert(Site), {"id": site, "key": key, "name": key, "settings": OPEN})
                connection.execute(insert(SiteOrigin), {"site_id": site, "origin": origin})
            _fill_threads(connection, filling)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_threads(connection: Connection, filling: Filling) -> None:
    rendered = [(raw, text.render(raw)) for raw in _TEXTS]
    shapes = [
        {"raw": raw, "html": one.html, "tree": bodies.tree_json(one), "renderer": one.version} for raw, one in rendered
    ]
    rows = _threads(filling)
    first = 1
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert(Thread), [thread for thread, _ in batch])
        connection.execute(
            insert(ThreadAlias),
            [{"site_id": thread["site_id"], "key": key, "thread_id": thread["id"]} for thread, key in batch],
        )
        comments = (row for thread, _ in batch for row in _comments(thread, shapes))
        numbered = ({"id": number, **row} for number, row in enumerate(comments, start=first))
        while some := list(islice(numbered, BATCH)):
            connection.execute(insert(Comment), [_linked(row, row["id"]) for row in some])
            first = some[-1]["id"] + 1


def _threads(filling: Filling) -> Iterator[tuple[dict[str, Any], str]]:
    number = 0
    for site in range(1, filling.sites + 1):
        seen: dict[int, int] = {}
        for size in filling.threads:
            number += 1
            address = page(size, seen.get(size, 0))
            seen[size] = seen.get(size, 0) + 1
            if site > 1:
                address = address.replace(BLOG, f"https://blog-{site - 1}.test")
            row = {
                "id": number,
                "public_id": ids.public_id(),
                "site_id": site,
                "url": address,
                "version": size,
                "comment_count": size,
                "created_at": _BEGIN,
            }
            yield row, f"url:{address}"


def _comments(thread: dict[str, Any], shapes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each a second after the one before; beyond the first page, every fourth answers the one before it."""
    for number in range(thread["comment_count"]):
        answer = number >= PAGE and number % 4 == 3
        answered = number + 1 >= PAGE and number % 4 == 2 and number + 1 < thread["comment_count"]
        yield {
            "public_id": ids.public_id(),
            "thread_id": thread["id"],
            "site_id": thread["site_id"],
            "answer": answer,
            "reply_no": int(answer),
            "depth": int(answer),
            "reply_count": int(answered),
            "child_count": int(answered),
            "last_reply_no": int(answered),
            "user_id": number % PEOPLE + 1,
            "changed": number + 1,
            "created_at": _BEGIN + timedelta(seconds=number),
            **shapes[number % len(shapes)],
        }


def _linked(row: dict[str, Any], number: int) -> dict[str, Any]:
    above = number - 1 if row.pop("answer") else None
    return {**row, "parent_id": above, "root_id": above}
