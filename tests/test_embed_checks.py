"""The embed's types, lint and unit tests are part of the one test command."""

import pytest

from tests.support.node import npm


@pytest.mark.parametrize("script", ["check", "test"])
def test_embed(script: str) -> None:
    npm(script)
