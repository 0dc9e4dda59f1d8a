"""Sign-ins that somebody else begins, steers or overhears; each attack works once its protection is taken away."""

import json
import re
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Page, Request, expect

from tests.e2e.signin import byhand
from tests.e2e.signin.byhand import Ticket
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, BRUNO, PAGES, Signer, be, held
from tests.support import visitor

Sit = Callable[..., Signer]


def _lured(house: House, sit: Sit, server: str) -> tuple[Page, Ticket]:
    """A victim on evil.test, whose script opens a sign-in that the attacker began; the victim finishes it.

    The window, and what the attacker knows then: the ticket's code is what the evil page heard, if anything.
    """
    victim = sit().foresee("does not match the recipient window's origin")
    attacker = visitor.Page(origin=house.blog.origin)
    return_to = house.page("/lured/", server=server)
    victim.page.goto(house.page("/evil/", host=house.evil, bare=True))
    window = byhand.open_window(victim.page, server + attacker.start(return_to=return_to))
    be(window)
    window.wait_for_url(return_to)  # nobody took the ticket: the window goes to the page
    heard = [one["data"] for one in victim.page.evaluate("heard") if one["data"].get("type") == "cw:ticket"]
    return window, Ticket(attacker.tx, heard[0]["code"] if heard else "", attacker.verifier)


def _collect(house: House, sit: Sit, server: str, found: Ticket) -> tuple[int, Any]:
    """The attacker redeems, from a page of the site itself: no check of origins is in their way."""
    thief = sit().foresee("/api/v1/session")
    thief.page.goto(house.page("/thief/", bare=True))
    return byhand.redeem(thief.page, server, found)


def test_victim_finishes_the_attackers_login(house: House, sit: Sit) -> None:
    """Attacker starts a login and the victim finishes it: nobody gets a session."""
    window, found = _lured(house, sit, house.server)
    assert found.code == ""
    Signer(window).arrived()
    assert held(window) == []
    for guess in (found.tx, found.verifier):
        assert _collect(house, sit, house.server, Ticket(found.tx, guess, found.verifier))[0] == 400


def test_control_of_the_attackers_login(house: House, sit: Sit) -> None:
    """Control: were tickets posted to whatever origin, the attacker would be the victim."""
    house.weak.instead[b"}, origin)"] = b'}, "*")'
    _, found = _lured(house, sit, house.weak.url)
    status, answer = _collect(house, sit, house.weak.url, found)
    assert (status, answer["user"]["name"]) == (201, ADA)


def test_ticket_in_a_link_from_elsewhere(house: House, sit: Sit) -> None:
    """A ticket in a link from elsewhere: nothing changes, nothing is sent, and the fragment is gone.

    Control: in the browser that began it, the same link signs in.
    """
    url = house.page("/gift/")
    attacker = sit().foresee("embed.js").here(url)
    attacker.begin()
    attacker.button("sign.here").click()
    attacker.page.route("**/embed.js", lambda route: route.abort())
    be(attacker.page)
    attacker.page.wait_for_url(re.compile("#cw="))
    link = attacker.page.url

    for person in (None, BRUNO):
        victim = sit().here(url)
        if person:
            victim.sign_in_at(victim.begin(), person)
        victim.page.goto(house.page("/evil/", host=house.evil, bare=True))
        with _sent(victim.page) as sent:
            victim.page.evaluate("link => { location.href = link }", link)
            victim.page.wait_for_url(url)
            victim.arrived()
            victim.page.evaluate("link => { location.href = link }", link)  # and once more, without a load
            victim.page.wait_for_url(url)
            victim.speaks_as(person) if person else victim.silent()
        assert [one["user"]["name"] for one in victim.held()] == ([person] if person else [])
        assert sent == []
        victim.keeps_text()

    attacker.page.unroute("**/embed.js")
    attacker.page.reload()
    attacker.arrived().speaks_as(ADA)
    assert attacker.page.url == url


class _sent(list[str]):  # noqa: N801 - used as a `with`
    """The bodies of the POSTs of a page during the block."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/session"):
            self.append(request.post_data or "")

    def __enter__(self) -> Self:
        self._page.on("request", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self._page.remove_listener("request", self._note)


def _bait(tx: str) -> list[Any]:
    """What a hostile window sends, knowing the login's `tx` and everything else about the messages but the code."""
    good = {"type": "cw:ticket", "tx": tx, "code": "x" * 43}
    shapes: list[Any] = [
        good,
        {**good, "code": {"toString": "x"}},
        {**good, "code": ["x" * 43]},
        {**good, "code": None},
        {**good, "code": "x" * 1_000_000},
        {**good, "tx": [tx]},
        {**good, "tx": None},
        {**good, "tx": "__proto__"},
        {**good, "type": "cw:error"},
        {**good, "type": ["cw:ticket"]},
        {**good, "type": "CW:TICKET"},
        {**good, "type": "constructor"},
        {**good, "site": "blog", "origin": "https://comments.test"},
        {**good, "__proto__": good},
        {"__proto__": good},
        {"constructor": {"prototype": good}},
        {"prototype": good},
        {"type": "cw:error", "tx": tx, "code": "signin.denied"},
        {"type": "cw:error", "tx": tx},
        {"type": "cw:ack"},
        {"type": "cw:ticket"},
        {"tx": tx},
        [good],
        json.dumps(good),
        f"cw:ticket {tx}",
        tx,
        "",
        0,
        True,
        None,
        *[good] * 1_000,
    ]
    return shapes


SEND = "([target, messages]) => { for (const one of messages) eval(target).postMessage(one, '*'); }"


