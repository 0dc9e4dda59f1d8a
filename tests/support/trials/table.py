"""The trials, in the order of docs/trials.md."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Noted: TypeAlias = Callable[[str, object], None]  # pytest's record_property


@dataclass(frozen=True)
class Trial:
    """One row. `cases` is how many there are with all options at their most (`--full --kills 200`).

    `control` says what is taken away or put in; where the row has none, `""`.
    """

    id: str
    what: str
    cases: int
    control: str


_FAULTS = {
    "closed": "nobody listens",
    "tls": "the server's certificate is one that nobody vouches for",
    "later": "the server says 451 for a quarter of an hour",
    "greylist": "the server says 450 to an address the first time",
    "busy": "the server says 421 for a quarter of an hour",
    "never": "the server says 550 for a quarter of an hour, and the operator says `widget outbox retry` then",
    "hang": "the server takes the call and is silent for a quarter of an hour",
    "drop": "the server hangs up in the middle for a quarter of an hour",
}
_TOLD = "each mail comes once, at the latest a quarter of an hour after the server is back"
TRIALS = (
    *(
        Trial(f"I1.{name}", f"{what}: {_TOLD}", 200, "what fails once is not tried again")
        for name, what in _FAULTS.items()
    ),
    Trial(
        "I1.before",
        "`kill -9` of the worker before it has handed the mail in: the mail comes once",
        200,
        "a row counts as sent when it is taken",
    ),
    Trial(
        "I1.after",
        "`kill -9` after handing in, before the answer: it comes twice, with one `Message-ID`",
        200,
        "every try has a name of its own",
    ),
    Trial(
        "I2.words",
        "hostile texts (as Markdown, as html of an import, as WordPress has it): no tag, link, header or part of "
        "theirs in the mail, all of their words, the address of every link spelled out",
        243,
        "words are not escaped",
    ),
    Trial(
        "I2.browser",
        "the same mails in a browser that runs scripts: nothing runs, nothing is fetched",
        243,
        "words are not escaped (of each ninth text)",
    ),
    Trial(
        "I3",
        "a request says that this server is another: links in mails lead to the address of the settings",
        8,
        "links have the host that the request names",
    ),
    Trial(
        "I4",
        "line ends, zero bytes, encoded words, addresses, other letters in name, title, site and address: no header of "
        "theirs, and the mail arrives",
        40,
        "words are put into headers as they are",
    ),
    Trial(
        "I5.looks",
        "ten ways to look at the links of mails, by twenty programs: nothing happens",
        200,
        "looking does what the button does",
    ),
    Trial(
        "I5.wrong",
        "eight ways in which a link is not right (cut, changed, of another act, page or key, late, without a role, "
        "a second time), from the same programs: refused",
        160,
        "signatures are not compared",
    ),
    Trial(
        "I6",
        "storms: a thousand answers one below the other, five hundred who wrote in one conversation, a hundred edits, "
        "approved again, strangers' addresses, an address that refuses, more than five an hour, double opt-in",
        8,
        "nobody is asked, and an hour has room for everything",
    ),
    *(
        Trial(
            f"F.{form}",
            f"hostile texts and names in {name}: the feed is what its standard says, and has what was said",
            283,
            "words are not escaped",
        )
        for form, name in {"atom": "Atom", "rss": "RSS 2.0", "json": "JSON Feed 1.1"}.items()
    ),
)


def note(noted: Noted, trial: str, held: int, *, control: int | None = None) -> None:
    """Have it on docs/trials.md that so many cases held, and that the control showed so many broken ones."""
    assert trial in {one.id for one in TRIALS}, trial
    noted("trial", (trial, held, control))
