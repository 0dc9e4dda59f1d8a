"""People's pictures: copied after a sign-in, in the background, and shown from this server alone.

No reader's browser ever asks a provider for a picture, and nobody who signs in or reads waits for one.
"""

import logging
import queue
import threading
from datetime import timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget import net
from widget.core import clock, pictures
from widget.extensions import db
from widget.models import Avatar, Identity
from widget.services import downloads, threads, transaction

FRESH = timedelta(days=1)  # a picture behind an unchanged address is looked at again after this, at the next sign-in
RETRY = timedelta(hours=3)  # where there is none although there should be
WORKERS = 2
MOST_WAITING = 1_000
AT_ONCE = 20  # that one sweep fetches
ORPHANS_LIVE = timedelta(days=1)
_EXTENSION = "widget.avatars"
log = logging.getLogger(__name__)


def base() -> str | None:
    """What stands before a picture's hash in its address; None where pictures are switched off."""
    config = current_app.config
    return f"{config['PUBLIC_URL']}/avatars/" if config["AVATARS"] else None


def address(picture: str | None) -> str | None:
    """Where everyone finds this picture: 96 pixels square; with `-2x` behind it, 192."""
    start = base()
    return f"{start}{picture}" if start and picture else None


def find(picture: str) -> Avatar | None:
    """The picture with this hash."""
    return db.session.scalar(select(Avatar).where(Avatar.hash == picture))


def refresh_soon(session: Session, identity: Identity) -> None:
    """After a sign-in: have the picture copied once the transaction is durable, if it is new or was not seen lately."""
    now = clock.now()
    if identity.avatar is None:
        _show(session, identity, None)
    elif current_app.config["AVATARS"] and (identity.picture_at is None or identity.picture_at <= now - FRESH):
        identity.picture_at = now  # whoever takes it on says so first: two processes never fetch the same one
        transaction.after_commit(session, partial(_studio().put, identity.id))


def refresh(identity_id: int) -> None:
    """Copy the picture of this identity now, which may take `net.SECONDS`; what goes wrong is logged."""
    url = db.session.scalar(select(Identity.avatar).where(Identity.id == identity_id))
    db.session.rollback()  # nothing of the database is held while a stranger is asked
    if url is None:
        return
    try:
        picture = pictures.encode(downloads.picture(url))
    except pictures.BadPicture as error:
        log.info("the picture of identity %s is none: %s", identity_id, error)
        picture = None
    except net.Error as error:
        log.info("the picture of identity %s could not be had: %s", identity_id, error)
        return  # what is shown so far stays
    work = partial(_store, identity_id=identity_id, url=url, picture=picture)
    try:
        transaction.write(work)
    except IntegrityError:  # somebody with the same picture was faster by a moment: now its row is there
        transaction.write(work)


def catch_up() -> None:
    """Fetch some pictures that are missing: their process ended, or their server did not answer."""
    if not current_app.config["AVATARS"]:
        return
    now = clock.now()

    def claim(session: Session) -> list[int]:
        missing = (
            select(Identity.id)
            .where(Identity.avatar.is_not(None), Identity.picture.is_(None))
            .where(or_(Identity.picture_at.is_(None), Identity.picture_at <= now - RETRY))
            .order_by(Identity.picture_at.nulls_first(), Identity.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        found = list(session.scalars(missing))
        session.execute(update(Identity).where(Identity.id.in_(found)).values(picture_at=now))
        return found

    for identity_id in transaction.write(claim):
        refresh(identity_id)


def sweep(session: Session) -> None:
    """Delete the copies that nobody has any more."""
    used = select(Identity.id).where(Identity.picture == Avatar.hash).exists()
    session.execute(delete(Avatar).where(Avatar.created_at <= clock.now() - ORPHANS_LIVE, ~used))


def _store(session: Session, *, identity_id: int, url: str, picture: pictures.Picture | None) -> None:
    identity = session.get(Identity, identity_id, with_for_update=True, populate_existing=True)
    if identity is None or identity.avatar != url:  # unlinked, or another sign-in was faster with a newer address
        return
    if picture is not None:
        # Made young again, so that a sweep at this moment leaves it: it is about to be used.
        kept = update(Avatar).where(Avatar.hash == picture.hash).values(created_at=clock.now()).returning(Avatar.id)
        if session.scalar(kept) is None:
            session.add(Avatar(hash=picture.hash, type=picture.type, small=picture.small, large=picture.large))
            session.flush()
    _show(session, identity, picture.hash if picture else None)


def _show(session: Session, identity: Identity, picture: str | None) -> None:
    """Give the identity this picture; every conversation with this person moves on if that is another one."""
    if identity.picture == picture:
        return
    identity.picture = picture
    session.flush()
    threads.bump_of_person(session, identity.user_id)


class _Studio:
    """This application's queue of pictures to copy. Its threads start with the first one, and end with the process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waiting: queue.Queue[int] = queue.Queue(MOST_WAITING)
        self._start = threading.Lock()
        self._started = False

    def put(self, identity_id: int) -> None:
        """Never waits and never fails: a sign-in is being answered. What finds no room is caught up with later."""
        with self._start:
            if not self._started:
                for _ in range(WORKERS):
                    threading.Thread(target=self._work_for_ever, name="avatars", daemon=True).start()
                self._started = True
        try:
            self._waiting.put_nowait(identity_id)
        except queue.Full:
            log.warning("too many pictures wait to be copied")

    def idle(self) -> bool:
        """Whether everything that was put here has been worked off."""
        return self._waiting.unfinished_tasks == 0

    def _work_for_ever(self) -> None:
        while True:
            identity_id = self._waiting.get()
            try:
                with self._app.app_context():
                    refresh(identity_id)
            except Exception:
                log.exception("the picture of identity %s could not be stored", identity_id)
            finally:
                self._waiting.task_done()


def _studio() -> _Studio:
    extensions = current_app.extensions
    if _EXTENSION not in extensions:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way out
        extensions.setdefault(_EXTENSION, _Studio(app))
    studio: _Studio = extensions[_EXTENSION]
    return studio
