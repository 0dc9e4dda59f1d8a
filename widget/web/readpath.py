"""In front of Flask: what is read most is answered from ready bytes, once the database has said that they are fresh.

A view that can be answered so leaves a Proof of its answer in the request (`ready`); whatever is not ready falls
through to it. The view alone gives the same answer: a test compares the two.
"""

import gzip
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Flask, request

from widget import database
from widget.core import clock, feed
from widget.extensions import db
from widget.services.freshness import Proof

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_EXTENSION = "widget.readpath"
_PROOF = "widget.proof"
# Paths and the parameters that their answers depend on; others are junk, which makes no answer of its own.
HOT = {
    "/api/v1/threads": frozenset({"site", "url", "id", "sort", "after", "root", "at", "since", "limit", "body"}),
    "/api/v1/counts": frozenset({"site", "url"}),
    **{f"/feeds/site.{form}": frozenset({"site"}) for form in feed.FORMS},
    **{f"/feeds/page.{form}": frozenset({"site", "url", "id"}) for form in feed.FORMS},
    "/embed.js": frozenset[str](),
    "/count.js": frozenset[str](),
}
REPEATED = {"/api/v1/counts": "url"}
FILES = ("/assets/", "/themes/")
SMALL = 256  # bytes that are not worth compressing
SPELLINGS = 4  # of one question that are known without reading them again
OVERHEAD = 2_000  # bytes that a ready answer takes besides its own
_LEFT_OUT = frozenset({"content-length", "content-encoding", "date", "vary", "etag"})
_OFF = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING"})

Key = tuple[str, tuple[tuple[str, str], ...]]
Headers = list[tuple[str, str]]
_NOW = object()


def ready(proof: Proof | None) -> None:
    """Said by a view: its answer is the same for everybody as long as `proof` holds; None: as long as we run."""
    request.environ[_PROOF] = proof


