"""The door to the internet: what it refuses, and that it would have happened otherwise."""

import ast
import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.support import tls, web
from widget import net
from widget.core.addresses import private_hosts

PACKAGE = Path(net.__file__).parent
# The demo looks for free ports of this machine; `names` asks the name service.
MAY = (
    "channels/imap.py: ssl",  # the operator's own mailbox
    "channels/lmtp.py: asyncio",  # a door that opens inwards
    "demo/machine.py: socket",
    "names.py: dns.exception",
    "names.py: dns.resolver",
    "smtp.py: ssl",
)
OUTWARD = {
    "requests",
    "urllib.request",
    "urllib3",
    "http.client",
    "socket",
    "ssl",
    "httpx",
    "aiohttp",
    "asyncio",
    "dns",
}
PRIVATE = [
    "0.0.0.0",  # noqa: S104 - nobody listens here; it must be refused
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4009::200e", "::ffff:8.8.8.8"]
OK = b"HTTP/1.1 200 OK\r\n"
NOTATIONS = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0x7f.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
]


@contextmanager
def listener(answer: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[str]]]:
    """A server that handles each connection with `answer`; yields its port and the list of who connected."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, peer = server.accept()
                except OSError:
                    return
                seen.append(peer[0])
                with connection:
                    try:
                        connection.recv(65536)
                        answer(connection)
                    except OSError:
                        pass  # the client hung up, as it should

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def plain(body: bytes, *headers: str, status: str = "200 OK") -> Callable[[socket.socket], None]:
    """An answer with a length."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return lambda connection: connection.sendall(head.encode() + b"\r\n\r\n" + body)


def named(port: int) -> str:
    """A URL of the listener as an operator would write it."""
    return f"http://127.0.0.1:{port}/"


def test_nothing_else_in_the_package_can_reach_the_network() -> None:
    guilty = []
    for file in PACKAGE.rglob("*.py"):
        if file == PACKAGE / "net.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            guilty += [f"{file}: {name}" for name in names if name in OUTWARD or name.split(".")[0] in OUTWARD]
    assert [line for line in guilty if not line.endswith(MAY)] == []


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not net.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_open_internet(address: str) -> None:
    assert net.is_public(address)


