"""Pictures in comments: fetched once, when the comment is written, and shown from this server alone."""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget import net
from widget.core import clock, pictures
from widget.core.nodes import Image
from widget.core.pictures import Scaled
from widget.extensions import db
from widget.models import Picture, PictureUse
from widget.services import downloads

MOST = 4  # of one comment; what comes after them stays a link
SECONDS = 3.0  # for all of them together: somebody waits
MAX_BYTES = 2_000_000
ORPHANS_LIVE = timedelta(days=1)
_one_at_a_time = threading.Lock()  # decoding takes some ten times the room of what comes out
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A picture behind an address: its place in the text, and its bytes unless they are here already."""

    image: Image
    new: Scaled | None = None


def base() -> str:
    """What stands before a picture's hash in its address."""
    return f"{current_app.config['PUBLIC_URL']}/pictures/"


def find(picture: str) -> Picture | None:
    """The picture with this hash."""
    return db.session.scalar(select(Picture).where(Picture.hash == picture))


def shown_by(comment_id: int) -> dict[str, Found]:
    """What the comment shows or did before it was edited, by address."""
    columns = select(PictureUse.address, Picture.hash, Picture.width, Picture.height)
    rows = db.session.execute(columns.join(Picture).where(PictureUse.comment_id == comment_id))
    return {row.address: Found(Image(row.hash, row.width, row.height)) for row in rows}


def fetch(addresses: Iterable[str]) -> dict[str, Found]:
    """Those of the pictures that can be had now, by address, in `SECONDS`; the database is let go before."""
    db.session.rollback()
    found: dict[str, Found] = {}
    with net.within(SECONDS):
        for address in addresses:
            try:
                data = downloads.picture(address, max_bytes=MAX_BYTES)
                with _one_at_a_time:
                    scaled = pictures.scale(data)
            except (net.Error, pictures.BadPicture) as error:
                log.info("a picture of a comment stays a link: %s", error)
            else:
                found[address] = Found(Image(scaled.hash, scaled.width, scaled.height), scaled)
    return found


def keep(session: Session, comment_id: int, found: Mapping[str, Found]) -> None:
    """Store what is new, and that the comment shows it. What it showed before it was edited stays, for its history."""
    kept = set(session.scalars(select(PictureUse.address).where(PictureUse.comment_id == comment_id)))
    for address, one in found.items():
        if address not in kept:
            row = _young(session, one.image.hash) or (_store(session, one.new) if one.new else None)
            if row is not None:
                session.add(PictureUse(comment_id=comment_id, picture_id=row, address=address))
    session.flush()


def sweep(session: Session) -> None:
    """Delete the pictures that no comment shows any more."""
    used = select(PictureUse.id).where(PictureUse.picture_id == Picture.id).exists()
    session.execute(delete(Picture).where(Picture.created_at <= clock.now() - ORPHANS_LIVE, ~used))


def _young(session: Session, name: str) -> int | None:
    """The row of this picture, made young again, so that a sweep at this moment leaves it."""
    return session.scalar(
        update(Picture).where(Picture.hash == name).values(created_at=clock.now()).returning(Picture.id)
    )


def _store(session: Session, new: Scaled) -> int | None:
    try:
        with session.begin_nested():
            row = Picture(hash=new.hash, type=new.type, data=new.data, width=new.width, height=new.height)
            session.add(row)
            session.flush()
            return row.id
    except IntegrityError:  # another comment with the same picture was faster by a moment
        return _young(session, new.hash)
