"""Many clients in one process, over sockets kept open; run by bench.load as `python -m bench.clients`.

wrk is faster, but cannot say which answers were slow; here every kind of request has latencies of its own. The task
comes as JSON on the standard input, and what was found goes out the same way:

    {"port": 8080, "seconds": 2, "rate": null, "number": 0,
     "requests": [{"kind": "post", "text": "POST … @@@@@@@@@@@@ …", "status": 201, "length": null}, …],
     "clients": [[0], [1, 2], …]}

A client sends the requests that it lists, in turns, each once the one before is answered. With a `rate` (requests a
second of all clients together) requests are due at their times, and latency counts from when they were due. The twelve
@ become a number that no other request has, counted from `number`.
"""

import json
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

MARK = b"@" * 12
PATIENCE = 60.0  # seconds after the end for what is on its way
TO_THE_END = sys.maxsize


@dataclass
class Kind:
    """What came of one kind of request; latencies in milliseconds."""

    latencies: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, why: str) -> None:
        """Count an answer that is not the one that was asked for."""
        self.refused[why] = self.refused.get(why, 0) + 1


class Client:
    """One connection that sends its requests in turns."""

    def __init__(self, crowd: "Crowd", turns: list[int]) -> None:
        self.crowd, self.turns, self.at = crowd, turns, 0
        self.socket: socket.socket | None = None
        self.received, self.wanted, self.due, self.waiting = b"", -1, 0.0, False
        self.request: dict[str, Any] = {}

    def connect(self) -> socket.socket:
        """Open the connection."""
        self.socket = socket.create_connection(("127.0.0.1", self.crowd.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.crowd.watch(self, self.socket)
        return self.socket

    def send(self, due: float) -> None:
        """The next request, which is due at this moment."""
        self.request = self.crowd.requests[self.turns[self.at]]
        self.at = (self.at + 1) % len(self.turns)
        self.received, self.wanted, self.due, self.waiting = b"", -1, due, True
        (self.socket or self.connect()).sendall(self.crowd.numbered(self.request["bytes"]))

    def read(self, connection: socket.socket) -> bool:
        """Take what has come; whether a request is answered, or never will be."""
        try:
            some = connection.recv(262_144)
        except ConnectionResetError:
            some = b""
        self.received += some
        if self.wanted < 0:
            self.wanted = _whole_length(self.received)
        if not some:
            self.close()
        if not self.waiting or (some and not 0 <= self.wanted <= len(self.received)):
            return False
        self.waiting = False
        self.crowd.found(self, refused=self._fault())
        return True

    def _fault(self) -> str:
        if self.wanted < 0 or (self.wanted != TO_THE_END and len(self.received) < self.wanted):
            return "broken off"
        head, _, body = self.received.partition(b"\r\n\r\n")
        if (_header(head, b"connection") or b"").lower() == b"close":
            self.close()
        status, length = int(head[9:12]), self.request["length"]
        if status != self.request["status"]:
            return str(status)
        return "" if length is None or len(body) == length else f"{len(body)} bytes"

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self.socket is not None:
            self.crowd.forget(self.socket)
            self.socket.close()
            self.socket = None


class Crowd:
    """All clients of a task, and what they found."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.port, self.number = task["port"], task["number"]
        self.requests = [{**one, "bytes": one["text"].encode()} for one in task["requests"]]
        self.kinds = {one["kind"]: Kind() for one in self.requests}
        self.rate, self.seconds = task["rate"], task["seconds"]
        self._poll = select.epoll()
        self._by_number: dict[int, Client] = {}
        self.clients = [Client(self, turns) for turns in task["clients"]]

    def numbered(self, request: bytes) -> bytes:
        """The request with a number of its own."""
        self.number += 1
        return request.replace(MARK, b"%012d" % self.number)

    def watch(self, client: Client, connection: socket.socket) -> None:
        """Hear of this connection."""
        self._by_number[connection.fileno()] = client
        self._poll.register(connection.fileno(), select.EPOLLIN)

    def forget(self, connection: socket.socket) -> None:
        """Hear of it no more."""
        self._poll.unregister(connection.fileno())
        del self._by_number[connection.fileno()]

    def found(self, client: Client, *, refused: str) -> None:
        """An answer, or what stands for it."""
        kind = self.kinds[client.request["kind"]]
        if refused:
            kind.refuse(refused)
        else:
            kind.latencies.append((time.perf_counter() - client.due) * 1000)

    def run(self) -> float:
        """Send until the time is over, wait for what is on its way; the seconds that it took."""
        idle, sent = deque(self.clients), 0
        begin = now = time.perf_counter()
        end = begin + self.seconds
        while now < end or (len(idle) < len(self.clients) and now < end + PATIENCE):
            while idle and now < end:
                due = begin + sent / self.rate if self.rate else now
                if due > now:
                    break
                idle.popleft().send(due)
                sent += 1
            next_due = begin + sent / self.rate if self.rate and idle else end
            for number, _ in self._poll.poll(max(0.0005, min(next_due, end) - now)):
                client = self._by_number[number]
                if client.socket and client.read(client.socket):
                    idle.append(client)
            now = time.perf_counter()
        for client in self.clients:
            if client.waiting:
                self.found(client, refused="no answer")
            client.close()
        return now - begin


def _whole_length(received: bytes) -> int:
    """Bytes of the answer that begins so; -1: not known yet; without a length it ends with the connection."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return -1
    if received[9:12] in {b"204", b"304"}:
        return end + 4
    length = _header(received[:end], b"content-length")
    return TO_THE_END if length is None else end + 4 + int(length)


def _header(head: bytes, name: bytes) -> bytes | None:
    at = head.lower().find(b"\r\n" + name + b":")
    return None if at < 0 else head[at + len(name) + 3 :].partition(b"\r\n")[0].strip()


def main() -> None:
    """Do the task of the standard input."""
    crowd = Crowd(json.loads(sys.stdin.readline()))
    for client in crowd.clients:
        client.connect()
    print("ready", flush=True)
    took = crowd.run()
    kinds = {name: {"latencies": kind.latencies, "refused": kind.refused} for name, kind in crowd.kinds.items()}
    json.dump({"seconds": took, "kinds": kinds}, sys.stdout)


if __name__ == "__main__":
    main()
