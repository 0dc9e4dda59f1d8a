"""The only door to the internet: one deadline over everything, a cap on the size, no redirects, no proxies and no
.netrc of the environment, and a look at every address before it is dialled.

Hosts that the operator wrote in the settings may be private; hosts that a visitor or somebody's answer named may not.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from socket import SHUT_RDWR, SOCK_STREAM, gaierror, getaddrinfo, socket
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from widget.core.addresses import PrivateHost, is_public

Response = requests.Response
Error = requests.RequestException
Timeout, Unreachable, Untrusted = requests.Timeout, requests.ConnectionError, requests.exceptions.SSLError
BadStatus = requests.HTTPError
Silence = (Unreachable, Timeout)  # nobody is there, or they do not answer in time
SECONDS, MAX_BYTES = 5.0, 1_000_000
STRANGERS_PORTS = frozenset({80, 443})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")


class Refused(Error):  # noqa: N818 - it is the door that refuses; nothing broke
    """The request was not made, or its answer not read, because a rule of this door forbids it."""


class Redirected(Refused):
    """The answer was a redirect; who wants to follow it asks for `location`, and this door looks at that anew."""

    def __init__(self, host: str, location: str) -> None:
        super().__init__(f"{host} answered with a redirect")
        self.location = location


@dataclass(frozen=True)
class _Address:
    family: int
    sockaddr: Any


@dataclass(frozen=True)
class _Call:
    """What the connection of this thread's request needs: where to dial, and who watches the time."""

    addresses: tuple[_Address, ...]
    watch: "_Watch"


