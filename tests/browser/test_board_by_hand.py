"""The board in a real browser: by mouse, by finger, by keys alone; and what axe-core says of its menus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from board_routes import WEEK, a_board
from everybody import COORDINATOR, World
from served import served
from sqlmodel import delete

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.board.boards import the_board
from registry.board.tables import BoardEdit, RosterBoard
from registry.db import make_engine, session_scope

pytestmark = pytest.mark.browser
NAMES = {"v1": "王一一", "v2": "李二二"}
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"
LEAD_AT_ONE = {"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}


class Table:
    """A small board, and whoever works at it."""

    def __init__(self, world: World, address: str, site: str) -> None:
        self.world, self.address, self.site = world, address, site

    def lay(self, *duties: dict[str, str]) -> None:
        """Put these on the board, and nothing else; nobody has changed anything yet."""
        with session_scope(self.world.engine, is_writing=True) as session:
            board = the_board(session, WEEK)
            session.exec(delete(BoardEdit))
            rows = [{**v, "name": NAMES[v["id"]]} for v in board.problem_json["volunteers"]]
            board.problem_json = {**board.problem_json, "volunteers": rows, "pins": {"duties": [], "lessons": []}}
            board.roster_json = {**board.roster_json, "duties": list(duties), "lessons": []}
            board.revision, board.changed_at = 0, clock.now()

    @property
    def board(self) -> RosterBoard:
        with session_scope(self.world.engine) as session:
            found = the_board(session, WEEK)
            assert found.problem_json and found.roster_json  # Read now: the session ends.
            session.expunge(found)
            return found

    @property
    def places(self) -> set[tuple[str, str, str]]:
        """Who is where."""
        return {(d["volunteer"], d["class"], d["segment"]) for d in self.board.roster_json["duties"]}

    def page(self, browser: Any, **screen: Any) -> Any:
        """The site's page, opened by its coordinator."""
        context = browser.new_context(**screen)
        context.add_cookies([
            {"name": SESSION_COOKIE, "value": self.world.cookies[COORDINATOR], "url": self.address}
        ])  # fmt: skip
        page = context.new_page()
        page.goto(f"{self.address}/board/{WEEK}/sites/{self.site}")
        return page


@pytest.fixture(scope="module")
def table(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    path = tmp_path_factory.mktemp("board") / "qingzai.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    world = World(engine)
    params = a_board(world, COORDINATOR)
    with served(Settings(f"sqlite:///{path}")) as address:
        yield Table(world, address, params["site"])
    engine.dispose()


def middle(page: Any, selector: str) -> tuple[float, float]:
    """A point of something that is free of other zones: near its lower edge."""
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] - 5


def test_the_mouse_drags_from_the_tray_and_onto_somebody_else(browser: Any, table: Table) -> None:
    table.lay(LEAD_AT_ONE)
    page = table.page(browser, viewport={"width": 1440, "height": 1000})
    page.mouse.move(*middle(page, ".spare"))
    page.mouse.down()
    page.mouse.move(*middle(page, 'td[data-zone="cell|c1|1-noon"]'), steps=4)
    said = page.locator('td[data-zone="cell|c1|1-noon"][data-outcome]')
    said.wait_for()
    assert said.get_attribute("data-verdict") == "可以"
    page.mouse.up()
    page.locator("[data-last]").wait_for()
    assert table.places == {("v1", "c1", "1-am"), ("v2", "c1", "1-noon")}
    # Onto somebody else: they change places.
    page.mouse.move(*middle(page, '[data-zone="duty|v1|c1|1-am"]'))
    page.mouse.down()
    page.mouse.move(*middle(page, '[data-zone="duty|v2|c1|1-noon"]'), steps=4)
    page.locator('[data-zone="duty|v2|c1|1-noon"][data-outcome=works]').wait_for()
    page.mouse.up()
    page.locator('[data-zone="duty|v1|c1|1-noon"]').wait_for()
    assert table.places == {("v2", "c1", "1-am"), ("v1", "c1", "1-noon")}
    page.context.close()


