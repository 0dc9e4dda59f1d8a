"""Forms that this server gave out, for a site, for a while; and the work that they ask for."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

import pytest

from widget.core import clock, formtokens

KEY = "k" * 40
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_it_comes_back() -> None:
    with clock.freeze(NOW):
        token = formtokens.make(KEY, "blog", bits=14)
        found = formtokens.read(KEY, "blog", token)
    assert found is not None
    assert (found.site, found.issued, found.bits) == ("blog", NOW, 14)
    assert found.nonce != formtokens.make(KEY, "blog", bits=14).split(".")[0]


LAST = formtokens.LASTS.total_seconds()


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (LAST - 1, True), (LAST, False), (-1, False)])
def test_it_lasts_a_while(seconds: float, good: bool) -> None:  # noqa: FBT001
    with clock.freeze(NOW):
        token = formtokens.make(KEY, "blog", bits=0)
    with clock.freeze(NOW + timedelta(seconds=seconds)):
        assert (formtokens.read(KEY, "blog", token) is not None) == good


def test_nobody_else_makes_one() -> None:
    token = formtokens.make(KEY, "blog", bits=16)
    nonce, issued, _, signature = token.split(".")
    forged = [
        f"{nonce}.{issued}.0.{signature}",
        f"{nonce}.{int(issued) - 10_000_000}.16.{signature}",
        f"{nonce[:-1]}x.{issued}.16.{signature}",
        formtokens.make("another key" * 4, "blog", bits=16),
        formtokens.make(KEY, "shop", bits=16),
        "",
        "...",
        "a.b.c.d",
        "é.1.2.3",
        token * 9,
        token + ".",
        token[:-1],
    ]
    assert [formtokens.read(KEY, "blog", one) for one in forged] == [None] * len(forged)
    assert formtokens.read(KEY, "blog", token)


def test_work_is_counted_in_zero_bits() -> None:
    token = formtokens.make(KEY, "blog", bits=8)
    answer = next(str(at) for at in count() if sha256(f"{token}.{at}".encode()).digest()[0] == 0)
    assert formtokens.work_done(token, answer) >= 8
    assert formtokens.work_done(token, "x" * 1000) == 0
    assert sum(formtokens.work_done(token, str(at)) >= 8 for at in range(200)) < 20
