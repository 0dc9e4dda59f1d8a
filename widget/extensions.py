"""The extensions, unbound: `app.py` ties them to an application."""

from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

# Named constraints, so that a violation can become a named error and a migration can find them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Plain declarative base; mapped dataclasses break Flask-SQLAlchemy 3.1 on SQLAlchemy 2.1."""

    metadata = MetaData(naming_convention=NAMING)


# A session that joins somebody else's transaction (services.committer) keeps what it does in a savepoint.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})

if TYPE_CHECKING:
    Model = Base  # what db.Model is at run time, for type checkers
else:
    Model = db.Model
