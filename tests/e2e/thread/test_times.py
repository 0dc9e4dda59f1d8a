"""When something was said: in the page's language, as its reader's own region and zone write it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Visitor
from tests.support.crowd import bring, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader


@pytest.mark.parametrize(
    ("page", "locale", "zone", "shown", "exact"),
    [
        ("en", "en-GB", "Europe/London", "1 May 2012 at 09:01", "Tuesday, 1 May 2012 at 09:01"),
        ("en", "en-US", "America/New_York", "May 1, 2012 at 4:01 AM", "Tuesday, May 1, 2012 at 4:01 AM"),
        ("en-US", "en-GB", "UTC", "May 1, 2012 at 8:01 AM", "Tuesday, May 1, 2012 at 8:01 AM"),
        ("it", "en-GB", "Europe/Rome", "1 maggio 2012 alle ore 10:01", "martedì 1 maggio 2012 alle ore 10:01"),
    ],
)
def test_an_old_comment_has_its_date_and_time(
    live: Live, visit: Callable[..., Visitor], page: str, locale: str, zone: str, shown: str, exact: str
) -> None:
    url = live.host_page(f"/times/{page}/{locale}/", article("Bread", page))
    bring(live, url, roots(1))
    reader = Reader(visit(locale=locale, timezone_id=zone).page(), page[:2]).open(url)
    when = reader.comment("Comment 1.").locator("time")
    expect(when).to_have_text(shown)
    expect(when).to_have_attribute("title", exact)
