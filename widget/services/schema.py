"""The tables and their versions: made on an empty database, never touched when they are newer than this code."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from widget import database
from widget.core.errors import Problem
from widget.resources import migrations_dir

if TYPE_CHECKING:
    from alembic.config import Config


class State(StrEnum):
    """How the database stands to this code."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    FOREIGN = "foreign"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction; a database of a newer release is refused."""
    from alembic import command  # importing Alembic takes half a second; most commands do without

    with engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
        if state(connection) is State.FOREIGN:
            raise Problem("config.invalid", reason="the database has tables of a newer release or of another program")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def require_current(engine: Engine) -> None:
    """Make the tables of an empty database; raise Problem("config.invalid") with the cure unless all is current."""
    with engine.connect() as connection:
        found = state(connection)
    if found is State.EMPTY:
        upgrade(engine)
    elif found is State.BEHIND:
        raise Problem("config.invalid", reason="the database is of an older release: run `widget db upgrade`")
    elif found is State.FOREIGN:
        raise Problem(
            "config.invalid",
            reason="the database has tables of a newer release or of another program: install that release, "
            "or set WIDGET_DATABASE_URL to another database",
        )


def state(connection: Connection) -> State:
    """Compare the revision in the database with the ones this code knows."""
    if _is_newest(connection):
        return State.CURRENT
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    here = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config())
    if here is None:
        strangers = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return State.FOREIGN if strangers else State.EMPTY
    if here == scripts.get_current_head():
        return State.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return State.BEHIND if here in known else State.FOREIGN


def _is_newest(connection: Connection) -> bool:
    """Whether the tables are as the last migration leaves them: what every start asks, and Alembic takes longer to say.

    Migrations are numbered in their order, which a test holds.
    """
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = max(path.name for path in (migrations_dir() / "versions").glob("[0-9]*.py"))
    return newest.partition("_")[0] in set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    return config
