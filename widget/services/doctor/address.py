"""Whether browsers can use the address that they are told."""

import ipaddress
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from widget import net
from widget.providers.probe import Wrong
from widget.services.doctor.finding import Finding, Look, State


def check(found: Mapping[str, Any]) -> Iterator[Finding | Look]:
    """Whether it is https; and who answers there."""
    address = str(found["PUBLIC_URL"])
    parts = urlsplit(address)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        words = f"{address} is not https: browsers keep no cookie of a sign-in, and providers send nobody back"
        yield Finding("public URL", State.WRONG, words)
        return
    yield Look("public URL", partial(_see, address))


def _see(address: str) -> str:
    """Not to be answered is no fault: the server may not run yet, or the way to it may begin outside."""
    with net.session(named=[address]) as session:
        try:
            answer = session.get(f"{address}/healthz")
        except net.Untrusted as error:
            raise Wrong(f"{address} has a certificate that browsers do not trust") from error
        except net.Silence:
            return f"{address}, where nobody answers this machine now"
        except net.Error as error:
            raise Wrong(f"{address}: {error}") from error
    if answer.status_code != 200 or answer.text.strip() != "ok":
        raise Wrong(f"{address}/healthz is answered by somebody else (status {answer.status_code})")
    return f"{address} answers"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
