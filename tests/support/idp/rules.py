"""What a provider demands of a request, as facts in a row; `checks` compares each request with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Demand = str | Callable[[str], bool]  # exactly this value, or a test of it


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One row. Paths are the provider's own, under a prefix of the simulator.

    `scope`: the sets of scopes that are right. `auth`: how the client may prove itself at the token endpoint
    (basic, post, none, jwt). `asks`, `token_asks`, `info_asks`: parameters beyond the standard's that must be there.
    """

    id: str
    authorize: str
    token: str
    info: str = ""
    keys: str = ""
    scope: tuple[str, ...]
    auth: tuple[str, ...]
    pkce: Literal["required", "optional", "forbidden"]
    openid: bool = False
    asks: Mapping[str, Demand] = field(default_factory=dict)
    may_ask: frozenset[str] = frozenset()
    token_asks: Mapping[str, Demand] = field(default_factory=dict)
    token_by_get: bool = False
    info_asks: Mapping[str, Demand] = field(default_factory=dict)
    info_by_post: bool = False
    scheme: str = "Bearer"
    wants_json: bool = False  # the token endpoint answers JSON only to those who ask for it
    client_id: str = ""
    secret: str = ""

    @property
    def scopes(self) -> tuple[frozenset[str], ...]:
        """The right sets of scopes."""
        return tuple(frozenset(words.split()) for words in self.scope)


def meets(demand: Demand, value: str | None) -> bool:
    """Whether a parameter is what is demanded."""
    if value is None:
        return False
    return value == demand if isinstance(demand, str) else demand(value)
