"""Secrets."""

from widget.core import tokens


def test_secrets_have_256_bits_and_differ() -> None:
    made = {tokens.secret() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(tokens.is_secret(one) for one in made)


def test_digest_is_sha256() -> None:
    assert tokens.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1


def test_challenge_is_that_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert tokens.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_derived_secrets_depend_on_each_part_and_its_place() -> None:
    made = {
        tokens.derive("k", "a", "b"),
        tokens.derive("k", "ab"),
        tokens.derive("k", "a", "b", ""),
        tokens.derive("k", "b", "a"),
        tokens.derive("other", "a", "b"),
    }
    assert len(made) == 5
    assert tokens.derive("k", "a", "b") in made
    assert all(tokens.is_secret(one) for one in made)


def test_same() -> None:
    assert tokens.same("é", "é")
    assert not tokens.same("a", "b")
    assert not tokens.same("a", "aa")
