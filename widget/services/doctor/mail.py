"""Whether mail can be handed in."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from widget import config as settings
from widget import providers, smtp
from widget.core import clock, text
from widget.core.errors import Problem
from widget.core.letters import Letter, Quote, Words
from widget.providers.probe import Wrong
from widget.services.doctor.finding import Finding, Look, State
from widget.services.mail import post
from widget.services.mail.voice import Voice

_SAMPLE = "à é ø ß Ж Ω 日本語 العربية 😀"


def check(found: Mapping[str, Any]) -> Iterator[Finding | Look]:
    """Whether the mail server answers, speaks TLS that is trusted, and takes our password."""
    try:
        office = post.office_of(found)
    except Problem as problem:
        yield Finding("mail", State.WRONG, str(problem.details["reason"]))
        return
    if office is None:
        yield Finding("mail", State.OFF, "WIDGET_SMTP_URL is not set: no mail is sent, and none is offered")
        return
    yield Look("mail", partial(_see, office))


def send_test_mail(to: str, tell: Callable[[str], None]) -> str:
    """Send a test mail by the settings alone; `tell` hears the dialogue. The server's last answer.

    Raises Problem("config.invalid") that says what went wrong, or ("guest.bad_email").
    """
    found = settings.load(extra_rows=providers.settings_rows())
    voice, host = Voice("en"), str(found["PUBLIC_URL"]).partition("://")[2]
    letter = Letter(
        voice("test.subject", host=host),
        (
            Words(voice("test.lead", host=host, time=voice.moment(clock.now()))),
            Quote(voice("test.letters", sample=_SAMPLE)),
        ),
    )
    try:
        return post.test(found, text.clean_email(to), letter, tell)
    except smtp.Failed as failed:
        raise Problem("config.invalid", reason=f"the test mail did not go out: {failed.answer}") from failed


def _see(office: post.Office) -> str:
    try:
        smtp.greet(office.server)
    except smtp.Failed as failed:
        raise Wrong(failed.answer) from failed
    return f"{office.server.name} answers; `widget doctor --mail-to ADDRESS` sends a test mail"
