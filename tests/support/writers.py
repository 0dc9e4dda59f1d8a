"""People who write as fast as they are answered, and remember what they were promised."""

import itertools
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

BLOG = "https://blog.test"
PAGE = f"{BLOG}/busy"


@dataclass
class Writer:
    """One person with a session: posts, edits, deletes and likes in turns, and what the last word on each was.

    `texts` and `likes` are what was acknowledged, by the comment's id (None: deleted); `open` is the one request that
    was never answered: it may have happened or not, but not by half.
    """

    server: str
    token: str
    texts: dict[str, str | None] = field(default_factory=dict)
    likes: dict[str, bool] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    open: tuple[str, str | None, str | None] | None = None

    def write(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Until nobody answers; `heard()` is called with every acknowledgement."""
        with requests.Session() as http:
            http.headers.update({"Origin": BLOG, "Authorization": f"Bearer {self.token}"})
            try:
                for number in itertools.count():
                    if stop.is_set():
                        return
                    self._one(http, number)
                    heard()
            except requests.RequestException:
                return

    def _one(self, http: requests.Session, number: int) -> None:
        last = next((one for one, said in reversed(self.texts.items()) if said is not None), None)
        text = f"{number} {secrets.token_hex(8)}"
        match number % 5:
            case 1 if last:
                self._send(http, "PATCH", f"comments/{last}", {"text": text}, ("edit", last, text))
                self.texts[last] = text
            case 2 | 4 if last:
                given = number % 5 == 2
                method = "PUT" if given else "DELETE"
                self._send(http, method, f"comments/{last}/reactions/like", None, ("like", last, None))
                self.likes[last] = given
            case 3 if last and number % 2:
                self._send(http, "DELETE", f"comments/{last}", None, ("delete", last, None))
                del self.texts[last]
                self.texts = {last: None, **self.texts}  # nothing more is done to it
                self.likes.pop(last, None)
            case _:
                body = {"site": "blog", "page": {"url": PAGE}, "text": text}
                made = self._send(http, "POST", "comments", body, ("post", None, text))
                self.texts[made["comment"]["id"]] = text
        self.open = None

    def _send(self, http: requests.Session, method: str, path: str, body: Any, asked: Any) -> Any:
        self.open = asked
        key = secrets.token_urlsafe(16)
        answer = http.request(
            method, f"{self.server}/api/v1/{path}", json=body, headers={"Idempotency-Key": key}, timeout=60
        )
        assert answer.ok, answer.text
        self.keys.append(key)
        return answer.json()
