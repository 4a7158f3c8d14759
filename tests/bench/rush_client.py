"""Phones of a rush: small HTTP/1.1 clients on sockets of their own, so that a connection can be dropped at will.

A family walks the pages as a browser would: it follows redirects, reads the hidden fields of a form and sends them
back. How it sends its application is its habit: `plain`; `double` taps the button twice; `lost` drops the connection
once the form is sent, before any answer, and sends the same form again; `reloaded` gets its answer, loads the form
anew and sends it again with another request key.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

HABITS = ("plain",) * 11 + ("double",) * 4 + ("lost",) * 3 + ("reloaded",) * 2
"""Of twenty families: nine do something that could double or lose an application."""
PATIENCE = 60.0
"""Seconds for an answer, after which the family counts as unanswered."""


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    text: str


@dataclass
class Log:
    """Seconds of every answer, by what was asked; and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, what: str, seconds: float) -> None:
        """Keep one answer's time."""
        self.seconds.setdefault(what, []).append(seconds)


class Phone:
    """One connection at a time to the server, with a session's cookie."""

    def __init__(self, port: int, token: str, log: Log) -> None:
        self.port, self.token, self.log = port, token, log
        self.pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, what: str, method: str, path: str, body: str = "") -> Answer:
        """Send a request and read the answer; its time is noted under `what`."""
        begun = time.perf_counter()
        answer = await asyncio.wait_for(self._ask(method, path, body), PATIENCE)
        self.log.note(what, time.perf_counter() - begun)
        return answer

    async def _ask(self, method: str, path: str, body: str) -> Answer:
        reader, writer = await self._open()
        writer.write(self._request(method, path, body))
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?im)^content-length: (\d+)", head)
        text = await reader.readexactly(int(length[1])) if length else b""
        place = re.search(r"(?im)^location: (\S+)", head)
        return Answer(int(head.split(" ", 2)[1]), place[1] if place else "", text.decode())

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.pair is None or self.pair[0].at_eof():
            self.pair = await asyncio.open_connection("127.0.0.1", self.port)
        return self.pair

    def _request(self, method: str, path: str, body: str) -> bytes:
        data = body.encode()
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n" if body else ""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
            f"Cookie: qingzai_session={self.token}\r\n{form}\r\n"
        ).encode() + data

    async def send_and_drop(self, path: str, body: str) -> None:
        """Send a form and hang up before the answer: the tunnel that a train goes into."""
        _, writer = await self._open()
        writer.write(self._request("POST", path, body))
        await writer.drain()
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self.pair is not None:
            self.pair[1].close()
            self.pair = None


@dataclass
class Family:
    """Who takes part: token, child, wishes, habit, the number of what was entered beforehand; and what they saw."""

    token: str
    child: int
    wishes: list[int]
    habit: str
    draft: str = ""
    numbers: set[str] = field(default_factory=set)
    line: str = ""
    receipt: tuple[str, ...] = ()


async def enrol(family: Family, port: int, round_id: int, log: Log) -> None:
    """A family's way from the page of the round to the receipt."""
    phone = Phone(port, family.token, log)
    try:
        await phone.ask("round", "GET", f"/enrol/rounds/{round_id}")
        here = f"/enrol/applications/{family.draft}" if family.draft else await _enter(family, phone, round_id)
        form = read_form((await phone.ask("review", "GET", f"{here}/review")).text)
        await _send(family, phone, here, form, log)
        receipt = await phone.ask("receipt", "GET", f"{here}/receipt")
        family.line, family.receipt = read_receipt(receipt.text)
    except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
        log.wrong.append(f"{family.habit}: {type(error).__name__} {error}"[:200])
    finally:
        phone.close()


async def _enter(family: Family, phone: Phone, round_id: int) -> str:
    """Begin, and enter the wishes one by one; the address of the application."""
    begun = await phone.ask("start", "POST", f"/enrol/rounds/{round_id}/start", f"child={family.child}")
    here = _expect(begun, "start").removesuffix("/wishes")
    await phone.ask("wishes", "GET", f"{here}/wishes")
    for wish in family.wishes:
        _expect(await phone.ask("add", "POST", f"{here}/wishes", f"do=add&class_run={wish}"), "add")
        await phone.ask("wishes", "GET", f"{here}/wishes")
    return here


async def _send(family: Family, phone: Phone, here: str, form: str, log: Log) -> None:
    """Send the application, as is the family's habit."""
    where = f"{here}/submit"
    if family.habit == "double":
        other = Phone(phone.port, phone.token, log)
        both = await asyncio.gather(phone.ask("submit", "POST", where, form), other.ask("again", "POST", where, form))
        other.close()
        answers = list(both)
    elif family.habit == "lost":
        await phone.send_and_drop(where, form)
        answers = [await phone.ask("again", "POST", where, form)]
    else:
        answers = [await phone.ask("submit", "POST", where, form)]
    if family.habit == "reloaded":
        anew = read_form((await phone.ask("review", "GET", f"{here}/review")).text)
        answers.append(await phone.ask("again", "POST", where, anew))
    family.numbers = {_expect(answer, "submit").split("/")[3] for answer in answers}


def _expect(answer: Answer, what: str) -> str:
    if answer.status != 303:
        said = re.search(r'role="alert">(.*?)</div>', answer.text, re.S)
        raise ValueError(f"{what} was answered with {answer.status} {said[1] if said else ''}")
    return answer.location.partition("#")[0].partition("?")[0]


def read_form(page: str) -> str:
    """The form of the review page as a browser sends it unchanged: hidden fields and what is ticked."""
    fields = re.findall(r'<input type="hidden" name="(request_key|version)" value="([^"]*)"', page)
    if len(fields) != 2:
        raise ValueError("the form has no request key")
    ticked = re.findall(r'<input type="(?:checkbox|radio)" name="(\w+)" value="([^"]*)" checked', page)
    return urlencode([*fields, *ticked])


def read_receipt(page: str) -> tuple[str, tuple[str, ...]]:
    """The status line of a receipt, and its number and wishes."""
    number = re.search(r'class="number">([\d ]+)<', page)
    line = re.search(r"<p><b>(.*?)</b></p>", page)
    wishes = re.search(r'<ol class="steps">(.*?)</ol>', page, re.S)
    if number is None or line is None or wishes is None:
        raise ValueError("no receipt")
    return line[1], (number[1].replace(" ", ""), *re.findall(r"<li>(.*?)</li>", wishes[1]))
