"""The database behind the application: how much is in it, and what moderators will change."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from widget.extensions import Base, db
from widget.models import Comment, Thread
from widget.services import sites, threads, transaction


def rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def hold(app: Flask, *, public_id: str | None = None, **values: Any) -> None:
    """Change a comment's row (or the thread's), as moderators will."""
    with app.app_context():

        def work(session: Any) -> None:
            if public_id:
                row: Any = session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
            else:
                row = session.scalars(select(Thread)).one()
            for name, value in values.items():
                setattr(row, name, value)
            threads.bump(session, row.thread_id if public_id else row.id)

        transaction.write(work)


def change(app: Flask, **settings: Any) -> None:
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings=settings))


def row_id(app: Flask, public_id: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(Comment.id).where(Comment.public_id == public_id))
        assert found
        return found
