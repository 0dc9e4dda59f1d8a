"""Reading: ready pages beside nginx with the same bytes and beside others; pages made anew; counts; 304s."""

from bench import fill
from bench.lab import Lab
from bench.load import Sample, burst
from bench.rounds import Row, row
from bench.servers import GZIP, Server, threads

NGINX, NGINX_304 = "nginx, the same bytes", "nginx, 304"
OURS_304, COUNTS = "ours, 304", "ours, counts of 30 addresses"
FLASK, FLASK_304 = "without ready answers", "without ready answers, 304"
_STILL = "/page.json"


def ours(comments: int) -> str:
    """The name of a row."""
    return f"ours, thread of {comments:,}"


def anew(comments: int) -> str:
    """The name of a row: the first ten comments of a thread, made for every request."""
    return f"made anew, first 10 of {comments:,}"


def other(name: str, comments: int) -> str:
    """The name of a row."""
    return f"{name}, thread of {comments:,}"


def rows(lab: Lab) -> list[Row]:
    """What is asked of whom; every answer is checked to be alike, and as long as the first."""
    plan, usual = lab.plan, threads(lab.plan.usual)
    counts = "/api/v1/counts?site=blog&" + "&".join(f"url={fill.page(50, number)}" for number in range(20))
    counts += "".join(f"&url={fill.page(number)}" for number in range(2, 12))

    def read(name: str, server: Server, path: str, *headers: str, status: int = 200, slow: bool = False) -> Row:
        def once() -> Sample:
            return burst(plan, server, path, GZIP, *headers, status=status, slow=slow)

        return row(name, once)

    def unchanged(name: str, server: Server, path: str, *, slow: bool = False) -> Row:
        return read(name, server, path, f"If-None-Match: {server.etag(path)}", status=304, slow=slow)

    first = plan.threads[0]
    found = [
        *([read(NGINX, lab.nginx, _STILL), unchanged(NGINX_304, lab.nginx, _STILL)] if plan.nginx else []),
        *(read(ours(size), lab.ready, threads(size)) for size in plan.threads),
        unchanged(OURS_304, lab.ready, usual),
        read(COUNTS, lab.ready, counts),
        read(FLASK, lab.alone, usual, slow=True),
        unchanged(FLASK_304, lab.alone, usual, slow=True),
        *(read(anew(size), lab.alone, threads(size, limit=10), slow=True) for size in (first, plan.largest)),
    ]
    for rival in lab.rivals:
        for size in (10, 100):
            path, headers = rival.reading(size)
            found.append(read(other(rival.name, size), rival.server, path, *headers[1:], slow=True))
    return found
