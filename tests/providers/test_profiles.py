"""Every provider's JSON as it really comes (profiles/*.json), and what we make of it; then what nobody should send."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from widget.providers.base import BadAnswer, Person, Profile, Provider, profile
from widget.providers.rows import all_rows
from widget.providers.settings import configured

FOLDER = Path(__file__).parent / "profiles"
CASES = [(file.stem, case) for file in sorted(FOLDER.glob("*.json")) for case in json.loads(file.read_text("utf-8"))]
ROWS = {row.id: row for row in all_rows()}
# Documents that tell of nobody, whatever the provider.
NOBODY: list[dict[str, Any]] = [
    {},
    {"sub": "", "id": "", "ID": ""},
    {"sub": None, "id": None, "ID": None, "data": None, "user": None},
    {"sub": " ", "id": " ", "ID": " ", "data": {"id": " "}, "user": {"user_id": " "}},
    {"sub": [], "id": [], "ID": [], "data": {"id": []}, "user": {"user_id": []}},
    {"sub": True, "id": True, "ID": True, "data": {"id": True}, "user": {"user_id": True}},
    {"sub": 1.5, "id": 1.5, "ID": 1.5, "data": {"id": 1.5}, "user": {"user_id": 1.5}},
    {"sub": "a\nb", "id": "a\nb", "ID": "a\nb", "data": {"id": "a\nb"}, "user": {"user_id": "a\nb"}},
    {"data": [], "user": [], "kakao_account": 5, "images": 5, "picture": []},
]


def row_of(name: str) -> Provider:
    """The row as settings make it."""
    row = ROWS[name]
    config: dict[str, Any] = {f"{name.upper()}_{need}": "x" for need in row.needs}
    config[f"{name.upper()}_ISSUER"] = row.issuer or "https://id.example"
    if row.asks:
        config |= {f"{name.upper()}_ON": True, "SECRET_KEY": "x" * 40}
    return configured(config)[0]


def read(name: str, data: dict[str, Any]) -> Profile:
    row = row_of(name)
    return profile(row, row.person(data))


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['case']}" for name, case in CASES])
def test_profile(name: str, case: dict[str, Any]) -> None:
    data = {**case.get("claims", {}), **case.get("info", {}), **case.get("beside", {})}
    found = asdict(read(name, data))
    empty = dict.fromkeys(found) | {"nameless": False}
    assert found == {**empty, "provider": name, **case["profile"]}


def test_every_provider_has_a_fixture_and_every_fixture_a_provider() -> None:
    assert {name for name, _ in CASES} == {name for name in ROWS if name not in {f"oidc{n}" for n in range(2, 6)}}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("data", NOBODY, ids=str)
def test_nobody_is_never_somebody(name: str, data: dict[str, Any]) -> None:
    row = row_of(name)
    with pytest.raises(BadAnswer):
        profile(row, row.person(data))


@pytest.mark.parametrize(("name", "case"), [one for one in CASES if one[1]["case"].startswith("as documented")])
@pytest.mark.parametrize("strange", [None, 5, True, [], {}, [[]], "", "\u202e", "x" * 5000], ids=repr)
def test_a_profile_with_one_strange_part_is_still_read_or_refused(
    name: str, case: dict[str, Any], strange: Any
) -> None:
    """Providers change their answers: a field of another type may cost that field, never the server an exception."""
    data = {**case.get("claims", {}), **case.get("info", {}), **case.get("beside", {})}
    for place in _places(data):
        changed = json.loads(json.dumps(data))
        inside = changed
        for step in place[:-1]:
            inside = inside[step]
        inside[place[-1]] = strange
        try:
            found = read(name, changed)
        except BadAnswer:
            continue
        assert found.subject
        assert 0 < len(found.name) <= 80
        for address in (found.avatar, found.profile_url):
            assert address is None or address.startswith("https://")


def _places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(data, dict):
        return [place for key, value in data.items() for place in [(*here, key), *_places(value, (*here, key))]]
    return []


ROW = row_of("oidc")


@pytest.mark.parametrize(
    ("name", "username", "shown"),
    [
        ("Ada", "a", "Ada"),
        ("  Ada \n Lovelace ", None, "Ada Lovelace"),
        ("\u202eevil\u2066", None, "evil"),
        ("\x00\x1b[31m", None, "[31m"),
        ("x" * 200, None, "x" * 80),
        ("", "ada", "ada"),
        ("\u200b\u3164", "ada", "ada"),
        (None, None, "OpenID user"),
        (5, ["x"], "OpenID user"),
        ("\u202e", "\u202e", "OpenID user"),
    ],
)
def test_names(name: Any, username: Any, shown: str) -> None:
    assert profile(ROW, Person(subject="1", name=name, username=username)).name == shown


@pytest.mark.parametrize(
    "address",
    [
        "http://x.example/",
        "javascript:alert(1)",
        "https:/x.example",
        "https://",
        "https://user@x.example/",
        "https://x.example/\u202e",
        'https://x.example/"onclick=',
        "https://x.example/<b>",
        "https://x.example/a b",
        "https://x.example\\@evil.example/",
        "data:text/html,x",
        "//x.example/",
        "https://x.example/" + "x" * 1000,
        5,
        ["https://x.example/"],
    ],
)
def test_addresses_that_are_dropped(address: Any) -> None:
    found = profile(ROW, Person(subject="1", avatar=address, profile_url=address))
    assert (found.avatar, found.profile_url) == (None, None)


@pytest.mark.parametrize(
    ("email", "verified", "kept"),
    [
        ("a@x.example", True, True),
        ("a@x.example", "true", True),
        ("a@x.example", "TRUE", True),
        ("a@x.example", "false", False),
        ("a@x.example", False, False),
        ("a@x.example", None, None),
        ("a@x.example", 1, None),
        ("a@x.example", "yes", None),
    ],
)
def test_whether_an_address_is_verified_has_three_answers(email: str, verified: Any, kept: Any) -> None:
    assert profile(ROW, Person(subject="1", email=email, email_verified=verified)).email_verified is kept


@pytest.mark.parametrize(
    "email", ["", "x", "a@b@c.example", "a b@x.example", "a@x.example\r\nBcc: b@y.example", 5, "@"]
)
def test_addresses_that_are_none_are_dropped_with_their_standing(email: Any) -> None:
    found = profile(ROW, Person(subject="1", email=email, email_verified=True))
    assert (found.email, found.email_verified) == (None, None)


def test_a_subject_may_be_a_number_and_stays_exact() -> None:
    assert profile(ROW, Person(subject=2**63 - 1)).subject == "9223372036854775807"
    assert profile(replace(ROW, issuer="https://a.example"), Person(subject=0)).subject == "0"