@pytest.mark.parametrize("host", NOTATIONS)
def test_a_stranger_cannot_name_this_machine_however_it_is_written(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with listener(plain(b"secret")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        with pytest.raises(net.Refused):
            net.session().get(f"http://{host}:{port}/")
        assert seen == []


def test_without_the_look_at_addresses_this_machine_would_have_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener(plain(b"secret")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        monkeypatch.setattr(net, "is_public", lambda _address: True)
        assert net.session().get(f"http://2130706433:{port}/").content == b"secret"
        assert seen == ["127.0.0.1"]


def test_what_the_operator_named_may_be_private_but_only_at_that_port() -> None:
    with listener(plain(b"mine")) as (port, _), listener(plain(b"database")) as (other, seen):
        door = net.session(named=[named(port)])
        assert door.get(named(port)).content == b"mine"
        with pytest.raises(net.Refused):
            door.get(named(other))
        assert seen == []


def test_a_private_host_is_dialled_where_the_operator_says_and_no_other_port_of_it() -> None:
    with listener(plain(b"mine")) as (port, _), listener(plain(b"database")) as (other, seen):
        door = net.session(private=private_hosts(f"social.test:80=127.0.0.1:{port}"))
        assert door.get("http://social.test/").content == b"mine"
        for url in (f"http://social.test:{other}/", "https://social.test/", named(port), "http://www.social.test/"):
            with pytest.raises(net.Error):
                door.get(url)
        with pytest.raises(net.Error):
            net.session().get("http://social.test/")
        assert seen == []


def test_of_an_answer_that_is_too_long_there_is_the_beginning_where_that_is_enough() -> None:
    with listener(plain(b"x" * 500_000)) as (port, _):
        assert net.session(named=[named(port)], max_bytes=100, cut=True).get(named(port)).content == b"x" * 100
        with pytest.raises(net.Refused):
            net.session(named=[named(port)], max_bytes=100).get(named(port))


def test_a_redirect_says_where_it_would_have_led() -> None:
    with listener(plain(b"", "Location: ../b?c#d", status="302 Found")) as (port, _):
        with pytest.raises(net.Redirected) as caught:
            net.session(named=[named(port)]).get(f"{named(port)}x/a")
        assert caught.value.location == f"{named(port)}b?c#d"


def test_a_name_that_changes_its_address_after_the_check_is_dialled_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def flipping(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        address = "127.0.0.2" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with listener(plain(b"private")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        monkeypatch.setattr(net, "getaddrinfo", flipping)
        monkeypatch.setattr(net, "is_public", lambda address: address == "127.0.0.2")
        with pytest.raises(net.Error):
            net.session().get(f"http://rebinding.example:{port}/")
        assert asked == ["rebinding.example"]
        assert seen == []


def test_of_mixed_addresses_only_the_public_one_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed(_host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    with listener(plain(b"private")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        monkeypatch.setattr(net, "getaddrinfo", mixed)
        monkeypatch.setattr(net, "is_public", lambda address: address == "127.0.0.2")
        with pytest.raises(net.Error):
            net.session().get(f"http://mixed.example:{port}/")
        assert seen == []


@pytest.mark.parametrize("url", ["http://example.com:22/", "https://example.com:6379/", "http:///x", "http://h:x/"])
def test_strange_ports_and_hosts_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 1))
    monkeypatch.setattr(net, "getaddrinfo", lambda *_args, **_kwargs: [address])
    with pytest.raises((net.Error, ValueError)):
        net.session().get(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "data:,x"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(net.Error):
        net.session().get(url)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_redirects_are_refused_even_where_the_caller_asks_for_them(status: str) -> None:
    with listener(plain(b"inner")) as (inner, seen):
        with listener(plain(b"", f"Location: {named(inner)}", status=status)) as (port, _):
            for method in ("GET", "POST"):
                with pytest.raises(net.Refused):
                    net.session(named=[named(port), named(inner)]).request(method, named(port), allow_redirects=True)
        assert seen == []


def test_a_large_answer_is_not_read_to_its_end() -> None:
    with listener(plain(b"x" * 10_000_000)) as (port, _), pytest.raises(net.Refused):
        net.session(named=[named(port)]).get(named(port))


def test_a_small_answer_that_unpacks_to_a_large_one_is_refused() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < net.MAX_BYTES
    with listener(plain(bomb, "Content-Encoding: gzip")) as (port, _), pytest.raises(net.Refused):
        net.session(named=[named(port)]).get(named(port))


DRIPS, PAUSE = 200, 0.05


def _drip(prefix: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(prefix)
        pause = threading.Event()
        for _ in range(DRIPS):
            connection.sendall(b"x")
            pause.wait(PAUSE)

    return answer


@pytest.mark.parametrize(
    "prefix",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["status", "header", "body", "body without a length"],
)
def test_dripping_answers_end_at_the_deadline(prefix: bytes) -> None:
    with listener(_drip(prefix)) as (port, _):
        start = monotonic()
        with net.within(0.5), pytest.raises(net.Error):
            net.session(named=[named(port)]).get(named(port))
        assert monotonic() - start < DRIPS * PAUSE / 2


def test_several_requests_share_one_deadline() -> None:
    with listener(plain(b"ok")) as (port, _):
        door = net.session(named=[named(port)])
        with net.within(30):
            assert door.get(named(port)).content == b"ok"
        with net.within(0.000001), pytest.raises(net.Error):
            door.get(named(port))


def test_a_slow_name_server_does_not_hold_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    release, long = threading.Event(), 20
    monkeypatch.setattr(net, "getaddrinfo", lambda *_args, **_kwargs: release.wait(long) and [])
    start = monotonic()
    with net.within(0.3), pytest.raises(net.Error):
        net.session().get("https://slow.example/")
    assert monotonic() - start < long / 2
    release.set()


def test_proxies_and_netrc_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with listener(plain(b"direct")) as (port, _):
        answer = net.session(named=[named(port)]).get(named(port))
        assert answer.content == b"direct"
        assert "Authorization" not in answer.request.headers


def test_certificates_are_verified_even_where_the_caller_says_not_to(tmp_path: Path) -> None:
    with web.serve(web.Pages(), tls.issue(tmp_path, "localhost").context()) as port:
        url = f"https://localhost:{port}/"
        with pytest.raises(net.Error, match="certificate"):
            net.session(named=[url]).get(url, verify=False)
