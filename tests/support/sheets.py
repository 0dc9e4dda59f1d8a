"""A page of /t/ as a browser without scripts sees and sends it."""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.api import BLOG

SERVER = "https://comments.test"
PAGE = f"{BLOG}/post"


@dataclass
class Sheets:
    """The pages of one site's conversations, in one browser."""

    client: FlaskClient
    site: str = "blog"

    def of(self, url: str = PAGE, **query: str) -> TestResponse:
        """The page of an address, wherever that leads."""
        answer = self.client.get("/t/", query_string={"site": self.site, "url": url, **query})
        return self.get(answer.headers["Location"]) if answer.status_code == 302 else answer

    def get(self, address: str, **headers: str) -> TestResponse:
        """A page by an address of ours."""
        assert address.startswith(SERVER)
        return self.client.get(address.removeprefix(SERVER), headers=headers)

    def send(self, sheet: TestResponse, *, origin: str | None = SERVER, **given: str) -> TestResponse:
        """Fill in the form of a page and send it, as a browser does."""
        headers = {"Origin": origin} if origin else {}
        data = {**hidden(sheet), "name": "Ann", "text": "Hello", **given}
        path = action(sheet).removeprefix(SERVER)
        return self.client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def action(sheet: TestResponse) -> str:
    """Where its form goes."""
    found = re.search(r'<form method="post" action="([^"]+)"', sheet.text)
    assert found, sheet.text
    return unescape(found[1])


def hidden(sheet: TestResponse) -> dict[str, str]:
    """What its form carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', sheet.text))


def data(sheet: TestResponse) -> Any:
    """What it says to search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', sheet.text, re.DOTALL)
    assert len(found) == 1, sheet.text
    return json.loads(found[0])


def canonical(sheet: TestResponse) -> str:
    """The address that it says it has."""
    (found,) = re.findall(r'<link rel="canonical" href="([^"]+)">', sheet.text)
    return unescape(found)


def link(sheet: TestResponse, words: str) -> str:
    """Where the link leads that has these words, after its label or in it."""
    said = re.escape(words)
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*?(?:aria-label="{said}"[^>]*>|>{said}<)', sheet.text)
    assert found, f"no link {words} in {sheet.text}"
    return unescape(found[1])


def shown(sheet: TestResponse) -> list[str]:
    """The ids of the comments on it, in order."""
    return re.findall(r'<article id="comment-(\w+)"', sheet.text)
