"""How long the books of a district take, and how much memory.

`python tests/bench/books.py make FOLDER [CLASSES]` makes the district; `run FOLDER` makes all its handbooks and memory
books as PDFs, by the task that a batch is, and then each of them as a web page. `run` may be interrupted and begun
again: what is made is not made again. What it found goes to standard output.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from sqlmodel import Session, col, func, select


def environment(folder: Path) -> str:
    """Everything lies in one folder; the database's address."""
    url = f"sqlite:///{folder.resolve()}/books.db"
    os.environ |= {
        "QINGZAI_DATABASE_URL": url, "QINGZAI_KEYS_FILE": str(folder / "keys"),
        "QINGZAI_PHOTOS": str(folder / "photos"), "QINGZAI_BOOKS": str(folder / "books"),
    }  # fmt: skip
    return url


def make(url: str, classes: int) -> None:
    """The district."""
    from books_town import make as make_town

    from registry.db import make_engine, migrate

    migrate(url)
    make_town(make_engine(url), classes)


class Watch:
    """The memory of all processes below this one, looked at twice a second: the largest sum, and the largest one."""

    def __init__(self) -> None:
        self.most, self.most_of_one, self._over = 0, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            sizes = [_megabytes(pid) for pid in _below(os.getpid())]
            self.most, self.most_of_one = max(self.most, sum(sizes)), max(self.most_of_one, *sizes, 0)


def _below(parent: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *_below(int(child))]
    return found


def _megabytes(pid: int) -> int:
    """The proportional share where the system tells it, so that what processes share counts once."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) // 1024
    except OSError:
        pass
    return 0


def bind(url: str) -> None:
    """The PDFs: one batch of the whole district, or what is left of it."""
    from api.supervise import run_task
    from registry import clock
    from registry.accounts.permissions import actor_of
    from registry.accounts.tables import Account
    from registry.books.batches import ask_batch, batch_progress, batches
    from registry.db import make_engine, session_scope
    from registry.tasks.queue import waiting

    engine = make_engine(url)
    with session_scope(engine) as session:
        office = actor_of(session, session.get_one(Account, 1), clock.today())
        if not waiting(session):
            ask_batch(session, office, None)
        (task,) = waiting(session)
    began = time.monotonic()
    with Watch() as watch:
        run_task(url, task, threading.Event())
    seconds = time.monotonic() - began
    with session_scope(engine) as session:
        newest = batches(session, office)[0].batch.id or 0
        found = batch_progress(session, office, newest)
        print(f"batch {found.batch.status}: {found.finished} of {found.parts} classes, {found.made} made, "
              f"{found.kept} kept, {len(found.failed)} failed {found.failed[:3]}")  # fmt: skip
        each, rate = 1000 * seconds / max(1, found.made), found.made / seconds
        print(f"{seconds:.1f} s, {each:.1f} ms a book, {rate:.1f} books a second")
        print(f"memory of all processes {watch.most} MB, of the largest {watch.most_of_one} MB")
        _sizes(session)


def _sizes(session: Session) -> None:
    from registry.books.tables import Book

    wanted = select(Book.kind, func.count(), func.sum(Book.pdf_size), func.max(Book.pdf_size)).group_by(col(Book.kind))
    for kind, count, total, largest in session.exec(wanted):
        print(f"{kind}: {count}, together {total / 1e9:.2f} GB, {total / count / 1024:.0f} KB each, the largest "
              f"{largest / 1024:.0f} KB")  # fmt: skip


def pages(url: str, classes: int) -> None:
    """Every book of some class runs as the HTML of its page, in one process, class by class."""
    from api.pages import catalogue
    from api.pages.books_parts import book_words, drawn
    from api.pages.render import environment as jinja
    from api.prints import drawings
    from registry.books.facts import class_facts
    from registry.books.opening import contents
    from registry.db import make_engine, session_scope

    engine, count, size = make_engine(url), 0, 0
    spent = {"facts": 0.0, "contents": 0.0, "html": 0.0}
    for run in range(1, classes + 1):
        with session_scope(engine) as session:
            began = time.monotonic()
            facts = class_facts(session, run)
            spent["facts"] += time.monotonic() - began
            for child in (None, *facts.children):
                began = time.monotonic()
                content = contents(facts, child, None)[0]
                spent["contents"] += time.monotonic() - began
                began = time.monotonic()
                frame = {
                    "language": "zh", "path": "/", "query": _Query(), "status": 200, "reader": None, "is_known": True,
                    "is_open": False, "photos": "/photos", "back": "/", "family": None, "book": content,
                    "sun": drawings.sun(), **drawn(content, "zh"), **book_words("zh"),
                }  # fmt: skip
                with catalogue.speaking("zh"):
                    size += len(jinja().get_template(f"books/{content['kind']}.html").render(**frame))
                spent["html"] += time.monotonic() - began
                count += 1
    told = ", ".join(f"{name} {1000 * seconds / count:.2f} ms" for name, seconds in spent.items())
    print(f"{count} pages, each: {told}; {size // count} characters")


class _Query:
    def but(self, **_: object) -> str:
        return "?"


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    wanted, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    address = environment(folder)
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 350
    if wanted == "make":
        make(address, number)
    elif wanted == "run":
        bind(address)
    else:
        pages(address, number)
