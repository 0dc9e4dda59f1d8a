"""What an operator may write about hosts of their own network. (Which addresses are public: tests/test_net.py.)"""

import re

import pytest

from widget.core.addresses import PrivateHost, private_hosts


def test_hosts_with_and_without_ports_and_places() -> None:
    text = "social.lan, Wiki.lan:8443\n one.test=127.0.0.1:45123,two.test=10.0.0.5 six.test=[::1]:1 [fd00::1]:9"
    assert private_hosts(text) == (
        PrivateHost("social.lan", 443, "social.lan", 443),
        PrivateHost("wiki.lan", 8443, "wiki.lan", 8443),
        PrivateHost("one.test", 443, "127.0.0.1", 45123),
        PrivateHost("two.test", 443, "10.0.0.5", 443),
        PrivateHost("six.test", 443, "::1", 1),
        PrivateHost("fd00::1", 9, "fd00::1", 9),
    )


def test_nothing_is_nobody() -> None:
    assert private_hosts("") == private_hosts(" , ") == ()


@pytest.mark.parametrize(
    "entry", ["https://x.lan", "x.lan:0", "x.lan:70000", "x.lan:port", "*", "*.lan", "=127.0.0.1", "x.lan=a=b", "a/b"]
)
def test_what_is_no_host_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=re.escape(entry)) as caught:
        private_hosts(f"good.lan {entry}")
    assert str(caught.value) == entry