_call: ContextVar[_Call] = ContextVar("widget_net_call")
_budget: ContextVar[float | None] = ContextVar("widget_net_budget", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all requests of the block together take `seconds`; the one that comes too late raises `Error`."""
    outer = _budget.get()
    end = monotonic() + seconds
    token = _budget.set(end if outer is None else min(outer, end))
    try:
        yield
    finally:
        _budget.reset(token)


def guard(
    session: requests.Session,
    *,
    named: Iterable[str] = (),
    private: Iterable[PrivateHost] = (),
    max_bytes: int = MAX_BYTES,
    cut: bool = False,
) -> None:
    """Send whatever `session` asks for through this door. `named` are URLs from the settings: their hosts and ports
    may be private, and so may those that the operator listed for visitors to name (`private`). Of an answer of more
    than `max_bytes` there is the beginning if it is to be `cut`, and none otherwise."""
    places = {place: place for place in map(_host_and_port, named)}
    places |= {(one.host, one.port): (one.dial_host, one.dial_port) for one in private}
    door = _Door(places, max_bytes, cut)
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", door)
    session.mount("http://", door)


class Session(requests.Session):
    """One that has no other way out than this door, whoever makes it."""

    def __init__(self) -> None:
        super().__init__()
        guard(self)


def session(
    *,
    named: Iterable[str] = (),
    private: Iterable[PrivateHost] = (),
    max_bytes: int = MAX_BYTES,
    cut: bool = False,
) -> Session:
    """A new session with the rules of `guard`."""
    made = Session()
    guard(made, named=named, private=private, max_bytes=max_bytes, cut=cut)
    return made


def links(answer: Response) -> list[dict[str, str]]:
    """The links of an answer's `Link` header: `url`, `rel`, … as they were sent (RFC 8288)."""
    return requests.utils.parse_header_links(answer.headers.get("Link", ""))


class _Door(HTTPAdapter):
    """Sends one request: resolves, checks, dials exactly what it checked, and reads the whole answer in time."""

    def __init__(self, places: Mapping[tuple[str, int], tuple[str, int]], max_bytes: int, cut: bool) -> None:  # noqa: FBT001 - `guard` alone makes one
        self._places = places  # those that may be private, and where each is dialled
        self._max_bytes, self._cut = max_bytes, cut
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the base class's signature; the answer is always read here
        timeout: Any = None,  # noqa: ARG002 - one clock for all: see `within`
        verify: Any = True,  # noqa: ARG002, FBT002 - nobody can ask this door not to verify
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """The answer with its body read. Raises `Error`: refused, unreachable, too slow, too large or a redirect."""
        seconds = _remaining()
        watch = _Watch(seconds)
        try:
            host, port = _host_and_port(request.url or "")
            addresses = _resolve(*self._places.get((host, port), (host, port)), seconds)
            if (host, port) not in self._places:
                addresses = _public_only(host, port, addresses)
            request.headers["Connection"] = "close"
            token = _call.set(_Call(addresses, watch))
            try:
                answer = super().send(request, stream=True, timeout=seconds, verify=_ca_bundle())
                with closing(answer):
                    if answer.is_redirect:
                        raise Redirected(host, urljoin(answer.url, answer.headers["Location"]))
                    answer._content = self._read(answer, host)
            finally:
                _call.reset(token)
        except (Error, HTTPError, OSError, ValueError) as error:
            if watch.fired:
                raise requests.Timeout(f"no complete answer in {seconds:.1f} s", request=request) from error
            if isinstance(error, Error):
                raise
            raise requests.ConnectionError(str(error), request=request) from error
        finally:
            watch.close()
            self.poolmanager.clear()  # a kept connection would have nobody watching the time
        if watch.fired:  # a cut connection can look like the plain end of an answer without a length
            raise requests.Timeout(f"no complete answer in {seconds:.1f} s", request=request)
        return answer

    def _read(self, answer: requests.Response, host: str) -> bytes:
        body = bytearray()
        for chunk in answer.iter_content(65_536):
            body += chunk
            if len(body) > self._max_bytes:
                if self._cut:
                    return bytes(body[: self._max_bytes])
                raise Refused(f"{host} answered with more than {self._max_bytes} bytes")
        return bytes(body)


class _Watch:
    """Cuts the connection when the time is up: a timeout for each read alone lets a server drip for ever."""

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._lock = threading.Lock()
        self._handle: socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def over(self, connection: socket) -> None:
        """Watch this one. TLS will take its descriptor over, so a duplicate is kept to shut it down by."""
        self._let_go()
        with self._lock:
            self._handle = connection.dup()
        if self.fired:
            self._cut()

    def close(self) -> None:
        self._timer.cancel()
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            if self._handle:
                self._handle.close()
                self._handle = None

    def _cut(self) -> None:
        self.fired = True
        with self._lock:
            if self._handle:
                with suppress(OSError):  # the other side was faster
                    self._handle.shutdown(SHUT_RDWR)


def _dial(connection: HTTPConnection) -> socket:
    """A connected socket to one of the addresses that were checked, to nothing else."""
    call = _call.get()
    trouble: OSError | None = None
    for address in call.addresses:
        made = socket(address.family, SOCK_STREAM)
        call.watch.over(made)
        made.settimeout(_remaining())
        try:
            made.connect(address.sockaddr)
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise NewConnectionError(connection, f"no address answered: {trouble}") from trouble


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket:
        return _dial(self)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket:
        return _dial(self)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _remaining() -> float:
    end = _budget.get()
    seconds = SECONDS if end is None else min(SECONDS, end - monotonic())
    if seconds <= 0:
        raise requests.Timeout("the time for this is used up")
    return seconds


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise Refused("not an http address") from error
    if not host:
        raise Refused("an address without a host")
    return host, port


def _resolve(host: str, port: int, seconds: float) -> tuple[_Address, ...]:
    """All addresses of a host. The system's resolver knows no timeout, so it is asked in a thread that may be left."""
    found: list[_Address] = []
    trouble: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(_Address(entry[0], entry[4]) for entry in getaddrinfo(host, port, type=SOCK_STREAM))
        except (gaierror, UnicodeError, OSError) as error:
            trouble.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise requests.ConnectionError(f"{host} has no address: {trouble[0] if trouble else 'the name server is slow'}")
    return tuple(dict.fromkeys(found))


def _public_only(host: str, port: int, addresses: tuple[_Address, ...]) -> tuple[_Address, ...]:
    if port not in STRANGERS_PORTS:
        raise Refused(f"{host}:{port} is not on a port of the web")
    allowed = tuple(address for address in addresses if is_public(str(address.sockaddr[0])))
    if not allowed:
        raise Refused(f"{host} is not on the public internet")
    return allowed


def _ca_bundle() -> str | bool:
    """The certificates to trust: those that the environment names as `requests` reads it, else requests' own."""
    return next((path for name in _CA_VARIABLES if (path := os.environ.get(name))), True)
