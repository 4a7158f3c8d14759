"""Where the sites of a week are, in words. The problem of a week holds no addresses."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, select

from registry.engine.rosters import Problem
from registry.programme import Site


def addresses(session: Session, problem: Problem) -> Mapping[str, str]:
    """Addresses by the site's id in the problem, as they are now; a site that is called otherwise now has none."""
    known = {(f"s{site.id}", site.name): site.address for site in session.exec(select(Site))}
    found = ((site.id, known.get((site.id, site.name), "")) for site in problem.sites)
    return {id_: address for id_, address in found if address}
