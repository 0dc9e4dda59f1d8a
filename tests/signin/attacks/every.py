"""All attacks, in the order of docs/attacks.md."""

from tests.signin.attacks import addresses, answers, failing, people, secrets, sessions, tokens, windows

ATTACKS = sorted(
    (
        *answers.ATTACKS,
        *tokens.ATTACKS,
        *addresses.ATTACKS,
        *windows.ATTACKS,
        *people.ATTACKS,
        *sessions.ATTACKS,
        *failing.ATTACKS,
        *secrets.ATTACKS,
    ),
    key=lambda attack: [int(part) for part in attack.id[1:].split(".")],
)
