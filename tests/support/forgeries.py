"""Forms as a foreign page sends them to a room of the server's own, with its cookie, as if SameSite were not there."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from tests.support.visitor import BLOG, SERVER


@dataclass(frozen=True)
class Forgery:
    """One way to send a form; `word` is what stands in the field that only the room's own pages know."""

    method: str = "POST"
    type: str | None = "application/x-www-form-urlencoded"
    origin: str | None = "https://evil.test"
    word: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, http: FlaskClient, path: str, form: dict[str, str]) -> None:
        """Send it to `path`."""
        given = form | ({} if self.word is None else {"csrf": self.word})
        headers = dict(self.headers) | ({"Origin": self.origin} if self.origin else {})
        body = urlencode(given)
        if self.method in {"GET", "HEAD"}:
            http.open(f"{path}?{body}", method=self.method, headers=headers, base_url=SERVER)
            return
        data: Any = given if self.type == "multipart/form-data" else body
        http.open(path, method=self.method, data=data, content_type=self.type, headers=headers, base_url=SERVER)


def shapes(room: str) -> dict[str, Forgery]:
    """All of them by name, for the room at this path."""
    return {
        "a form": Forgery(),
        "a form of a listed site": Forgery(origin=BLOG),
        "a form of a sandbox": Forgery(origin="null"),
        "a form of a look-alike": Forgery(origin=f"{SERVER}.evil.test"),
        "a form of a sibling": Forgery(origin="https://www.comments.test"),
        "a form over http": Forgery(origin="http://comments.test"),
        "a form of another port": Forgery(origin=f"{SERVER}:8443"),
        "a form without an origin": Forgery(origin=None),
        "a form with a made-up word": Forgery(origin=SERVER, word="A" * 43),
        "a form with an empty word": Forgery(origin=SERVER, word=""),
        "multipart": Forgery(type="multipart/form-data"),
        "text": Forgery(type="text/plain"),
        "JSON": Forgery(type="application/json"),
        "no type": Forgery(type=None),
        "GET": Forgery(method="GET", origin=None),
        "HEAD": Forgery(method="HEAD", origin=None),
        "PUT": Forgery(method="PUT"),
        "a method in a header": Forgery(method="GET", headers=(("X-HTTP-Method-Override", "POST"),)),
        "a referrer of ours": Forgery(origin=None, headers=(("Referer", f"{SERVER}{room}"),)),
    }
