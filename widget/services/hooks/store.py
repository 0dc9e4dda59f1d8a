"""The hooks of a site, or of the whole server: made, changed and removed, with all that is secret in them sealed."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from widget.channels.hooks import KINDS, Destination
from widget.core import addresses, clock, events, ids, letters, signatures, urls
from widget.core.errors import Problem
from widget.core.seal import Broken, Seal
from widget.extensions import db
from widget.models import Hook

MOST = 20  # on a site
LABEL = 80
ROTATION = timedelta(hours=24)  # as long both keys sign
_ADDRESS = 2_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants a hook to be; of one that is there, what is None stays."""

    label: str = ""
    events: Collection[str] = ()
    active: bool = True
    address: str | None = None
    target: str | None = None
    token: str | None = None


def of_site(site_id: int | None) -> list[Hook]:
    """The hooks of a site, or those of the whole server."""
    mine = Hook.site_id == site_id if site_id is not None else Hook.site_id.is_(None)
    return list(db.session.scalars(select(Hook).where(mine).order_by(Hook.id)))


def everywhere() -> list[Hook]:
    """All there are."""
    return list(db.session.scalars(select(Hook).order_by(Hook.site_id, Hook.id)))


def find(session: Session, public_id: str) -> Hook:
    """Raises Problem("hook.not_found")."""
    found = None
    if ids.is_public_id(public_id):
        found = session.scalar(select(Hook).where(Hook.public_id == public_id))
    if found is None:
        raise Problem("hook.not_found")
    return found


def add(session: Session, site_id: int | None, kind: str, wanted: Wanted) -> tuple[Hook, str]:
    """A new hook, and its key: "" where the kind does not sign. Nobody is shown the key again.

    Raises Problem: hook.bad_kind, hook.bad_address, hook.bad_target, hook.bad_token, hook.no_event, hook.too_many.
    """
    if kind not in KINDS:
        raise Problem("hook.bad_kind", field="kind")
    mine = Hook.site_id == site_id if site_id is not None else Hook.site_id.is_(None)
    if (session.scalar(select(func.count()).select_from(Hook).where(mine)) or 0) >= MOST:
        raise Problem("hook.too_many", limit=MOST)
    key = signatures.new_secret() if KINDS[kind].signs else ""
    hook = Hook(public_id=ids.public_id(), site_id=site_id, kind=kind, place="", sealed="")
    _write(hook, wanted, {"address": "", "target": "", "token": "", "key": key})
    session.add(hook)
    session.flush()
    return hook, key


def change(session: Session, public_id: str, wanted: Wanted) -> Hook:
    """What was changed holds for whatever goes out from now on. Raises as `add` and `find` do, and hook.unreadable."""
    hook = find(session, public_id)
    _write(hook, wanted, _secrets(hook))
    return hook


def rotate(session: Session, public_id: str) -> tuple[Hook, str]:
    """A new key, beside which the old one signs for a day more. Raises Problem("hook.bad_kind") where none signs."""
    hook = find(session, public_id)
    if not KINDS[hook.kind].signs:
        raise Problem("hook.bad_kind")
    kept, key = _secrets(hook), signatures.new_secret()
    until = clock.microseconds(clock.now() + ROTATION)
    hook.sealed = _seal(hook.public_id).close(_json({**kept, "key": key, "old": kept["key"], "until": until}))
    return hook, key


def remove(session: Session, public_id: str) -> None:
    """It is gone with what is known of what was sent; what waits for it is not sent any more."""
    session.delete(find(session, public_id))


def stop(session: Session, hook_id: int) -> None:
    """Its destination said that it is gone for good."""
    if hook := session.get(Hook, hook_id):
        hook.active, hook.stopped = False, "gone"


def destination(hook: Hook) -> Destination:
    """Where it goes now. Raises Problem("hook.unreadable")."""
    kept = _secrets(hook)
    keys = [kept["key"]] if kept.get("key") else []
    if kept.get("old") and clock.microseconds(clock.now()) < kept["until"]:
        keys.append(kept["old"])
    return Destination(kept["address"], kept["target"], kept["token"], tuple(keys))


def private() -> tuple[addresses.PrivateHost, ...]:
    """The hosts of the operator's own network that hooks may go to."""
    return addresses.private_hosts(current_app.config["HOOK_HOSTS"])


def checked(address: str) -> str:
    """An address that a hook may have. Raises Problem("hook.bad_address").

    Whether its host is one of the open internet is seen by the door when it is dialled, and each time.
    """
    address = address.strip()
    try:
        origin = urls.origin_of(address)
    except Problem as problem:
        reason = problem.details.get("reason", "it is none")
        raise Problem("hook.bad_address", field="address", reason=reason) from problem
    parts = urlsplit(origin)
    if len(address) > _ADDRESS or len(origin) > 300:
        raise Problem("hook.bad_address", field="address", reason=f"longer than {_ADDRESS} characters")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme != "https" and (parts.hostname, port) not in {(one.host, one.port) for one in private()}:
        raise Problem("hook.bad_address", field="address", reason="it must start with https://")
    return address


def _write(hook: Hook, wanted: Wanted, kept: dict[str, Any]) -> None:
    kind = KINDS[hook.kind]
    given = {name: getattr(wanted, name) for name in ("address", "target", "token")}
    kept = {**kept, **{name: value.strip() for name, value in given.items() if value is not None}}
    kept["address"] = checked(kept["address"])
    if kind.target is None:
        kept["target"] = ""
    elif not kind.target.fullmatch(kept["target"]):
        raise Problem("hook.bad_target", field="target")
    if kind.bearer is False:
        kept["token"] = ""
    elif (kept["token"] or kind.bearer) and not _TOKEN.fullmatch(kept["token"]):
        raise Problem("hook.bad_token", field="token")
    chosen = [one for one in events.KINDS if one in wanted.events]
    if not chosen:
        raise Problem("hook.no_event", field="events")
    hook.label = letters.plain(wanted.label, longest=LABEL)
    hook.events, hook.place = chosen, urls.origin_of(kept["address"])
    hook.active = wanted.active
    hook.stopped = "" if wanted.active else hook.stopped or ""
    hook.sealed = _seal(hook.public_id).close(_json(kept))


def _secrets(hook: Hook) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = msgspec.json.decode(_seal(hook.public_id).open(hook.sealed))
    except Broken:
        raise Problem("hook.unreadable") from None
    return kept


def _json(kept: Mapping[str, Any]) -> str:
    return msgspec.json.encode(kept).decode()


def _seal(public_id: str) -> Seal:
    return Seal(str(current_app.config["SECRET_KEY"]), "hook", public_id)
