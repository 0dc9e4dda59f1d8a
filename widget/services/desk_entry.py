"""The desk's door: what comes of a sign-in that was begun there."""

from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.providers import Profile
from widget.services import accounts, desk_sessions, setup_links, staff
from widget.services.logins import DeskErrand


def enter(session: Session, errand: DeskErrand, profile: Profile, *, old: str | None) -> str:
    """The secret of a new session of the desk, for somebody who has business there.

    With a set-up link they are an administrator from now on, also if nobody saw them here before. Without one nobody is
    made. Raises Problem("desk.no_role"), ("setup.invalid") or ("user.blocked"), and then nothing is changed.
    """
    if errand.setup is None and accounts.owner_of(session, profile) is None:
        raise Problem("desk.no_role")
    person = accounts.of_profile(session, profile)
    if errand.setup is not None:
        setup_links.redeem(session, errand.setup)
        staff.make_administrator(session, person[0], on=True)
        session.flush()
    if staff.of_user(session, person[0]) is None:
        raise Problem("desk.no_role")
    return desk_sessions.VISITS.open_session(session, person, old=old)
