"""Firefox for the sign-in suite, by Playwright over WebDriver BiDi; tools/browsers.py brings it and runs the suite."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

HOSTS = "blog.test,www.blog.test,other.test,evil.test,tracker.test,comments.test,idp.test"
JAR_FOR_EACH_SITE = 5
# What it says of pages that are as they should be: it asks for a picture that our pages' policy does not let it show,
# and a request that a reload cuts off fails for the page's script too.
SAYS = ("favicon.ico", "embed.js: comment-widget: Error")


def wanted() -> str:
    """Path of the Firefox to test with; empty: Chromium."""
    return os.environ.get("WIDGET_TEST_FIREFOX", "")


def behaviour() -> int:
    """`network.cookie.cookieBehavior`: 1 refuses all cookies of other sites, 5 gives each site a jar of its own."""
    return int(os.environ.get("WIDGET_TEST_FIREFOX_COOKIES", "1"))


@contextmanager
def firefox() -> Iterator[Browser]:
    """Run it for the block; every name of the tests is this machine."""
    preferences: dict[str, Any] = {
        "network.dns.localDomains": HOSTS,
        "network.cookie.cookieBehavior": behaviour(),
        "dom.disable_open_during_load": True,
    }
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(
            channel="moz-firefox", executable_path=wanted(), firefox_user_prefs=preferences
        )
        try:
            yield browser
        finally:
            browser.close()
