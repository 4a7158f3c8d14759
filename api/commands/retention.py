"""`qingzai privacy retention`. Whoever runs it has the database: it asks for no permission."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import err, refusals
from api.commands.database import migrated_engine
from api.speak.privacy import line, rule
from registry.db import session_scope
from registry.privacy.retention import RULES, run_retention


def run(*, is_trial: bool) -> None:
    """Run the rules, or only count, and say what each found."""
    language = speak.from_environment()
    with refusals():
        engine = migrated_engine()
        with session_scope(engine, is_writing=True) as session:
            counts = run_retention(session, None, is_trial=is_trial).counts
        engine.dispose()
    for one in RULES:
        typer.echo(f"{counts[one.code]:>6}  {rule(one.code, one.days, language)}")
    err(line("retention_trial" if is_trial else "retention_done", language, n=sum(counts.values())))
