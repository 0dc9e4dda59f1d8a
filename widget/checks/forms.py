"""How a guest's text came here: what a page of this server would have sent along, and how fast."""

from widget.checks.case import GOOD, KNOWN, Case
from widget.core.verdicts import Verdict


def trap(case: Case) -> Verdict | None:
    """A field that people do not see stays empty."""
    return Verdict("form.trap", case.form.trap) if case.form.trap else None


def token(case: Case) -> Verdict | None:
    """A form that was given out here, a while ago, once, and the work that it asked for."""
    form = case.form
    if not form.asked or not case.author.guest or case.rung == KNOWN or not case.policy.forms:
        return None
    if form.token != GOOD:
        return Verdict({"": "form.missing", "again": "form.again"}.get(form.token, "form.invalid"))
    if form.seconds < case.policy.least_seconds:
        return Verdict("form.fast", f"{form.seconds:.1f} s")
    return Verdict("form.work", f"{form.done} of {form.bits} bits") if form.done < form.bits else None
