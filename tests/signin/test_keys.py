"""The keys of ID tokens change: the new one counts at once, the old one as long as it is published, junk not at all."""

from typing import Any

import pytest
from joserfc import jwk

from tests.support.idp.openid import RSA, signed
from tests.support.idp.provider import html, says
from tests.support.idp.world import World
from tests.support.visitor import Visitor
from widget.providers import client

NEW = jwk.RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"}, private=True)
OLD_PUBLIC, NEW_PUBLIC = RSA.as_dict(private=False), NEW.as_dict(private=False)
PROVIDERS = ("google", "apple", "oidc")


def sign_in_with(here: World, provider: str, key: Any) -> int:
    """The status of a sign-in whose ID token this key has signed."""
    faults = here.sim[provider].faults
    faults["forge"] = lambda header, claims: signed({**header, "kid": key.kid}, claims, key)
    return here.sign_in(provider, Visitor(here.app)).status_code


def an_hour_later(here: World, provider: str) -> None:
    here.app.extensions["widget.signin"].clients[provider]._keys_read_at -= client.KEYS_LIVE


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_key_comes_and_another_goes(here: World, provider: str) -> None:
    here.forget()
    sim = here.sim[provider]
    assert sign_in_with(here, provider, RSA) == 200
    assert sign_in_with(here, provider, RSA) == 200
    assert sim.calls.count("keys") == 1
    sim.faults["keys"] = [OLD_PUBLIC, NEW_PUBLIC]
    assert sign_in_with(here, provider, NEW) == 200
    assert sign_in_with(here, provider, RSA) == 200
    assert sim.calls.count("keys") == 2
    sim.faults["keys"] = [NEW_PUBLIC]
    an_hour_later(here, provider)
    assert sign_in_with(here, provider, RSA) == 502
    assert sign_in_with(here, provider, NEW) == 200


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "instead",
    [
        says({"message": "maintenance"}),
        says({"keys": []}),
        says({"keys": "x"}),
        says({"keys": [5, None, {"kty": "RSA"}]}),
        says([]),
        html(200, "Maintenance"),
    ],
    ids=["message", "none", "word", "junk", "list", "page"],
)
def test_a_bad_moment_of_the_keys_is_over_when_it_is_over(here: World, provider: str, instead: Any) -> None:
    here.forget()
    here.sim[provider].faults = {"instead": {"keys": instead}}
    assert here.sign_in(provider).status_code == 502
    here.sim[provider].faults = {}
    assert here.sign_in(provider).status_code == 200


@pytest.mark.parametrize("provider", PROVIDERS)
def test_keys_of_a_kind_that_we_do_not_know_are_ignored(here: World, provider: str) -> None:
    here.forget()
    strange = [
        {"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "pub": "AAAA"},
        {"kty": "EC", "crv": "P-999", "kid": "ec", "x": "AA", "y": "AA"},
        {"kid": "no kind"},
        5,
    ]
    here.sim[provider].faults = {"keys": [*strange, OLD_PUBLIC]}
    assert here.sign_in(provider).status_code == 200
