"""Whether answers by mail can come in: the mailbox is read, the door is open."""

import smtplib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from widget.channels import imap
from widget.core.errors import Problem
from widget.providers.probe import Wrong
from widget.services import inbound
from widget.services.doctor.finding import Finding, Look, State
from widget.services.mail import addresses

_SECONDS = 5


def check(found: Mapping[str, Any]) -> Iterator[Finding | Look]:
    """Whether the mailbox takes our password, and somebody listens on this machine."""
    try:
        mailbox, door = inbound.check(found)
        desk = addresses.desk_of(found)
    except Problem as problem:
        yield Finding("answers", State.WRONG, str(problem.details["reason"]))
        return
    if desk is None:
        yield Finding("answers", State.OFF, "WIDGET_REPLY_ADDRESS is not set: mails cannot be answered")
    elif not found["SMTP_URL"]:
        yield Finding("answers", State.WRONG, "WIDGET_REPLY_ADDRESS needs WIDGET_SMTP_URL")
    elif not mailbox and not door:
        words = "WIDGET_REPLY_ADDRESS is set, and neither WIDGET_IMAP_URL nor WIDGET_LMTP_LISTEN: nobody takes answers"
        yield Finding("answers", State.WRONG, words)
    if mailbox:
        yield Look("answers, IMAP", partial(_read, mailbox))
    if door:
        yield Look("answers, LMTP", partial(_knock, door))


def _read(where: imap.Server) -> str:
    try:
        with imap.opened(where) as mailbox:
            waiting = len(mailbox.unseen())
    except imap.Failed as failed:
        raise Wrong(str(failed)) from failed
    return f"{where.name} lets us read {where.folder}; mails that wait there: {waiting}"


def _knock(where: tuple[str, int]) -> str:
    host, port = where
    try:
        with smtplib.LMTP(host, port, timeout=_SECONDS) as client:
            code, _ = client.ehlo("localhost")
    except (OSError, smtplib.SMTPException) as error:
        raise Wrong(f"nothing listens on {host}:{port}; `widget work` does, once it is started") from error
    if code != 250:
        raise Wrong(f"what listens on {host}:{port} speaks no LMTP")
    return f"the door on {host}:{port} is open"
