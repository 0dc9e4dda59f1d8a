"""`widget doctor`: what the operator set, looked at from where the server stands. `CHECKS` is the list; a row joins it.

It works on settings alone, without an application: it must have something to say where none can be made.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from widget import config, providers
from widget.core.errors import Problem
from widget.services.doctor import address, database, inbound, mail, settings, signin
from widget.services.doctor.finding import Finding, Look, State, look
from widget.services.doctor.mail import send_test_mail

__all__ = ["CHECKS", "Finding", "State", "examine", "send_test_mail"]

AT_ONCE = 16
Check = Callable[[Mapping[str, Any]], Iterable[Finding | Look]]

# In the order in which they are printed. What must wait for somebody gives a Look; all Looks are made at the same time.
CHECKS: tuple[Check, ...] = (
    settings.check,
    database.check,
    address.check,
    mail.check,
    inbound.check,
    signin.check,
)


def examine() -> list[Finding]:
    """One finding for each thing, in the order of `CHECKS`; at most some seconds, whatever does not answer."""
    try:
        found = config.load(extra_rows=providers.settings_rows())
    except Problem as problem:
        return [Finding("settings", State.WRONG, str(problem.details["reason"]))]
    things = [thing for check in CHECKS for thing in check(found)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(look, things))
