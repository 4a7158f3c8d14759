"""`qingzai keys …`. Whoever runs these has the database and the file of keys: they ask for no permission."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import BROKEN, INTERRUPTED, err, refusals
from api.commands.database import migrated_engine
from api.speak.privacy import line
from registry.db import session_scope, sessions
from registry.keys import add_key, key_ring, keys_file
from registry.privacy.vault import rotate, versions


def run_add() -> None:
    """Add a key and say which."""
    with refusals():
        migrated_engine().dispose()
        version = add_key(keys_file())
    err(line("key_added", speak.from_environment(), version=version, file=str(keys_file().resolve())))


def run_rotate() -> None:
    """Rewrite with the newest key, telling how far it is."""
    language = speak.from_environment()
    done = 0

    def tell(now: int, total: int) -> None:
        nonlocal done
        done = now
        err(line("key_progress", language, done=now, total=total))

    with refusals():
        engine = migrated_engine()
        try:
            told = rotate(sessions(engine, is_writing=True), tell)
        except KeyboardInterrupt:
            err(line("key_interrupted", language, done=done))
            raise typer.Exit(INTERRUPTED) from None
        finally:
            engine.dispose()
    err(line("key_rotated", language, n=told.done, version=told.version))
    for place, number in told.unreadable or []:
        err(line("key_unreadable", language, place=place, row=number))
    if told.unreadable:
        raise typer.Exit(BROKEN)


def run_status() -> None:
    """One line a key, then what is encrypted with none of them."""
    language = speak.from_environment()
    with refusals():
        engine = migrated_engine()
        with session_scope(engine) as session:
            found = versions(session)
        engine.dispose()
        known = set(key_ring().keys)
    for version in sorted(known | {v for counts in found.values() for v in counts}):
        places = [f"{place} {counts[version]}" for place, counts in found.items() if counts[version]]
        count = sum(counts[version] for counts in found.values())
        code = "key_missing_line" if version not in known else "key_line"
        newest = line("key_newest", language) if version == max(known) else ""
        typer.echo(line(code, language, version=version, n=count, places=places, newest=newest))
    if any(version not in known for counts in found.values() for version in counts):
        raise typer.Exit(BROKEN)