def _hostile(house: House, signer: Signer, tx: str) -> Page:
    """Send the bait from a frame of evil.test, from the page itself, and from another window of our server."""
    signer.page.evaluate(
        "url => new Promise((loaded) => { const frame = document.createElement('iframe'); frame.onload = loaded;"
        " frame.src = url; document.body.append(frame); })",
        house.page("/evil/", host=house.evil, bare=True),
    )
    with signer.page.context.expect_page() as opened:
        signer.page.evaluate("url => void open(url)", f"{house.server}/auth/consent?h=none")
    opened.value.wait_for_load_state()
    frame = signer.page.frame(url=re.compile("evil"))
    assert frame is not None
    frame.evaluate(SEND, ["parent", _bait(tx)])
    signer.page.evaluate(SEND, ["window", _bait(tx)])
    opened.value.evaluate(SEND, ["opener", _bait(tx)])
    signer.page.evaluate("() => new Promise((done) => setTimeout(done))")  # all of them have been delivered
    return opened.value


def test_hostile_messages(house: House, sit: Sit) -> None:
    """Hostile messages (wrong origin, wrong source, replayed, odd shapes, prototype keys) are ignored."""
    signer = sit().foresee("/auth/consent", "h=none").here(house.page("/messages/"))
    begun: list[str] = []
    signer.page.context.on("request", lambda one: begun.extend(re.findall(r"/auth/start.*[?&]tx=([\w-]{22})", one.url)))
    window = signer.begin()
    window.get_by_role("button", name=ADA).wait_for()
    with _sent(signer.page) as sent:
        other = _hostile(house, signer, begun[0])
        expect(signer.button("sign.here")).to_be_visible()
        assert sent == []
        signer.sign_in_at(window)
        assert len(sent) == 1
        replayed = {"type": "cw:ticket", **{name: json.loads(sent[0])[name] for name in ("tx", "code")}}
        other.evaluate(SEND, ["opener", [replayed]])
        frame = signer.page.frame(url=re.compile("evil"))
        frame.evaluate(SEND, ["parent", [replayed]])
        signer.page.evaluate("() => new Promise((done) => setTimeout(done))")
        assert len(sent) == 1
    signer.keeps_text()
    assert signer.page.evaluate("Object.keys(Object.prototype)") == []


LIE = """server => {
  let last = null;
  const real = window.open;
  window.open = (...given) => { const made = real.apply(window, given); last ??= made; return made; };
  Object.defineProperty(MessageEvent.prototype, "origin", { get: () => server });
  Object.defineProperty(MessageEvent.prototype, "source", { get: () => last });
}"""


def test_control_of_hostile_messages(house: House, sit: Sit) -> None:
    """Control: where the browser lies about origin and source, the page takes the bait."""
    signer = sit().foresee("/auth/consent", "h=none", "/api/v1/session", "does not match the recipient window's origin")
    begun: list[str] = []
    signer.page.context.on("request", lambda one: begun.extend(re.findall(r"/auth/start.*[?&]tx=([\w-]{22})", one.url)))
    signer.page.add_init_script(f"({LIE})({json.dumps(house.server)})")
    signer.here(house.page("/messages/"))
    window = signer.begin()
    window.get_by_role("button", name=ADA).wait_for()
    with _sent(signer.page) as sent:
        _hostile(house, signer, begun[0])
        expect(signer.form.get_by_role("alert").last).not_to_be_empty()
    assert begun[0] in sent[0]


def test_sign_in_pages_in_a_frame(house: House, sit: Sit) -> None:
    """Our sign-in pages in a frame of evil.test: not shown. Control: without the header they are."""
    signer = sit().foresee("frame-ancestors", "/auth/consent", "chrome-error")
    house.weak.without = frozenset({"content-security-policy"})
    for server, shown in ((house.server, 0), (house.weak.url, 1)):
        url = house.page("/evil/", host=house.evil, bare=True)
        signer.page.goto(url)
        signer.page.evaluate(
            "url => new Promise((loaded) => { const frame = document.createElement('iframe'); frame.onload = loaded;"
            " frame.src = url; document.body.append(frame); })",
            f"{server}/auth/consent?h=none",
        )
        heading = signer.page.frame_locator("iframe").get_by_role("heading")
        expect(heading).to_have_count(shown)


def test_forged_yes(house: House, sit: Sit) -> None:
    """A «yes» that another site presses: 403. Control: the same form from the page itself."""
    first = sit().foresee("/auth/consent").here(house.page("/first-of-all/"))
    first.sign_in_at(first.begin())
    page = first.browser.page()
    page.goto(house.page("/bare/", host=house.other, bare=True))
    mine = byhand.errand(page, "other")
    window = byhand.open_window(page, house.server + mine.start())
    handle = window.locator("input[name=h]").input_value()
    forge = """([action, h]) => {
      const form = Object.assign(document.createElement("form"), {method: "post", action});
      for (const [name, value] of Object.entries({h, choice: "yes"}))
        form.append(Object.assign(document.createElement("input"), {name, value}));
      document.body.append(form);
      form.submit();
    }"""
    first.page.goto(house.page("/evil/", host=house.evil, bare=True))
    with first.page.expect_response("**/auth/consent") as answer:
        first.page.evaluate(forge, [f"{house.server}/auth/consent", handle])
    assert answer.value.status == 403
    window.get_by_role("button", name=PAGES["consent.yes"].format(name=ADA)).click()
    assert byhand.heard(page, "cw:ticket")["tx"] == mine.tx
