"""A real, headless Chromium: the one in WIDGET_TEST_CHROMIUM, else the one that `npm ci` brought."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.support.processes import ROOT

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def _executable() -> tuple[str, dict[str, str]]:
    """Path and additional environment of Chromium."""
    if chosen := os.environ.get("WIDGET_TEST_CHROMIUM"):
        return chosen, {}
    unpacked = subprocess.run(
        ["node", "tools/chromium.mjs", ".cache/chromium"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert unpacked.returncode == 0, f"No Chromium: run `npm ci` or set WIDGET_TEST_CHROMIUM.\n{unpacked.stderr}"
    found = json.loads(unpacked.stdout)
    libraries = os.pathsep.join(filter(None, [found["libraries"], os.environ.get("LD_LIBRARY_PATH")]))
    # It brings letters of Europe; for pictures of the others and of emoji name fonts of the machine.
    fonts = os.environ.get("WIDGET_TEST_FONTS") or found["fonts"]
    return found["executable"], {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": fonts}


_RUNNING: list[Playwright] = []


@contextmanager
def _playwright() -> Iterator[Playwright]:
    """One for all who are at it in this process: a second does not start beside it."""
    if _RUNNING:
        yield _RUNNING[0]
        return
    with sync_playwright() as started:
        _RUNNING.append(started)
        try:
            yield started
        finally:
            _RUNNING.clear()


@contextmanager
def chromium(pin: str) -> Iterator[Browser]:
    """Run it for the block: every *.test name is this machine, and the certificate with the hash `pin` is trusted."""
    path, additions = _executable()
    with _playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            env={**os.environ, **additions},
            args=[
                "--no-sandbox",  # Chromium's sandbox refuses root, as which CI runs
                "--host-resolver-rules=MAP *.test 127.0.0.1",
                f"--ignore-certificate-errors-spki-list={pin}",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """One person's browser profile: its own cookies and storage, and everything that went wrong in its pages."""

    context: BrowserContext
    third_party_cookies: bool = True
    complaints: list[str] = field(default_factory=list)
    foreseen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to every page, also to those that pages open."""
        self.context.on("page", self._watch)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))

    def unexpected(self) -> list[str]:
        """The complaints that nobody foresaw."""
        return [line for line in self.complaints if not any(part in line for part in self.foreseen)]

    def page(self) -> Page:
        """A new tab."""
        page = self.context.new_page()
        if not self.third_party_cookies:
            block_third_party_cookies(page)
        return page

    def _watch(self, page: Page) -> None:
        page.set_default_timeout(15_000)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type} in {message.location.get('url')}: {message.text}")


def shut(page: Page) -> None:
    """Close a window as its person would, whatever it is doing.

    `page.close()` may be lost where it meets a navigation, and waits for ever then: Playwright's issue 42366.
    """
    for _ in range(5):
        with suppress(BrowserError), page.expect_event("close", timeout=5_000):
            page.close(run_before_unload=True)
        if page.is_closed():
            return
    raise AssertionError(f"{page.url} does not close")


def block_third_party_cookies(page: Page) -> None:
    """Make this tab refuse cookies of other sites, as browsers do by default or on request.

    Headless Chromium 147 heeds neither the profile preference nor the command line switch for it; this call works, for
    the life of the tab (test_cookies.py shows it with a control cookie).
    """
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )
