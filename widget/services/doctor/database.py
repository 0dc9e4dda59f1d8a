"""Whether the database can be had, and whether its tables are of this release."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from widget import database
from widget.providers.probe import Wrong
from widget.services import schema
from widget.services.doctor.finding import Look
from widget.services.schema import State

PATIENCE = 5  # seconds
_CURES = {
    State.EMPTY: "has no tables yet: run `widget db upgrade`",
    State.BEHIND: "is of an older release: run `widget db upgrade`",
    State.FOREIGN: "has tables of a newer release, or of another program",
}


def check(found: Mapping[str, Any]) -> Iterator[Look]:
    """One line."""
    yield Look("database", partial(_see, str(found["DATABASE_URL"])))


def _see(setting: str) -> str:
    url = database.url(setting)
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise Wrong(f"there is no {url.database}: run `widget db upgrade`")  # to connect would make an empty one
    engine = create_engine(url, **database.engine_options(url, busy_timeout=PATIENCE, threads=1))
    database.install(engine)
    try:
        with engine.connect() as connection:
            state = schema.state(connection)
            if state is not State.CURRENT:
                raise Wrong(f"{name} {_CURES[state]}")
            sites = connection.execute(text("SELECT count(*) FROM site")).scalar_one()
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise Wrong(f"{name} cannot be had: {reason}") from error
    finally:
        engine.dispose()
    return f"{name} is current, {sites or 'no'} site{'' if sites == 1 else 's'}"
