"""The name service: TXT records, and nothing where there is nothing."""

from pathlib import Path
from time import monotonic

import pytest

from tests.support.street import street
from tests.support.waiting import free_port
from widget import names


def test_records(tmp_path: Path) -> None:
    with street(tmp_path, "one.test") as running:
        running.texts["_atproto.one.test"] = ["did=did:plc:x", "other"]
        server = f"127.0.0.1:{running.dns_port}"
        assert set(names.texts("_atproto.one.test", server=server)) == {"did=did:plc:x", "other"}
        assert names.texts("_atproto.ONE.test", server=server)
        assert names.texts("_atproto.two.test", server=server) == ()


@pytest.mark.parametrize("name", ["x" * 64 + ".test", "." * 5, "a..b", "x." * 200, "_atproto.\udcff.test"])
def test_what_is_no_name(name: str) -> None:
    assert names.texts(name, server="127.0.0.1:53") == ()


@pytest.mark.parametrize("server", ["nonsense", "127.0.0.1:port", "127.0.0.1:99999999", "[::1"])
def test_what_is_no_server(server: str) -> None:
    assert names.texts("one.test", server=server) == ()


def test_a_server_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.3)
    start = monotonic()
    assert names.texts("one.test", server=f"127.0.0.1:{free_port()}") == ()
    assert monotonic() - start < 2
