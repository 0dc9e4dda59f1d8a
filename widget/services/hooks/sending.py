"""Sends to a hook, and says what became of it; no transaction is open meanwhile."""

from contextlib import suppress
from functools import partial
from time import monotonic

from widget import __version__, net
from widget.channels.hooks import KINDS, Destination
from widget.core import clock, letters, waits
from widget.core.errors import Problem
from widget.core.hookbody import News
from widget.extensions import db
from widget.models import Hook
from widget.services import sites, transaction
from widget.services.hooks import news, store, tries
from widget.services.hooks.tries import Tried
from widget.services.outbox import Claimed, Dropped, Failed, Outcome, Sent

SECONDS = 5.0
_MAX_BYTES = 4_000  # of an answer; what is more is not read
_SHOWN = 300
_GONE = 410
_LATER = {408, 425, 429}


def run(claimed: Claimed) -> Outcome:
    """Send a row of the outbox."""
    session = db.session()
    hook = session.get(Hook, claimed.payload["hook"])
    if hook is None or not hook.active:
        return Dropped("the hook is gone" if hook is None else "the hook is off")
    told = news.of_row(session, claimed)
    if told is None:
        return Dropped("it is not so any more")
    hook_id, kind = hook.id, hook.kind
    try:
        to = store.destination(hook)
    except Problem as problem:
        return Failed(problem.code, refused=True)
    session.rollback()
    tried = send(kind, to, told)
    with suppress(Problem):  # a busy database makes nothing unsent
        transaction.write(partial(tries.keep, hook_id=hook_id, tried=tried))
    if tried.status == _GONE:
        transaction.write(partial(store.stop, hook_id=hook_id))
    return outcome_of(tried)


def test(hook: Hook) -> Tried:
    """Send the event `test` at once, in the same way. Raises Problem("hook.unreadable")."""
    hook_id, kind, to = hook.id, hook.kind, store.destination(hook)
    told = news.of_test(sites.by_id(hook.site_id) if hook.site_id else None)
    db.session().rollback()
    tried = send(kind, to, told)
    transaction.write(partial(tries.keep, hook_id=hook_id, tried=tried))
    return tried


def send(kind: str, to: Destination, told: News) -> Tried:
    """Make the request and hand it in, within SECONDS. A redirect is not followed."""
    request = KINDS[kind].make(to, told, clock.now())
    headers = {"Content-Type": "application/json", "User-Agent": f"comment-widget/{__version__}", **request.headers}
    begun, status, trouble, answer, asked = monotonic(), None, "", "", None
    try:
        store.checked(to.address)  # the setting that allowed it may have changed
        with net.within(SECONDS), net.session(private=store.private(), max_bytes=_MAX_BYTES, cut=True) as door:
            got = door.request(request.method, request.url, data=request.body, headers=headers)
        status, body = got.status_code, got.content
        answer = letters.plain(body.decode("utf-8", "replace"), longest=_SHOWN)
        asked = waits.asked(got.headers.get("Retry-After"), body, now=clock.now())
    except Problem as problem:
        trouble, answer = "refused", problem.message
    except net.Error as error:
        trouble, answer = _trouble(error)
    taken = int((monotonic() - begun) * 1000)
    return Tried(told.id, told.body.type, status, trouble, answer, taken, asked)


def outcome_of(tried: Tried) -> Outcome:
    """What it means for the row. Refused for good, it is tried three times: receivers are misconfigured for a while."""
    if tried.worked:
        return Sent(tried.line)
    if tried.status == _GONE:
        return Dropped(f"{tried.line}; the hook is switched off")
    if tried.status is None:
        silent = tried.trouble not in {"redirect", "refused"}
        return Failed(tried.line, refused=not silent, unreachable=silent)
    later = tried.status >= 500 or tried.status in _LATER
    return Failed(tried.line, refused=not later, asked=tried.asked if later else None)


def _trouble(error: net.Error) -> tuple[str, str]:
    if isinstance(error, net.Redirected):
        return "redirect", letters.plain(error.location, longest=_SHOWN)
    if isinstance(error, net.Refused):
        return "refused", letters.plain(str(error), longest=_SHOWN)
    if isinstance(error, net.Untrusted):
        return "certificate", ""
    if isinstance(error, net.Timeout):
        return "timeout", ""
    return "unreachable", ""
