"""Every reason for which a comment is let through, held, put away or refused: a stable code, words for moderators.

The queue shows the words, docs/moderation.md is made from these rows; the person who wrote is told `waits` alone, which
says what comes next and nothing that helps a spammer.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from widget.core.errors import Problem

PUBLISH, HOLD, SPAM, REFUSE = "publish", "hold", "spam", "refuse"
STATES = {PUBLISH: "published", HOLD: "pending", SPAM: "spam"}
WAITS = ("everyone", "first", "guest", "links", "check")
_MAX_DETAIL = 200


@dataclass(frozen=True)
class Reason:
    """One row: what follows from it, and its words for moderators. `waits` is what its author is told."""

    verdict: str
    words: str
    waits: str = "check"


REASONS: dict[str, Reason] = {
    "trust.staff": Reason(PUBLISH, "Its author runs this site."),
    "trust.always": Reason(PUBLISH, "Its author is approved always."),
    "guest.not_allowed": Reason(REFUSE, "The site takes comments of signed-in people only."),
    "thread.closed": Reason(REFUSE, "The conversation is older than the site keeps it open."),
    "policy.all": Reason(HOLD, "On this site every comment waits.", "everyone"),
    "policy.guests": Reason(HOLD, "On this site guests' comments wait.", "guest"),
    "policy.first": Reason(HOLD, "It is this person's first comment here.", "first"),
    "mention.first": Reason(HOLD, "Nothing of this author's site has been approved here yet.", "first"),
    "links.guest": Reason(HOLD, "A guest's comment with more links than guests may have at once.", "links"),
    "links.many": Reason(HOLD, "It has more links than go through at once.", "links"),
    "words.held": Reason(HOLD, "It has a word of the site's list of words to look at."),
    "words.blocked": Reason(SPAM, "It has a word of the site's list of blocked words."),
    "names.held": Reason(HOLD, "Its author's name is on the site's list of names to look at."),
    "form.trap": Reason(SPAM, "It filled in a field that people do not see."),
    "form.missing": Reason(HOLD, "It came without a form of this server."),
    "form.invalid": Reason(HOLD, "Its form is too old, of another site, or not of this server."),
    "form.again": Reason(HOLD, "Its form was used before."),
    "form.fast": Reason(HOLD, "It came back sooner than a person can write it."),
    "form.work": Reason(HOLD, "Its browser has not done the work that was asked for."),
    "flood.people": Reason(HOLD, "Very many new people write at the moment."),
    "flood.back": Reason(HOLD, "It was shown, and then it turned out to be one of very many by new people."),
    "similar.spam": Reason(SPAM, "It says almost the same as a comment that is spam."),
    "similar.comment": Reason(HOLD, "It says almost the same as another comment of these days."),
    "learned.spam": Reason(HOLD, "It reads like what was marked as spam on this site."),
    "akismet.spam": Reason(SPAM, "Akismet takes it for spam."),
}


@dataclass(frozen=True)
class Verdict:
    """What one check found; `detail` says more: the word, the number, the other comment."""

    code: str
    detail: str = ""

    @property
    def reason(self) -> Reason:
        """Its row."""
        return REASONS[self.code]


@dataclass(frozen=True)
class Judgement:
    """What all checks found together."""

    verdicts: tuple[Verdict, ...] = ()

    @property
    def state(self) -> str:
        """The state in which the comment is stored."""
        found = {verdict.reason.verdict for verdict in self.verdicts}
        return STATES[next((one for one in (PUBLISH, SPAM, HOLD) if one in found), PUBLISH)]

    @property
    def waits(self) -> str | None:
        """What its author is told while it waits, one of WAITS."""
        told = {verdict.reason.waits for verdict in self.verdicts if verdict.reason.verdict in {HOLD, SPAM}}
        return next((one for one in WAITS if one in told), None)

    def with_(self, *more: Verdict) -> "Judgement":
        """The same, with what was found since."""
        return Judgement((*self.verdicts, *more))

    def require(self) -> None:
        """Raises the Problem of the first verdict that refuses."""
        for verdict in self.verdicts:
            if verdict.reason.verdict == REFUSE:
                raise Problem(verdict.code)

    def text(self) -> str:
        """As it is stored: JSON, a list of [code, detail]."""
        return json.dumps([[one.code, one.detail[:_MAX_DETAIL]] for one in self.verdicts], ensure_ascii=False)


def read(text: str) -> Judgement:
    """What `Judgement.text` wrote; codes that this release does not know are left out."""
    found: Iterable[tuple[str, str]] = json.loads(text or "[]")
    return Judgement(tuple(Verdict(code, detail) for code, detail in found if code in REASONS))
