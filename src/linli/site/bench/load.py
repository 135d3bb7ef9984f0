"""A load of keep-alive connections, cheap enough not to be what is measured."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready for the wire."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        """The bytes to send."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Connection: keep-alive"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method == "POST":
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


@dataclass(slots=True)
class Outcome:
    """What a load saw: milliseconds of each answer, and statuses."""

    took: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, other: Outcome) -> None:
        """Count the answers of another run with these."""
        self.took += other.took
        self.seconds += other.seconds
        for status, n in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + n

    @property
    def per_s(self) -> float:
        """Answers in a second."""
        return round(len(self.took) / self.seconds, 1) if self.seconds else 0.0

    def share(self, percent: float) -> float:
        """A percentile of the answering times, in milliseconds."""
        ordered = sorted(self.took)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))], 2)

    @property
    def failed(self) -> int:
        """Answers that were neither success nor redirect."""
        return sum(n for status, n in self.statuses.items() if status >= 400 or status == 0)


async def _one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: bytes
) -> tuple[int, bytes]:
    writer.write(wire)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    length = 0
    if (at := lower.find(b"content-length:")) >= 0:
        length = int(lower[at + 15 : lower.find(b"\r\n", at)])
        body = await reader.readexactly(length) if length else b""
    elif b"transfer-encoding: chunked" in lower:
        body = await _chunks(reader)
    else:
        body = b""
    return status, body


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while size := int(await reader.readline(), 16):
        whole += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return whole


async def _connection(
    port: int, source: Iterator[Request], until: float, seen: Outcome, most: int
) -> None:
    host = f"127.0.0.1:{port}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        for request in itertools.islice(source, most):
            if time.perf_counter() >= until:
                return
            begun = time.perf_counter()
            status, _body = await _one(reader, writer, request.wire(host))
            seen.took.append((time.perf_counter() - begun) * 1000)
            seen.statuses[status] = seen.statuses.get(status, 0) + 1
    finally:
        writer.close()


def run(
    port: int,
    source: Callable[[int], Iterator[Request]],
    *,
    seconds: float,
    connections: int = 16,
    most: int = 10**9,
) -> Outcome:
    """Send for some seconds over keep-alive connections; `source(i)` gives connection i its requests."""
    seen = Outcome()

    async def all_of_them() -> None:
        until = time.perf_counter() + seconds
        each = [_connection(port, source(i), until, seen, most) for i in range(connections)]
        await asyncio.gather(*each)

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    seen.seconds = time.perf_counter() - begun
    return seen


def once(port: int, request: Request) -> tuple[int, bytes]:
    """One request on a connection of its own. TimeoutError when there is no answer in `PATIENCE` seconds."""

    async def single() -> tuple[int, bytes]:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
            try:
                return await _one(reader, writer, request.wire(f"127.0.0.1:{port}"))
            finally:
                writer.close()

    return asyncio.run(single())
