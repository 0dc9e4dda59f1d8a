"""The registrations at servers that visitors named, kept in the database with their secrets sealed."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.seal import Broken, Seal
from widget.extensions import db
from widget.models import AppRegistration
from widget.providers.visited import App
from widget.services import transaction

UNUSED_FOR = timedelta(days=1)
USED_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Registrations:
    """Implements `providers.visited.Apps` for one provider. Nothing is held open when a method has returned."""

    provider: str
    secret_key: str = field(repr=False)

    def find(self, host: str) -> App | None:
        """The registration at `host`; none where its secret was sealed with a key that is gone."""
        row = db.session.scalar(
            select(AppRegistration)
            .filter_by(provider=self.provider, host=host)
            .execution_options(populate_existing=True)
        )
        app = None
        if row is not None:
            try:
                secret = self._seal(host).open(row.client_secret)
            except Broken:
                self.drop(host, row.client_id)
                return None
            app = App(row.client_id, secret, row.redirect_uri, row.scope, row.proven_at)
        db.session.rollback()
        return app

    def keep(self, host: str, app: App) -> App:
        """Store it, unless another sign-in was faster: then that one's is returned, for it may be in use already."""
        sealed = self._seal(host).close(app.client_secret)

        def work(session: Session) -> None:
            session.add(
                AppRegistration(
                    provider=self.provider,
                    host=host,
                    client_id=app.client_id,
                    client_secret=sealed,
                    redirect_uri=app.redirect_uri,
                    scope=app.scope,
                    proven_at=app.proven_at,
                    expires_at=app.proven_at + UNUSED_FOR,
                )
            )
            session.flush()

        try:
            transaction.write(work)
        except IntegrityError:
            return self.find(host) or app
        return app

    def prove(self, host: str, client_id: str, *, used: bool) -> None:
        """The server knows us; a registration with which people sign in is kept for half a year."""
        now = clock.now()
        values = {"proven_at": now, **({"expires_at": now + USED_FOR} if used else {})}
        rules = self._rules(host, client_id)
        transaction.write(lambda session: session.execute(update(AppRegistration).where(*rules).values(values)))

    def drop(self, host: str, client_id: str) -> None:
        """Forget this registration, and no newer one of the same server."""
        rules = self._rules(host, client_id)
        transaction.write(lambda session: session.execute(delete(AppRegistration).where(*rules)))

    def _rules(self, host: str, client_id: str) -> tuple[ColumnElement[bool], ...]:
        return (
            AppRegistration.provider == self.provider,
            AppRegistration.host == host,
            AppRegistration.client_id == client_id,
        )

    def _seal(self, host: str) -> Seal:
        return Seal(self.secret_key, "app registration", self.provider, host)
