"""Public ids: they do not count up, cannot be guessed, and survive a mail client and a double click."""

import secrets

# Crockford's base32 in lower case: no i, l, o, u (https://www.crockford.com/base32.html).
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 20  # 5 bits a character: 100 random bits


def public_id() -> str:
    """A new id of 20 characters with 100 random bits."""
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[bits >> (5 * place) & 31] for place in range(LENGTH))


def is_public_id(value: str) -> bool:
    """Whether `value` has the form of an id (not whether something has it)."""
    return len(value) == LENGTH and all(char in ALPHABET for char in value)
