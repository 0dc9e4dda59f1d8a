"""TXT records of the name service, which the operating system's resolver does not give."""

SECONDS = 2.0


def texts(name: str, *, server: str = "") -> tuple[str, ...]:
    """The TXT records of `name` within `SECONDS`; none where there are none, or where nobody knows.

    `server` (address, or address:port) is asked instead of the system's name servers.
    """
    import dns.exception  # some 35 ms, which most processes never need
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not server)
        if server:
            address, _, port = server.rpartition(":") if server.count(":") == 1 else (server.strip("[]"), "", "53")
            resolver.nameservers, resolver.port = [address], int(port)
        answer = resolver.resolve(name, "TXT", lifetime=SECONDS, search=False)
    except (dns.exception.DNSException, OSError, ValueError):
        return ()
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
