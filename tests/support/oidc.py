"""Demo ID: a real OpenID provider (the package oidc-provider-mock) in its own process, and someone who signs in."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support.processes import Program
from tests.support.waiting import free_port

PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"name": "Ada Moretti", "email": "ada@demo.example", "email_verified": True},
    "bruno": {"name": "Bruno Keller", "email": "bruno@demo.example", "email_verified": "true"},
    "nobody": {},
}


@dataclass(frozen=True)
class DemoId:
    """A running provider. It takes any client id and secret."""

    issuer: str

    @property
    def settings(self) -> dict[str, str]:
        """Settings by name without prefix, for `create_app`."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": "comment-widget",
            "OIDC_CLIENT_SECRET": "demo secret",
            "OIDC_NAME": "Demo ID",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The same as environment variables."""
        return {f"WIDGET_{name}": value for name, value in self.settings.items()}

    def put(self, subject: str, claims: Mapping[str, Any]) -> None:
        """Make a person, or change them."""
        requests.put(f"{self.issuer}/users/{subject}", json=dict(claims), timeout=10).raise_for_status()

    def sign_in(self, url: str, subject: str) -> str:
        """Be the person who signs in at the provider's page `url`; the address that the browser is sent to."""
        return self._press(url, {"sub": subject})

    def deny(self, url: str) -> str:
        """Be the person who says no there."""
        return self._press(url, {"action": "deny"})

    def _press(self, url: str, form: Mapping[str, str]) -> str:
        answer = requests.post(url, data=dict(form), timeout=10, allow_redirects=False)
        assert answer.is_redirect, answer.text
        return answer.headers["Location"]


@contextmanager
def demo_id(port: int | None = None) -> Iterator[DemoId]:
    """Run it on the loopback interface for the block, with PEOPLE in it."""
    port = port or free_port()
    people = [json.dumps({"sub": subject, **claims}) for subject, claims in PEOPLE.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port)]
    for person in people:
        command += ["--user-claims", person]
    with tempfile.TemporaryDirectory(prefix="cw-demo-id-") as folder:
        program = Program(command, log=Path(folder) / "log", env={"NO_COLOR": "1"})
        try:
            program.await_port(port)
            yield DemoId(f"http://127.0.0.1:{port}")
        finally:
            program.stop()
