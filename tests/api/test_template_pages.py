"""Templates of a week through the pages and the interface: kept, used for a later week, removed."""

from __future__ import annotations

import re
from datetime import timedelta

from published import MONDAY
from published_web import Published
from sqlmodel import select

from registry.board.boards import board_of
from registry.db import session_scope
from registry.programme import Term

WEEK, LATER = MONDAY.isoformat(), (MONDAY + timedelta(days=14)).isoformat()


def going_on(week: Published) -> None:
    """The term of the published week goes on for another two."""
    with session_scope(week.engine, is_writing=True) as session:
        for term in session.exec(select(Term)):
            term.ends_on = MONDAY + timedelta(days=14)
            session.add(term)


def test_a_week_is_kept_and_another_begun_from_it(week: Published) -> None:
    going_on(week)
    with week.office() as desk:
        desk.post(f"/board/{WEEK}")
        assert "存为模板" in desk.get(f"/board/{WEEK}").text
        bad = desk.post(f"/board/{WEEK}/template", data={"name": "", "kind": "published"})
        assert (bad.status_code, bad.text.count('class="problem"')) == (422, 1)
        kept = desk.post(f"/board/{WEEK}/template", data={"name": "<常规>周", "kind": "published"}).text
        assert ("已存为模板" in kept, "&lt;常规&gt;周" in kept, "5 个值班" in kept) == (True, True, True)
        [use] = re.findall(r'action="(/board/templates/\d+/use)"', kept)
        assert desk.get(use, params={"day": "x"}).url.path == "/board/templates"
        page = desk.get(use, params={"day": (MONDAY + timedelta(days=16)).isoformat()})
        assert (page.url.path, "5 条可以抄过来" in page.text) == (f"/board/{LATER}/copy", True)
        template = use.split("/")[3]
        desk.post(f"/board/{LATER}/copy", data={"template": template, "revision": ""})
        with session_scope(week.engine) as session:
            board = board_of(session, MONDAY + timedelta(days=14))
            assert board is not None and len(board.roster_json["duties"]) == 5
        assert "还没有模板" in desk.post(f"/board/templates/{template}/remove").text


def test_the_interface_keeps_uses_and_removes(week: Published) -> None:
    going_on(week)
    with week.coordinator("东街少年宫") as desk:
        made = desk.post(f"/api/v1/boards/{WEEK}/templates", json={"name": "常规周", "kind": "published"})
        [told] = desk.get("/api/v1/week-templates").json()
        assert (made.status_code, told["id"], told["name"], told["may_remove"]) == (
            201, made.json()["id"], "常规周", True,
        )  # fmt: skip
        copy = f"/api/v1/boards/{LATER}/copy"
        preview = desk.get(copy, params={"template": told["id"]}).json()
        assert (preview["template"], preview["source"], len(preview["entries"])) == ("常规周", WEEK, told["duties"])
        done = desk.post(copy, json={"template": told["id"]}).json()
        assert done == {"revision": 1, "entries": told["duties"]}
        assert desk.delete(f"/api/v1/week-templates/{told['id']}").status_code == 204
        assert desk.get(copy, params={"template": told["id"]}).status_code == 404
