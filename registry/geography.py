"""Where things are: degrees to kilometres on a plane, and homes from sub-districts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from registry.programme import Site

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

Point = tuple[float, float]


class Plane:
    """Equirectangular kilometres about the mean site: x to the east, y to the north.

    Good to a few metres over a district. `home(name)` is the mean of the sites of a sub-district.
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        count = max(1, len(sites))
        self._longitude = sum(s.longitude for s in sites) / count
        self._latitude = sum(s.latitude for s in sites) / count
        self._homes: dict[str, Point] = {}
        by_subdistrict: dict[str, list[Point]] = defaultdict(list)
        for site in sites:
            by_subdistrict[site.subdistrict].append(self.at(site))
        for name, points in by_subdistrict.items():
            self._homes[name] = tuple(sum(axis) / len(points) for axis in zip(*points, strict=True))

    def at(self, site: Site) -> Point:
        """A site's place, rounded to the millimetre so that it is written alike everywhere."""
        return self.point(site.longitude, site.latitude)

    def point(self, longitude: float, latitude: float) -> Point:
        """Any place, in the same way."""
        x = math.radians(longitude - self._longitude) * math.cos(math.radians(self._latitude))
        y = math.radians(latitude - self._latitude)
        return round(x * EARTH_KM, 6), round(y * EARTH_KM, 6)

    def home(self, subdistrict: str) -> Point | None:
        """The home of somebody who lives in that sub-district, None where no site is in it."""
        found = self._homes.get(subdistrict)
        return None if found is None else (round(found[0], 6), round(found[1], 6))
