"""A sign-in without the widget: a test is the page's script, knows every secret, and may stop or lie at every step."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.e2e.signin.signer import ADA, be
from tests.support import visitor
from tests.support.browser import shut

LISTEN = """address => {
  window.heard = [];
  addEventListener("message", (event) => heard.push({origin: event.origin, data: event.data}));
  window.opened = open(address, "byhand", "popup,width=520,height=680");
}"""
FETCH = """([address, options]) => fetch(address, {credentials: "omit", ...options}).then(
  async (answer) => ({status: answer.status, body: answer.status === 204 ? null : await answer.json()}),
  () => ({status: 0, body: null}),
)"""


@dataclass(frozen=True)
class Ticket:
    """What came of a sign-in, with the verifier it was begun with."""

    tx: str
    code: str
    verifier: str


def errand(page: Page, site: str = "blog") -> visitor.Page:
    """What the script on `page` makes for one sign-in."""
    return visitor.Page(site=site, origin=page.evaluate("location.origin"))


def open_window(page: Page, address: str) -> Page:
    """Open a window and note every message from now on."""
    with page.expect_popup() as opened:
        page.evaluate(LISTEN, address)
    return opened.value


def heard(page: Page, kind: str) -> dict[str, Any]:
    """The first message of this type, waited for; with the origin that it came from as `from`."""
    found = page.wait_for_function("kind => heard.find((one) => one.data?.type === kind)", arg=kind).json_value()
    return {**found["data"], "from": found["origin"]}


def ticket(page: Page, server: str, person: str = ADA) -> Ticket:
    """Sign in as this person, and keep the ticket."""
    mine = errand(page)
    window = open_window(page, server + mine.start())
    be(window, person)
    said = heard(page, "cw:ticket")
    shut(window)
    assert (said["tx"], said["from"]) == (mine.tx, server)
    return Ticket(mine.tx, said["code"], mine.verifier)


def ask(page: Page, address: str, *, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, Any]:
    """(status, JSON) of a request by the page's script; the browser writes its Origin. Status 0: it refused."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        given["Content-Type"] = "application/json"
    options = {"method": method, "headers": given, "body": None if body is None else json.dumps(body)}
    answer = page.evaluate(FETCH, [address, options])
    return answer["status"], answer["body"]


def redeem(page: Page, server: str, found: Ticket, *, site: str = "blog", **more: Any) -> tuple[int, Any]:
    """Try to make a session of a ticket: (status, the answer, or the code of the error)."""
    body = {"site": site, "tx": found.tx, "code": found.code, "verifier": found.verifier, **more}
    status, answer = ask(page, f"{server}/api/v1/session", method="POST", body=body)
    return status, answer["error"]["code"] if answer and "error" in answer else answer
