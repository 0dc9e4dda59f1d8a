"""/admin/sites/<site>/roles: owners make others owners and moderators; it holds at once and stands in the log."""

from collections.abc import Callable

from flask import Flask

from tests.support.desk import Desk, person, refused
from widget.extensions import db
from widget.services import roles, sites
from widget.web.desk import speech

Make = Callable[[], Desk]
PATH = "/sites/blog/roles"


def role(app: Flask, user_id: int) -> str | None:
    with app.app_context():
        return roles.of_user(db.session(), sites.by_key("blog").id, user_id)


def test_giving_and_taking(app: Flask, desk: Make) -> None:
    person(app, "olga", blog="owner")
    mo = person(app, "mo")
    olga, their = desk().entered("olga"), desk()
    olga.press(PATH, on=PATH, who="Mo", role="moderator")
    assert role(app, mo) == "moderator"
    assert their.entered("mo").get("/queue").status_code == 200
    refused(their.get(PATH), "desk.not_yours", 403)
    refused(their.press(PATH, on="/queue", who="Mo", role="owner"), "desk.not_yours", 403)
    olga.press(PATH, on=PATH, who="Mo", role="owner")
    assert role(app, mo) == "owner"
    olga.press(PATH, on=PATH, who="oidc:mo", role="none")
    assert role(app, mo) is None
    refused(their.get("/queue"), "desk.no_role", 403)
    log = olga.get("/log").text
    assert log.count(speech.words("en")["act.role.give"]) == 3
    assert 'name="entry"' not in log


def test_nobody_and_several(app: Flask, desk: Make) -> None:
    person(app, "olga", blog="owner")
    olga = desk().entered("olga")
    for who, code in (("<script>alert(1)</script>", "user.unknown"), ("", "user.unknown")):
        answer = olga.press(PATH, on=PATH, who=who, role="owner")
        assert answer.status_code == 404
        assert speech.words("en")[f"problem.{code}"] in answer.text
        assert "<script>alert" not in answer.text
