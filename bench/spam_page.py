"""docs/spam.md, made from what was measured (bench/spam.py)."""

from collections import Counter
from dataclasses import dataclass, field

from bench import corpus
from bench.corpus import Corpus

AN_HOUR = 10_000  # comments an hour in a flood
KINDS = (
    "links",
    "the same text, changed",
    "no form",
    "forms filled in at once",
    "the hidden field",
    "guests",
    "accounts",
)


@dataclass(frozen=True)
class Result:
    """What became of so many comments: `through` are shown; `why` counts the first reason of the others.

    `first` were shown at once, and some of them are no more.
    """

    name: str
    number: int
    through: int
    why: Counter[str] = field(default_factory=Counter)
    first: int = 0

    @property
    def held(self) -> float:
        """Which share is not shown."""
        return 1 - self.through / self.number


def page(texts: Corpus, results: dict[str, list[Result]], lessons: list[tuple[int, float, float]]) -> str:
    """The page, from the corpus of mails and what became of its texts and of the reviews."""
    lines = [
        "# What is held\n",
        "<!-- Written by python -m bench.spam; run it again to renew it. -->",
        "Measured by `python -m bench.spam` with the default policy ([moderation.md](moderation.md)) and through the",
        f"API. *Mails* are SpamAssassin's public corpus ({texts.name}, {len(texts.good):,} wanted and",
        f"{len(texts.spam):,} unwanted ones that differ): of each the first paragraph is taken that its author wrote",
        "and that has no link. *Reviews* are sentences of people about goods, films and restaurants",
        f"(`{corpus.REVIEWS}`, the labelled sentences of UCI), those of 30 letters and more. Mails are longer than",
        "comments, and old; your visitors differ.\n",
        "## Good comments\n",
        "Ten minutes apart, on 40 pages: guests without links, and people with accounts of whom some link somewhere.",
        "(A guest's link waits, however good: that is the policy.) The reviews are the fresh sample: nobody looked at",
        "what is held of them while the checks were made, and nothing was changed after they were first measured.",
        "What is held of the mails was read meanwhile, and newsletters, lines that quote and messages of programs were",
        "left out of them then.\n",
        "| what | comments | shown at once | held | why |",
        "|---|---|---|---|---|",
        *map(_row, results["good"]),
        "\n## Floods\n",
        f"{AN_HOUR:,} comments an hour, each by somebody new, from an address of their own. *Guests* and *accounts* do",
        "what people do: they write texts that differ, without links, and take their time. The first of them go",
        "through; when there are four times as many as make a flood (160), those go to the queue, too",
        "(`flood.back`). Guests' browsers do not do the work that is asked for in a flood.",
        "Held is what is not shown in the end: it waits, was put away as spam, or was refused.\n",
        "| what | comments | shown at first | shown in the end | held | why |",
        "|---|---|---|---|---|---|",
        *(_row(one, first=True) for one in sorted(results["floods"], key=lambda one: KINDS.index(one.name))),
        "\n## A slow drip\n",
        "Unwanted texts without a link, one an hour, sent as a person would. Nothing but their words is wrong: one",
        "site on which nobody has decided anything yet, and one that has learned from the other half of the corpus.\n",
        "| what | comments | shown at once | held | why |",
        "|---|---|---|---|---|",
        *map(_row, results["drip"]),
        "\n## What is learned\n",
        "Whole mails, without their headers, judged by their words alone: half of the corpus is decided about, the",
        "other half is judged. It says nothing before 30 decisions of either kind.\n",
        "| decisions | of the unwanted held | of the wanted held |",
        "|---|---|---|",
        *(f"| {number:,} | {100 * spam:.1f} % | {100 * fine:.2f} % |" for number, spam, fine in lessons),
        "\n## What these figures cannot say\n",
        "Of mails they are kinder than a fresh sample would be: the threshold of what is learned and the number of",
        "decisions it needs were chosen on the half that is judged here. No flood here is a real one; that of people",
        "is as like to people as we could make it, short of doing the work that is asked for. A flood of people that",
        "stays below 160 an hour shows its first 40, and one below 40 an hour is none. A busy evening with 160",
        "comments of new people within an hour is taken for a flood, too: what they wrote waits for a moderator.",
    ]
    return "\n".join(lines) + "\n"


def _row(result: Result, *, first: bool = False) -> str:
    why = ", ".join(f"{count:,} `{code}`" for code, count in result.why.most_common(4))
    shown = f"{result.first:,} | {result.through:,}" if first else f"{result.through:,}"
    return f"| {result.name} | {result.number:,} | {shown} | {100 * result.held:.2f} % | {why} |"
