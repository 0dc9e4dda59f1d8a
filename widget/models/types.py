"""Column types that are alike on every engine."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from widget.core import clock, ids


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime kept as microseconds since 1970: exact, ordered and the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Aware datetime to microseconds."""
        return None if value is None else clock.microseconds(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """Microseconds to aware datetime."""
        return None if value is None else clock.from_microseconds(value)


# SQLite counts rows by itself only in a column that is exactly INTEGER PRIMARY KEY.
BigId = BigInteger().with_variant(Integer(), "sqlite")

PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
PublicId = Annotated[str, mapped_column(String(ids.LENGTH), unique=True, default=ids.public_id)]
Digest = Annotated[str, mapped_column(String(64))]
When = Annotated[datetime, mapped_column(Instant)]
MaybeWhen = Annotated[datetime | None, mapped_column(Instant)]
Created = Annotated[datetime, mapped_column(Instant, default=clock.now)]
