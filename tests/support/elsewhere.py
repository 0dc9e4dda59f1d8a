"""Sites elsewhere that mention ours, and take mentions: houses of a street whose pages a test sets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, request

from tests.support.street import Street


@dataclass(frozen=True)
class Answer:
    """What a path answers."""

    body: str | bytes | Callable[[], str] = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] | tuple[tuple[str, str], ...] = ()


@dataclass
class Elsewhere:
    """One site; `heard` are the forms that came, by path (with its query)."""

    street: Street
    host: str
    pages: dict[str, Answer] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Move in."""
        app = Flask(self.host)

        @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
        @app.route("/<path:path>", methods=["GET", "POST"])
        def answer(path: str) -> Response:
            if request.method == "POST":
                query = f"?{request.query_string.decode()}" if request.query_string else ""
                self.heard.append((f"/{path}{query}", dict(request.form)))
            found = self.pages.get(f"{request.method} /{path}") or self.pages.get(f"/{path}")
            if found is None:
                found = Answer("gone fishing", 404) if request.method == "GET" else Answer("taken", 202)
            body = found.body() if callable(found.body) else found.body
            response = Response(body, found.status, content_type=found.type)
            pairs = found.headers.items() if isinstance(found.headers, Mapping) else found.headers
            for name, value in pairs:
                response.headers.add(name, value)
            return response

        self.street.houses[self.host] = app

    def at(self, path: str) -> str:
        """The address of a path."""
        return f"https://{self.host}{path}"

    def says(self, path: str, body: str | bytes | Callable[[], str], **more: object) -> str:
        """Have a path answer this; its address."""
        self.pages[path] = Answer(body, **more)  # type: ignore[arg-type]
        return self.at(path)
