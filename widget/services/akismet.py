"""Asks Akismet whether a comment is spam (https://akismet.com/developers/detailed-docs/comment-check/), and tells it.

Only where the operator has a key; before anything is written, for two seconds at the most. It answers, or it said
nothing: no comment waits for it or is lost by it.
"""

import logging
from dataclasses import dataclass

from flask import current_app

from widget import net
from widget.services.breaker import Breaker

SECONDS = 2.0
PATIENCE = 15.0  # seconds for what nobody waits for
_breaker = Breaker()
_MAX_BYTES = 10_000


@dataclass(frozen=True)
class Question:
    """What Akismet is told; `role` is "administrator" for nobody here: they are not asked about."""

    page: str
    address: str
    browser: str
    name: str
    email: str
    website: str
    text: str


def is_spam(key: str, question: Question) -> bool | None:
    """Its answer; None for silence, nonsense, a key that it does not know, or while it is left alone."""
    if _breaker.is_open():
        return None
    base, told = current_app.config["AKISMET_URL"], _told(key, question)
    try:
        with net.within(SECONDS), net.session(named=[base], max_bytes=_MAX_BYTES) as door:
            answer = door.post(f"{base}/1.1/comment-check", data=told)
            answer.raise_for_status()
            if answer.status_code != 200:
                return None
    except net.Error as error:
        _breaker.failed()
        logging.getLogger(__name__).warning("Akismet did not answer: %s", type(error).__name__)
        return None
    _breaker.answered()
    said = answer.text.strip()
    if said not in {"true", "false"}:
        help_ = answer.headers.get("X-akismet-debug-help", "")[:200]
        logging.getLogger(__name__).warning("Akismet gave no answer to the question: %s", help_ or "no reason given")
        return None
    return said == "true"


def submit(key: str, question: Question, kind: str) -> str:
    """Tell it that this was "spam", or was not ("ham"); what went wrong, "" when it took that."""
    base = current_app.config["AKISMET_URL"]
    try:
        with net.within(PATIENCE), net.session(named=[base], max_bytes=_MAX_BYTES) as door:
            answer = door.post(f"{base}/1.1/submit-{kind}", data=_told(key, question))
    except net.Error as error:
        return type(error).__name__
    return "" if answer.status_code == 200 and answer.text.strip() != "invalid" else f"it answered {answer.status_code}"


def _told(key: str, question: Question) -> dict[str, str]:
    """What is known; of what is not, nothing."""
    told = {
        "api_key": key,
        "blog": current_app.config["PUBLIC_URL"],
        "user_ip": question.address,
        "user_agent": question.browser,
        "permalink": question.page,
        "comment_type": "comment",
        "comment_author": question.name,
        "comment_author_email": question.email,
        "comment_author_url": question.website,
        "comment_content": question.text,
    }
    return {name: value for name, value in told.items() if value}
