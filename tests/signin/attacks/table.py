"""What an attack is: something that is tried at providers in several shapes, and the one protection that it meets.

The same attempt runs twice. With the protection it must fail; with the protection `off` (the control) it must work,
or the first run has shown nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.idp.world import World

SIX = ("google", "facebook", "x", "wordpress", "apple", "oidc")
OPENID = ("google", "apple", "oidc")
Attempt = Callable[[World, str, Any], bool]  # True: the attack worked
Off = Callable[[World, str, pytest.MonkeyPatch], None]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One row of docs/attacks.md. `shapes` are names, or names with what the attempt makes of them.

    `others` says why the rest of the `SIX` cannot be tried, where they are not among the `providers`.
    """

    id: str
    what: str
    without: str  # what the control takes away
    attempt: Attempt
    off: Off
    shapes: Sequence[str] | Mapping[str, Any] = ("",)
    providers: tuple[str, ...] = SIX
    others: str = ""

    def tries(self) -> list[tuple[str, Any]]:
        """(name, value) of each shape."""
        if isinstance(self.shapes, Mapping):
            return list(self.shapes.items())
        return [(name, name) for name in self.shapes]

    @property
    def count(self) -> int:
        """How often it is tried."""
        return len(self.providers) * len(self.tries())
