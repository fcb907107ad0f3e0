"""A client that asks as fast as it is answered: HTTP/1.1 over a few connections that stay open, in this process's event loop."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 8
SECONDS = 4.0
WARM_UP_SECONDS = 0.7


@dataclass(frozen=True)
class Rate:
    """What addresses gave under load."""

    per_second: float
    p50_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return f"{self.per_second:8,.0f}/s   p50 {self.p50_ms:6.1f} ms   p95 {self.p95_ms:6.1f} ms"


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class HttpLoad:
    """Requests to a service on this machine; every answer must have the status that is expected."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def rate(self, addresses: Sequence[str], more: Mapping[str, str] | None = None, expected: int = 200) -> Rate:
        """Answers a second to these addresses in turn."""
        return asyncio.run(self._rate([self._message("GET", one, more or {}) for one in addresses], expected))

    def once(self, method: str, address: str, body: bytes = b"", more: Mapping[str, str] | None = None) -> tuple[Answer, float]:
        """One answer over a connection of its own, and in how many seconds it came."""
        return asyncio.run(self._once(self._message(method, address, more or {}, body)))

    def post_all(self, address: str, bodies: Sequence[bytes], more: Mapping[str, str], connections: int) -> float:
        """Seconds in which all bodies were accepted, sent over so many connections."""
        return asyncio.run(self._post_all([self._message("POST", address, more, body) for body in bodies], connections))

    def _message(self, method: str, address: str, more: Mapping[str, str], body: bytes = b"") -> bytes:
        headers = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)), **self.headers, **more}
        return (f"{method} {address} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n").encode() + body

    async def _rate(self, messages: Sequence[bytes], expected: int) -> Rate:
        turn = itertools.cycle(messages)
        begun = time.perf_counter()
        seconds: list[float] = []

        async def ask() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            while (at := time.perf_counter()) < begun + WARM_UP_SECONDS + SECONDS:
                writer.write(next(turn))
                answer = await _read(reader)
                assert answer.status == expected, answer
                if at > begun + WARM_UP_SECONDS:
                    seconds.append(time.perf_counter() - at)
            writer.close()

        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
        cuts = statistics.quantiles(seconds, n=20)
        return Rate(len(seconds) / SECONDS, cuts[9] * 1000, cuts[18] * 1000)

    async def _post_all(self, messages: Sequence[bytes], connections: int) -> float:
        waiting = iter(messages)

        async def post() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            for message in waiting:
                writer.write(message)
                answer = await _read(reader)
                assert answer.status == 200, answer
            writer.close()

        begun = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(connections)))
        return time.perf_counter() - begun

    async def _once(self, message: bytes) -> tuple[Answer, float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        begun = time.perf_counter()
        writer.write(message)
        answer = await _read(reader)
        seconds = time.perf_counter() - begun
        writer.close()
        return answer, seconds


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    status = int(head[0].split()[1])
    if headers.get("transfer-encoding") == "chunked":
        chunks = []
        while size := int(await reader.readline(), 16):
            chunks.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return Answer(status, headers, b"".join(chunks))
    return Answer(status, headers, await reader.readexactly(int(headers.get("content-length", "0"))))
