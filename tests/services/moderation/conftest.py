"""A site with its people: readers, a moderator, an owner, an administrator, and a moderator of another site."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.api import Page, add_site
from widget.extensions import db
from widget.models import Administrator, User
from widget.services import roles, sites, transaction
from widget.services.moderation.moderators import Moderator


@dataclass
class Staff:
    """Who decides."""

    app: Flask
    pages: dict[str, Page]

    def user_id(self, name: str) -> int:
        """By name."""
        with self.app.app_context():
            return db.session.scalars(select(User.id).where(User.name == name)).one()

    def public_id(self, name: str) -> str:
        """By name."""
        with self.app.app_context():
            return db.session.scalars(select(User.public_id).where(User.name == name)).one()

    def moderator(self, name: str = "Moderator", *, site: str | None = None) -> Moderator:
        """As the services know them."""
        with self.app.app_context():
            return Moderator(self.user_id(name), sites.by_key(site).id if site else None)


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`."""
    add_site(app)
    add_site(app, "other", ("https://other.test",))
    return Page(client)


@pytest.fixture
def ann(page: Page) -> Page:
    """The guest Ann."""
    return Page(page.client).be_guest("Ann")


@pytest.fixture
def ada(page: Page) -> Page:
    """Ada, signed in with an account."""
    return Page(page.client).be_person("Ada")


@pytest.fixture
def staff(app: Flask, page: Page) -> Staff:
    """Everybody with a role, signed in on the blog."""
    found = Staff(app, {})
    for name, site, role in (
        ("Moderator", "blog", "moderator"),
        ("Second", "blog", "moderator"),
        ("Owner", "blog", "owner"),
        ("Elsewhere", "other", "owner"),
        ("Administrator", None, None),
    ):
        found.pages[name] = Page(page.client).be_person(name)
        user_id = found.user_id(name)
        with app.app_context():
            if site is None:
                transaction.write(lambda session, who=user_id: session.add(Administrator(user_id=who)))
            else:
                where = sites.by_key(site)
                transaction.write(
                    lambda session, where=where, who=user_id, role=role: roles.give(session, where, who, role)
                )
    return found
