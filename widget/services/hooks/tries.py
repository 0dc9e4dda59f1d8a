"""What came of each time that something was sent to a hook, as long as it is of use to anybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.extensions import db
from widget.models import Hook, HookTry

KEEP, MOST = timedelta(days=30), 200  # of each hook
TROUBLES = ("timeout", "unreachable", "certificate", "redirect", "refused")


@dataclass(frozen=True)
class Tried:
    """What came of one time: a status and the beginning of the answer, or the trouble (TROUBLES)."""

    message: str
    event: str
    status: int | None
    trouble: str
    answer: str
    milliseconds: int
    asked: timedelta | None = None

    @property
    def worked(self) -> bool:
        """Whether it was taken."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def line(self) -> str:
        """The same in one line."""
        return f"{self.status or self.trouble} {self.answer}".strip()


def keep(session: Session, hook_id: int, tried: Tried) -> None:
    """Note it, if the hook is still there."""
    if session.get(Hook, hook_id) is None:
        return
    session.add(
        HookTry(
            hook_id=hook_id,
            message=tried.message,
            event=tried.event,
            status=tried.status,
            trouble=tried.trouble,
            answer=tried.answer,
            milliseconds=tried.milliseconds,
        )
    )


def of_hooks(hook_ids: Collection[int], *, limit: int = 50) -> list[HookTry]:
    """The last ones, the last first."""
    query = select(HookTry).where(HookTry.hook_id.in_(hook_ids)).order_by(HookTry.id.desc()).limit(limit)
    return list(db.session.scalars(query)) if hook_ids else []


def sweep(session: Session) -> None:
    """Forget what is a month old, and of each hook all but the last ones."""
    session.execute(delete(HookTry).where(HookTry.created_at <= clock.now() - KEEP))
    for hook_id in session.scalars(select(HookTry.hook_id).distinct()).all():
        mine = select(HookTry.id).where(HookTry.hook_id == hook_id).order_by(HookTry.id.desc())
        if (oldest := session.scalar(mine.offset(MOST).limit(1))) is not None:
            session.execute(delete(HookTry).where(HookTry.hook_id == hook_id, HookTry.id <= oldest))