@dataclass(eq=False)
class Answer:
    """A ready answer: its bytes as they are and compressed, made when first asked for."""

    key: Key
    body: bytes
    etag: str
    headers: Headers
    proof: Proof | None
    used: int = 0
    spellings: list[tuple[str, str]] = field(default_factory=list)
    proved: dict[int, int] = field(default_factory=dict)
    forms: dict[str, tuple[bytes, Headers]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return OVERHEAD + len(self.body) + sum(len(body) for body, _ in self.forms.values())

    def form(self, coding: str) -> tuple[bytes, Headers]:
        """The body in a coding ("br", "gzip" or "") and the headers that go with it."""
        if (found := self.forms.get(coding)) is None:
            body, used = compressed(self.body, coding)
            extra = [("Content-Encoding", used)] if used else []
            found = self.forms[coding] = (body, [*self.headers, *extra, ("Content-Length", str(len(body)))])
        return found


class ReadPath:
    """A WSGI application in front of `inner`; keeps at most about `limit` bytes."""

    def __init__(self, app: Flask, inner: "WSGIApplication", limit: int) -> None:
        """Of `app` only the database is used."""
        self._app, self._inner, self._limit = app, inner, limit
        self._answers: dict[Key, Answer] = {}
        self._spellings: dict[tuple[str, str], Answer] = {}
        self._codings: dict[str, str] = {}
        self._ticks = count(1)
        self._size = 0
        self._change = threading.Lock()
        self._flights = [threading.Lock() for _ in range(64)]
        self._mine = threading.local()
        self._probers: list[database.Prober] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from what is ready, or as `inner` does."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not (path in HOT or path.startswith(FILES)):
            return self._inner(environ, start_response)
        spelling = (path, environ.get("QUERY_STRING", ""))
        answer = self._spellings.get(spelling)
        if answer is None or not self._fresh(answer):
            key = answer.key if answer else _key(*spelling)
            if key is None:
                return self._inner(environ, start_response)
            answer = self._answers.get(key)
            if answer is None or not self._fresh(answer):
                with self._flights[hash(key) % len(self._flights)]:
                    answer = self._answers.get(key)  # somebody else may have made it meanwhile
                    if answer is None or not self._fresh(answer):
                        answer, refusal = self._make(key, environ)
                        if answer is None:
                            arguments, body = refusal
                            start_response(*arguments)
                            return body
            self._remember(spelling, answer)
        return self._send(answer, environ, start_response)

    def close(self) -> None:
        """Give back the connections."""
        with self._change:
            probers, self._probers = self._probers, []
        for prober in probers:
            prober.close()

    def held(self) -> tuple[int, int, int]:
        """How many answers and spellings are kept, and their bytes."""
        return len(self._answers), len(self._spellings), self._size

    def _fresh(self, answer: Answer) -> bool:
        proof = answer.proof
        if proof is None:
            return True
        if proof.until is not None and clock.now() >= proof.until:
            return False
        prober = self._prober()
        try:
            stamp = prober.stamp()
            if stamp is not None and answer.proved.get(prober.number) == stamp:
                return True
            if prober.ask(proof.statement, proof.parameters) != proof.row:
                return False
        except database.ERRORS:
            self._mine.prober = None  # the view finds out what is wrong, and says so
            prober.close()
            return False
        if stamp is not None:
            if len(answer.proved) > len(self._probers):
                answer.proved.clear()  # of threads that are gone
            answer.proved[prober.number] = stamp
        return True

    def _prober(self) -> database.Prober:
        found: database.Prober | None = getattr(self._mine, "prober", None)
        if found is None or found.closed:
            with self._app.app_context():
                found = database.Prober(db.engine)
            self._mine.prober = found
            with self._change:
                self._probers = [one for one in self._probers if not one.closed]
                self._probers.append(found)
        return found

    def _make(self, key: Key, environ: "WSGIEnvironment") -> tuple[Answer | None, tuple[Any, list[bytes]]]:
        """Ask the view; its answer, or what it says instead: (arguments for start_response, body)."""
        asked = {name: value for name, value in environ.items() if name not in _OFF}
        asked["REQUEST_METHOD"] = "GET"
        asked[_PROOF] = _NOW
        said: list[Any] = []

        def listen(*arguments: Any) -> Callable[[bytes], object]:
            said.append(arguments)
            return len  # the old way to send, which Flask does not use

        made = self._inner(asked, listen)
        try:
            body = b"".join(made)
        finally:
            if hasattr(made, "close"):
                made.close()
        status, headers = said[0][0], said[0][1]
        proof = asked[_PROOF]
        if proof is _NOW or not status.startswith("200"):
            return None, (said[0], [body] if environ["REQUEST_METHOD"] == "GET" else [])
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        kept = [(name, value) for name, value in headers if name.lower() not in _LEFT_OUT]
        kept += [("Vary", "Accept-Encoding"), ("ETag", etag)]
        answer = Answer(key, body, etag.removeprefix("W/"), kept, proof)
        self._keep(answer)
        return answer, (None, [])

    def _keep(self, answer: Answer) -> None:
        with self._change:
            self._drop(answer.key)
            self._answers[answer.key] = answer
            answer.used = next(self._ticks)
            self._size = sum(one.size for one in self._answers.values()) if self._size > self._limit else self._size
            self._size += answer.size
            if self._size > self._limit:
                for old in sorted(self._answers.values(), key=lambda one: one.used):
                    if self._size <= self._limit * 0.9:
                        break
                    self._drop(old.key)

    def _drop(self, key: Key) -> None:
        old = self._answers.pop(key, None)
        if old is not None:
            self._size -= old.size
            for spelling in old.spellings:
                self._spellings.pop(spelling, None)

    def _remember(self, spelling: tuple[str, str], answer: Answer) -> None:
        """Know this spelling next time, if the answer is still kept and has few of them."""
        with self._change:
            if self._answers.get(answer.key) is answer and len(answer.spellings) < SPELLINGS:
                if spelling not in answer.spellings:
                    answer.spellings.append(spelling)
                self._spellings[spelling] = answer

    def _send(self, answer: Answer, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer.used = next(self._ticks)
        if (given := environ.get("HTTP_IF_NONE_MATCH")) and _names(given, answer.etag):
            start_response("304 NOT MODIFIED", [pair for pair in answer.headers if pair[0] != "Content-Type"])
            return []
        body, headers = answer.form(self._coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else []

    def _coding(self, accepted: str) -> str:
        found = self._codings.get(accepted)
        if found is None:
            found = best_coding(accepted)
            if len(self._codings) < 256:
                self._codings[accepted] = found
        return found


def init_app(app: Flask, *, limit: int) -> None:
    """Stand in front of the application, unless it is to keep nothing."""
    if limit > 0:
        path = app.extensions[_EXTENSION] = ReadPath(app, app.wsgi_app, limit)
        app.wsgi_app = path  # type: ignore[method-assign]  # Flask's documented way


def of(app: Flask) -> ReadPath | None:
    """The application's read path, if it has one."""
    found: ReadPath | None = app.extensions.get(_EXTENSION)
    return found


def _key(path: str, query: str) -> Key | None:
    """What is asked for, however it is spelled; None where the view shall say what is wrong with it."""
    known = HOT.get(path, frozenset())
    try:
        # As Werkzeug reads it: two questions that it tells apart must not share an answer.
        pairs = parse_qsl(query.encode("latin1").decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except (UnicodeError, ValueError):
        return None
    asked = [(name, value) for name, value in pairs if name in known]
    repeated = REPEATED.get(path)
    single = sorted((name, value) for name, value in asked if name != repeated)
    if len({name for name, _ in single}) < len(single):
        return None
    return path, (*(pair for pair in single if pair[1]), *(pair for pair in asked if pair[0] == repeated))


def _names(header: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag (weakly compared, RFC 9110, section 13.1.2)."""
    return header.strip() == "*" or any(tag.strip().removeprefix("W/") == etag for tag in header.split(","))


def best_coding(accepted: str) -> str:
    """The smallest coding that the header takes: br, gzip, or "" for none."""
    taken: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            taken[name.strip()] = float(value) if key.strip() == "q" else 1.0
        except ValueError:
            taken[name.strip()] = 0.0
    return next((coding for coding in ("br", "gzip") if taken.get(coding, taken.get("*", 0.0)) > 0), "")


def compressed(body: bytes, coding: str) -> tuple[bytes, str]:
    """The body in a coding, if that makes it smaller: (bytes, coding or "")."""
    if not coding or len(body) < SMALL:
        return body, ""
    if coding == "br":
        import brotli  # only where somebody asks for it

        smaller: bytes = brotli.compress(body, quality=9)
    else:
        smaller = gzip.compress(body, 9, mtime=0)
    return (smaller, coding) if len(smaller) < len(body) else (body, "")
