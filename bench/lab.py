"""What a run has in its hands: its folder, its databases and servers, each made when it is first asked for."""

import contextlib
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Self

import requests

from bench import fill, people, rivals, servers
from bench.plan import Plan
from bench.rivals import Rival
from bench.servers import Server, threads

MIXED = 20  # pages of 50 comments that the mix is about


class Lab:
    """Use it as a context: at its end everything that was started is ended, and the folder is gone."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.plan.cache.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryDirectory(prefix="run-", dir=self.plan.cache)
        self.folder = Path(self._stack.enter_context(made))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def database(self) -> Path:
        """Threads of all sizes in one site."""
        filling = fill.Filling((*self.plan.threads, *[50] * MIXED))
        return self._stack.enter_context(fill.database_of(filling, self.plan.cache, self.folder))

    @cached_property
    def ready(self) -> Server:
        """Ours as it comes."""
        return self._stack.enter_context(servers.ours(self.plan, self.folder, self.database))

    @cached_property
    def alone(self) -> Server:
        """The same database, every answer made anew."""
        return self._stack.enter_context(servers.ours(self.plan, self.folder, self.database, READY_MB="0"))

    @cached_property
    def writers(self) -> list[str]:
        """Bearers, as many as ever write at once."""
        return people.welcome(self.database, max(self.plan.writers))

    @cached_property
    def nginx(self) -> Server:
        """Sends what ours answers for the usual page."""
        url = self.ready.url(threads(self.plan.usual))
        body = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=60).content
        with requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=60, stream=True) as answer:
            gzipped = answer.raw.read(decode_content=False)
        return self._stack.enter_context(servers.nginx(self.plan, self.folder, body, gzipped))

    @cached_property
    def rivals(self) -> list[Rival]:
        """Those that are measured beside ours, with pages of 10 and 100 comments."""
        if not self.plan.rivals:
            return []
        rivals.install(self.plan)
        found = [self._stack.enter_context(start(self.plan, self.folder)) for start in (rivals.isso, rivals.waline)]
        for rival in found:
            rival.fill((10, 100))
        return found
