"""docs/moderation.md, made from the rows: the policy's settings, the reasons, the limits."""

from dataclasses import fields

from widget.core import limits
from widget.core.policy import Policy
from widget.core.verdicts import REASONS, WAITS

# What each setting of the policy does, in the order in which it is best read.
_SETTINGS = {
    "moderation": "Whose comments wait: nobody's (`off`), a person's `first`, all of `guests`, `all`.",
    "approve_after": "So many approved comments, and a person is known. 0: nobody ever is.",
    "guest_links": "How many links a guest's comment may have before it waits.",
    "max_links": "The same for everybody else. Links to the site's own pages never count.",
    "held_words": "A comment waits that has one of these words, in its text, links, or its author's website.",
    "blocked_words": "The same, and it is spam.",
    "held_names": "Comments of people wait under whose name one of these words is.",
    "flags_to_hold": "So many readers' flags, and a comment waits again. 0: never.",
    "close_days": "So many days after its first comment a conversation takes no more. 0: it stays open.",
    "forms": "Whether guests' comments wait that bring no token of a form of this server (`GET /api/v1/form`).",
    "least_seconds": "A guest's form that comes back within fewer seconds was not filled in by a person.",
    "similar": "Whether a comment waits that says almost the same as another one of these two weeks.",
    "flood": "So many comments of guests and new accounts in an hour, and further ones wait. 0: never.",
    "proof_of_work": "When guests' browsers must work: `off`, from half a `flood` on, or `always`.",
    "akismet_key": "A key of akismet.com for this site, not shown again. Empty: `WIDGET_AKISMET_KEY`.",
}
_VERDICTS = {
    "publish": "is shown, whatever else is found",
    "hold": "waits",
    "spam": "is spam",
    "refuse": "is refused",
}
_WAITS = {
    "everyone": "every comment here is read first",
    "first": "the first one is read first, the next ones appear at once",
    "guest": "guests' are read first, those of accounts appear at once",
    "links": "those with links are read first",
    "check": "somebody will look at it",
}
_START = """\
# Moderation

Nobody watches a conversation all day. So a comment is judged as it is written: most are shown at once, doubtful ones
wait for a moderator, seen by their authors alone, and spam is put away. Nothing of it needs a third party.

## Whom to trust

| who | what happens |
|---|---|
| a guest | goes live, unless something is doubtful; a comment with a link waits |
| somebody with an account, or a verified address | goes live, with up to four links |
| somebody with three approved comments | the same, and neither their words nor their form are looked at any more |
| who mentions it elsewhere ([Webmention](webmention.md)) | waits until something of theirs is published |
| owners and moderators of the site | always go live |

That is what a site does of which nobody has changed anything. How much of it is held, and how little of what people
write: [spam.md](spam.md). A changed comment is judged like a new one: who waits for approval and then changes the
text waits again.

## The policy

One setting a line, for one site: `widget site set blog moderation=first held_words="casino, 100% free"`. Lists have
commas between; their words are taken letter by letter but for capitals, and as whole words where the script has
spaces (`press` is not in `WordPress`); `%`, `_`, `*` are what they are.

| setting | default | what it does |
|---|---|---|
"""
_REASONS = """
## The reasons

All checks are asked, in the order of `widget/checks/`, until one shows or refuses the comment; of the others the
worst counts. The queue shows each reason by its code and these words, with a detail: the word, the number, the other
comment. Authors are not told them, but one sentence, so that nobody learns how to get around a check.

| code | a comment … | why |
|---|---|---|
"""
_AUTHORS = """
What the author of a comment is told while it waits (`waits` in the [API](api.md)); spam looks to them as if it
waited:

| `waits` | in words |
|---|---|
"""
_LIMITS = """
## How much of what

Counted exactly, in the database, however many processes answer; what is refused or fails does not count. (Previews
and names are counted by each process for itself: each has its share.) The answer is 429 with the code and
`Retry-After`. Addresses are kept as keyed hashes, and no longer than their span and an hour. `WIDGET_LIMITS=200`
allows twice as much, `0` anything.

Behind a proxy of your own, set `WIDGET_PROXY_HOPS=1`: else everybody has the proxy's address. With a number that is
too high, senders choose their address themselves.

| who | may | at most | within | code |
|---|---|---|---|---|
"""
_END = """
## What is found out, and how

**Forms.** The embed asks for a token when somebody turns to the box, and sends it with the comment: signed, good for
one comment, for this site, for two days. Programs that write as guests by the API do the same, or the site sets
`forms=false`. The page without scripts (`/t/…`) has no token, because it is the same for all its readers; everything
else holds there, too.

**Work.** In a flood the token asks for an answer with which its SHA-256 begins with some zero bits, 12 to 18 of
them, more the larger the flood is. The browser looks for it in small pieces while its reader writes. People with
accounts are never asked.

**Floods that look like people.** From `flood` comments of new people within an hour on, further ones wait. From four
times as many on it was no busy evening: what new people wrote within the hour and was shown goes to the queue, too
(`flood.back`), but for what a moderator let through, and what somebody answered who has been here longer. Each is sent
back once, and *Undo* in the log shows all of them again. So an article that is read by very many new people at
once wants `flood` set higher, or an eye on the queue.

**The same again.** Comments of two weeks are compared by the runs of six letters that they have in common (half of
them: the same); quotations and digits do not count, nor do texts of less than 40 letters.

**Words.** What moderators decide teaches the site which words are spam's: [Robinson's
way](https://www.linuxjournal.com/article/6467), for this site alone, on this server alone, and it says nothing
before 30 decisions of either kind. It holds, and never puts away. A decision that is taken back is forgotten. The
table has numbers in the place of words.

**Akismet** is asked where there is a key, about people who are not known and comments that would be shown: it is
told the text, the page, the name, the e-mail address, website, address and browser of who wrote. That leaves your
server: say so to your visitors. When it does not answer within two seconds, the comment goes as if nobody had asked.
Where a moderator decides otherwise than it did, it is told so afterwards, with what is stored: neither the address nor
the browser is.
"""


def page() -> str:
    """The page."""
    defaults = Policy()
    names = [row.name for row in fields(Policy)]
    if names_left := set(names) ^ set(_SETTINGS):
        raise AssertionError(f"tools/moderation_page.py: {names_left}")
    lines = [f"| `{name}` | {_default(getattr(defaults, name))} | {words} |" for name, words in _SETTINGS.items()]
    reasons = [f"| `{code}` | {_VERDICTS[row.verdict]} | {row.words} |" for code, row in REASONS.items()]
    told = [f"| `{name}` | {_WAITS[name]} |" for name in WAITS]
    rules = [
        f"| {limits.SCOPES[row.scope]} | {limits.ACTIONS[row.action]} "
        f"| {row.most:,} times | {_span(row.seconds)} | `{row.code}` |"
        for row in limits.ROWS
    ]
    parts = (_START, lines, _REASONS, reasons, _AUTHORS, told, _LIMITS, rules, _END)
    return "".join(part if isinstance(part, str) else "\n".join(part) + "\n" for part in parts)


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value or value == 0 else "none"


def _span(seconds: int) -> str:
    return {60: "a minute", 600: "ten minutes", 3_600: "an hour"}[seconds]
