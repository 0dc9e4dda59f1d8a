"""What a guest sees of being judged: nothing, or one sentence at the comment that waits."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.pictures import picture
from tests.support.browser import PHONE, Visitor
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


def test_a_guest_works_without_noticing_and_is_told_what_waits(live: Live, visit: Visit) -> None:
    live.widget("site", "add", "guarded", "--origin", live.blog)
    live.widget("site", "set", "guarded", "proof_of_work=always", "least_seconds=0")  # a test is faster than people
    html = article("Guarded").replace('data-site="blog"', 'data-site="guarded"')
    url = live.host_page("/guarded/", html, headers=strict_policy(live.server))
    reader = Reader(visit(**PHONE).page()).open(url)
    with reader.page.expect_response(lambda answer: "/api/v1/form" in answer.url) as asked:
        reader.turn_to_box()
    assert asked.value.json()["bits"] >= 8
    reader.write("No link in it")
    reader.as_guest("Ann")
    reader.send("No link in it")
    expect(reader.heading()).to_have_text("1 response to «Guarded»")

    reader.write("See https://elsewhere.example/ for more")
    said = reader.send("See https://elsewhere.example/ for more")
    expect(said).to_contain_text(reader.words["list.pending"])
    expect(said).to_contain_text(reader.words["write.waits_links"])
    expect(reader.heading()).to_have_text("1 response to «Guarded»")
    picture(reader.page, "waits")

    stranger = Reader(visit().page()).open(url)
    expect(stranger.comment("No link in it")).to_be_visible()
    expect(stranger.widget.get_by_role("article")).to_have_count(1)