def test_a_finger_carries_after_a_long_press_and_scrolls_before(browser: Any, table: Table) -> None:
    table.lay(LEAD_AT_ONE)
    page = table.page(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator('[data-zone="duty|v1|c1|1-am"]').scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    x, y = middle(page, '[data-zone="duty|v1|c1|1-am"]')
    send("touchStart", (x, y))
    send("touchMove", (x, y - 40))
    send("touchEnd")
    page.wait_for_timeout(600)  # Longer than a long press, and the page has come to rest.
    assert page.locator(".ghost").count() == 0
    page.locator('[data-zone="duty|v1|c1|1-am"]').scroll_into_view_if_needed()
    x, y = middle(page, '[data-zone="duty|v1|c1|1-am"]')
    send("touchStart", (x, y))
    page.locator(".ghost").wait_for()
    page.locator('td[data-zone="cell|c1|2-am"][data-outcome=works]').wait_for()
    page.locator('td[data-zone="cell|c1|2-am"]').evaluate("zone => zone.scrollIntoView({block: 'center'})")
    send("touchMove", middle(page, 'td[data-zone="cell|c1|2-am"]'))
    page.locator('td[data-zone="cell|c1|2-am"].over').wait_for()
    send("touchEnd")
    page.locator("[data-last]").wait_for()
    assert table.places == {("v1", "c1", "2-am")}
    page.context.close()


def test_the_keyboard_alone_does_it_all(browser: Any, table: Table) -> None:
    table.lay(LEAD_AT_ONE)
    page = table.page(browser, viewport={"width": 1440, "height": 1000})
    page.locator("[data-stop][tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.zone") == "duty|v1|c1|1-am"
    page.keyboard.press("p")
    page.locator(".pinned").wait_for()
    assert [pin["volunteer"] for pin in table.board.problem_json["pins"]["duties"]] == ["v1"]
    page.keyboard.press("m")
    page.locator("dialog[open] .way-line button").first.focus()
    page.keyboard.press("Enter")
    page.locator("dialog").wait_for(state="hidden")
    assert {v for v, _, _ in table.places} == {"v1"} and ("v1", "c1", "1-am") not in table.places
    page.keyboard.press("u")
    page.locator('[data-zone="duty|v1|c1|1-am"]').wait_for()
    page.locator('[data-zone="duty|v1|c1|1-am"]').focus()
    page.keyboard.press("Delete")
    page.locator('[data-zone="duty|v1|c1|1-am"]').wait_for(state="detached")
    page.keyboard.press("f")
    page.locator("dialog[open] .people-ranked button").first.wait_for()
    page.keyboard.press("Escape")
    assert (table.places, page.evaluate("document.activeElement.closest('td').dataset.zone")) == (
        set(),
        "cell|c1|1-am",
    )
    page.context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_menus_and_arrangements_are_usable_without_seeing_them(browser: Any, table: Table, width: int) -> None:
    import axe_playwright_python

    [script] = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    table.lay(LEAD_AT_ONE, {**LEAD_AT_ONE, "segment": "1-noon"}, {**LEAD_AT_ONE, "volunteer": "v2", "segment": "2-am"})
    page, wrong = table.page(browser, viewport={"width": width, "height": 844}), {}
    here = page.url

    def look(name: str) -> None:
        page.evaluate(script.read_text("utf-8"))
        for found in page.evaluate(f"axe.run(document, {RULES})")["violations"]:
            wrong[f"{name} {found['id']}"] = [node["html"][:150] for node in found["nodes"]][:2]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[f"{name} wider than the screen"] = []

    for by in ("class", "volunteer", "course", "room"):
        page.goto(f"{here}?by={by}")
        look(by)
    page.goto(here)
    for name, link in (("menu", "td .piece"), ("people", "[data-fill]"), ("fix", "dialog a:has-text('怎样最省事')")):
        page.locator(link).first.click()
        page.locator("dialog[open] h1").wait_for()
        look(name)
        if name != "people":
            page.keyboard.press("Escape")
    page.goto(f"{page.url.partition('/sites')[0]}/history")
    look("history")
    page.context.close()
    assert wrong == {}
