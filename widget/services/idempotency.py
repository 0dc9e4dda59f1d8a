"""The same write sent twice happens once and is answered alike."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, payload, tokens
from widget.core.errors import Problem
from widget.models import Idempotency
from widget.services import transaction
from widget.statements import Statement

_ROWS = cast("Table", Idempotency.__table__)
_FIND = Statement(
    select(_ROWS.c.fingerprint, _ROWS.c.answer).where(
        _ROWS.c.scope == bindparam("scope"), _ROWS.c.key == bindparam("key")
    )
)
_KEEP = Statement(insert(_ROWS), columns=("scope", "key", "fingerprint", "answer", "subject", "created_at"))
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class _LostError(Exception):
    """Another request with the same key was committed while this one worked."""


def check_key(key: str | None) -> str:
    """The Idempotency-Key of a request. Raises Problem("idempotency.missing") or ("idempotency.bad_key")."""
    if not key:
        raise Problem("idempotency.missing")
    if not _KEY.fullmatch(key):
        raise Problem("idempotency.bad_key")
    return key


def once(scope: str, key: str, request: Any, work: Callable[[Session], Mapping[str, Any]]) -> bytes:
    """Run `work(session)` in a writing transaction and return its answer as JSON bytes.

    The answer is kept, and given again for the same `key`. `scope` is who writes, `request` is what they ask for
    (anything JSON can hold). Raises Problem("idempotency.mismatch") when the key came with another request before,
    Problem("comment.gone") when the answer told a comment that has been erased since, and what `work` raises.
    """
    fingerprint = tokens.digest(payload.encode([request]).decode())

    def attempt(session: Session) -> bytes:
        if (known := _known(session, scope, key, fingerprint)) is not None:
            return known
        made = work(session)
        answer = payload.encode(made)
        row = {"scope": scope, "key": key, "fingerprint": fingerprint, "created_at": clock.now()}
        session.flush()
        try:
            _KEEP.run(session, **row, answer=answer.decode(), subject=_subject(made))
        except IntegrityError as error:
            raise _LostError from error
        return answer

    try:
        return transaction.write(attempt)
    except _LostError:
        return transaction.write(attempt)  # the winner's row is there now


def _known(session: Session, scope: str, key: str, fingerprint: str) -> bytes | None:
    row = _FIND.first(session, scope=scope, key=key)
    if row is None:
        return None
    if not tokens.same(row.fingerprint, fingerprint):
        raise Problem("idempotency.mismatch")
    if not row.answer:
        raise Problem("comment.gone")
    return str(row.answer).encode()


def forget(session: Session, subjects: Sequence[str]) -> None:
    """Erase the answers that tell these comments (public ids); their keys stay, so that no repeat writes them anew."""
    session.execute(update(Idempotency).where(Idempotency.subject.in_(subjects)).values(answer="", subject=None))


def _subject(made: Mapping[str, Any]) -> str | None:
    comment = made.get("comment")
    return comment["id"] if comment else None
