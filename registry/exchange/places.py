"""Places that volunteers name: where they live, where they would like to be, where they will not go."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from registry.exchange import cells
from registry.exchange.cells import key
from registry.exchange.sheets import Row
from registry.geography import Plane
from registry.programme import Site

_REFUSAL = re.compile(r"(?:不愿意?|不想|不肯|不能|不便|不|拒绝|勿)(?:再)?(?:去|到|前往|安排到?|派往)(.+)")


class Places:
    """Sites and sub-districts by name, and distances between them."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._plane = Plane(sites)
        self._sites = {key(site.name): site for site in sites}
        self._by_id = {site.id: site for site in sites}
        self._subdistricts = {key(site.subdistrict): site.subdistrict for site in sites}
        for name in list(self._subdistricts.values()):
            self._subdistricts.setdefault(_short(name), name)

    def home(self, row: Row) -> str:
        """The sub-district somebody lives in, spelt as the sites spell it. Unknown ones are reported."""
        written = row.want("home", cells.text(50), "")
        known = self._subdistrict(written)
        if written and known is None:
            row.say("subdistrict_unknown", "home")
        return known or written

    def preferred(self, row: Row) -> set[int]:
        """Ids of the sites somebody would like to be at."""
        found = set()
        for name in row.names("preferred_sites"):
            site = self._sites.get(key(name))
            if site is None:
                row.say("site_unknown", "preferred_sites", severity="warning", name=name)
            else:
                found.add(_id(site))
        return found

    def bans(self, row: Row) -> set[tuple[int, str]]:
        """Ids of the sites that the remark refuses, with the remark. Every reading is reported."""
        remark = row.may("remark", cells.text(500), "")
        found: set[tuple[int, str]] = set()
        for clause in re.split(r"[,;。.\n]", cells.plain(remark)):
            refusal = _REFUSAL.search(clause)
            for name in re.split("[、和及或/]", refusal[1]) if refusal else []:
                found |= {(_id(site), remark) for site in self._refused(row, name.strip())}
        return found

    def _refused(self, row: Row, name: str) -> list[Site]:
        """The sites that a refused name means: one site, or all of a sub-district."""
        subdistrict = self._subdistrict(name)
        sites = [s for s in self._sites.values() if s.subdistrict == subdistrict]
        if key(name) in self._sites:
            sites = [self._sites[key(name)]]
        if sites:
            row.say("ban_interpreted", "remark", place=subdistrict or name, sites=len(sites))
        else:
            row.say("ban_place_unknown", "remark", place=name)
        return sites

    def distance_km(self, subdistrict: str, site_id: int) -> float | None:
        """From a home in a sub-district to a site, None without a known home."""
        home = self._plane.home(subdistrict)
        return None if home is None else math.dist(home, self._plane.at(self._by_id[site_id]))

    def nearest_km(self, subdistrict: str) -> float | None:
        """From a home to the nearest site."""
        distances = [self.distance_km(subdistrict, _id(site)) for site in self._sites.values()]
        return min((d for d in distances if d is not None), default=None)

    def site_name(self, site_id: int) -> str:
        """A site's name."""
        return self._by_id[site_id].name

    def _subdistrict(self, name: str) -> str | None:
        return self._subdistricts.get(key(name)) or self._subdistricts.get(_short(name))


def _short(name: str) -> str:
    """A sub-district's name without what kind of one it is."""
    return re.sub("(?:街道|镇|乡|街)$", "", key(name))


def _id(site: Site) -> int:
    assert site.id is not None
    return site.id
