"""Every attack with every provider that it concerns, and its negative control. docs/attacks.md is the list."""

from collections.abc import Callable

import pytest

from tests.signin.attacks import every
from tests.signin.attacks.table import Attack
from tests.support.idp.world import World

CASES = [pytest.param(attack, name, id=f"{attack.id}-{name}") for attack in every.ATTACKS for name in attack.providers]


@pytest.mark.parametrize(("attack", "provider"), CASES)
def test_attack(here: World, attack: Attack, provider: str, record_property: Callable[[str, object], None]) -> None:
    refused = 0
    for name, shape in attack.tries():
        here.reset()
        assert not attack.attempt(here, provider, shape), name
        refused += 1
    here.sim.clear()
    record_property("attack", (attack.id, refused))


@pytest.mark.parametrize(("attack", "provider"), CASES)
def test_control(
    here: World,
    attack: Attack,
    provider: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    worked = 0
    for name, shape in attack.tries():
        here.reset()
        with monkeypatch.context() as patch:
            attack.off(here, provider, patch)
            assert attack.attempt(here, provider, shape), name
        worked += 1
    here.sim.clear()
    record_property("control", (attack.id, worked))
