"""The bar above the pages of the office and of sites: groups, the current one marked, and nothing for who has few."""

from __future__ import annotations

import re

import pytest
from published import ZHANG
from published_web import Published

from api.pages.menu import ADMIN, CARE, ENROL, GROWTH, MENU, OWN, ROSTER, line_at

BAR = re.compile(r'<nav class="sections".*?</nav>', re.DOTALL)


def bar(page: str) -> tuple[list[str], list[str], list[str]]:
    """The groups, the group and the page that are marked."""
    found = BAR.search(page)
    if found is None:
        return [], [], []
    groups = re.findall(r"<a[^>]*>([^<]+)</a>", found[0].split("</ul>")[0])
    return groups, *(re.findall(rf'aria-current="{what}">([^<]+)<', found[0]) for what in ("true", "page"))


def test_the_office_has_every_group_and_sees_where_it_is(week: Published) -> None:
    with week.office() as desk:
        groups = [ROSTER, ENROL, CARE, GROWTH, ADMIN]
        assert bar(desk.get("/office/accounts").text) == (groups, [ADMIN], ["账号和角色"])
        assert bar(desk.get("/office/rounds/new").text) == (groups, [ENROL], ["报名场次"])
        assert bar(desk.get("/board").text) == (groups, [ROSTER], ["排班台"])
        assert bar(desk.get("/office/accounts?lang=en").text)[1:] == (["Administration"], ["Accounts and roles"])
        assert [group for group in groups if f">{group}</h3>" not in desk.get("/me?lang=zh").text] == []


def test_a_coordinator_has_the_groups_with_own_pages_alone(week: Published) -> None:
    with week.coordinator("东街少年宫") as desk:
        groups, here, page = bar(desk.get("/answers").text)
        assert (ROSTER in groups, ADMIN in groups, here, page) == (True, False, [ROSTER], ["谁来谁不来"])


def test_a_volunteer_has_no_bar(week: Published) -> None:
    with week.volunteer(ZHANG) as me:
        assert bar(me.get("/duties").text) == bar(me.get("/attendance").text) == ([], [], [])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/office/rosters/x", "/office/rosters"),
        ("/board", "/board"),
        ("/board/2026-07-06", ""),
        ("/duties", ""),
    ],
)
def test_a_page_belongs_to_a_line(path: str, line: str) -> None:
    assert line_at(path) == line


def test_the_lines_of_a_group_stand_together() -> None:
    order = list(dict.fromkeys(line.group for line in MENU))
    assert order == [OWN, ROSTER, ENROL, CARE, GROWTH, ADMIN]
    assert [line.group for line in MENU] == sorted((line.group for line in MENU), key=order.index)
