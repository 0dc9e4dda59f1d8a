"""A strict OpenID provider that others wrote and certified (npm's oidc-provider), and someone who signs in there."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

from tests.support.processes import ROOT, Program

CLIENT_ID, SECRET = "comment-widget", "strict-client-secret-0123456789"
SCRIPT = ROOT / "tests/support/oidc_strict.mjs"


def is_here() -> bool:
    """Whether Node is, and `npm ci` has run."""
    return shutil.which("node") is not None and (ROOT / "node_modules/oidc-provider").is_dir()


@dataclass(frozen=True)
class Strict:
    """A running provider."""

    issuer: str

    @property
    def settings(self) -> dict[str, str]:
        """Settings by name without prefix, for `create_app`."""
        return {"OIDC_ISSUER": self.issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": SECRET}

    def sign_in(self, url: str, name: str) -> str:
        """Be `name` at the provider's pages, from its address `url`: sign in, agree; where the browser is sent then."""
        browser = requests.Session()
        answer = self._until_ours(browser, url)
        for form in ({"prompt": "login", "login": name, "password": "x"}, {"prompt": "consent"}):
            assert isinstance(answer, requests.Response), f"no page that asks for {form['prompt']}"
            action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert action, answer.text
            asked = browser.post(action[1], data=form, timeout=10, allow_redirects=False)
            answer = self._until_ours(browser, urljoin(action[1], asked.headers["Location"]))
        assert isinstance(answer, str)
        return answer

    def visit(self, url: str) -> requests.Response | str:
        """Go there as somebody new: its page, or the address that the browser is sent to at once."""
        return self._until_ours(requests.Session(), url)

    def _until_ours(self, browser: requests.Session, url: str) -> requests.Response | str:
        """Follow its redirects to a page of its own, or to the first address that is not its own."""
        while url.startswith(self.issuer):
            answer = browser.get(url, timeout=10, allow_redirects=False)
            if not answer.is_redirect:
                return answer
            url = urljoin(url, answer.headers["Location"])
        return url


@contextmanager
def strict(redirect_uri: str) -> Iterator[Strict]:
    """Run it for the block, with one client that may return to `redirect_uri`."""
    with tempfile.TemporaryDirectory(prefix="cw-strict-") as folder:
        program = Program(["node", str(SCRIPT), redirect_uri], log=Path(folder) / "log", env={"NO_COLOR": "1"})
        try:
            found = re.search(r"issuer (\S+)", program.await_output("issuer http"))
            assert found
            yield Strict(found[1])
        finally:
            program.stop()
