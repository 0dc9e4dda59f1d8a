"""Alembic's entry: runs on the connection that services.schema hands over."""

from typing import Any, Literal

from alembic import context

from widget import models  # noqa: F401 - the tables must be known to compare with
from widget.extensions import Base
from widget.models.types import Instant


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that old migrations outlive the code."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    compare_type=True,
    render_item=render_item,
)
context.run_migrations()
