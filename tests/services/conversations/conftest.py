"""A site with pages, for what is done to their conversations."""

import pytest
from flask import Flask

from tests.support.api import add_site


@pytest.fixture(autouse=True)
def site(app: Flask) -> None:
    """Two pages' conversations are written on it."""
    add_site(app)
