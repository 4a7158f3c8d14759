"""The sample's notes: enough for a handbook, two quiet children, pictures, and somebody without consent in one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry.demo.children import class_with_children
from registry.demo.notes import DOUBTFUL, make_notes
from registry.families.classes import children_of_class
from registry.growth.coverage import class_coverage
from registry.growth.language import check_language
from registry.growth.reads import class_photos, photos_of_child, picture, released_notes
from registry.growth.tables import Observation
from registry.programme import ClassRun, Term


def test_the_sample_has_notes_and_pictures(made_up: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QINGZAI_PHOTOS", str(tmp_path / "photos"))
    with Session(made_up) as session:
        run = class_with_children(session) or 0
        made = make_notes(session)
        children = children_of_class(session, run)
        told = Counter(child for note in released_notes(session, run) for child in note.child_ids)
        assert (made > 60, make_notes(session), told[children[0].id or 0], told[children[1].id or 0]) == (True, 0, 0, 1)
        assert min(told[child.id or 0] for child in children[2:]) >= 4
        photos = class_photos(session, run)
        assert len(photos) >= 14 and sum(not photo.is_usable for photo in photos) == 1
        assert picture(session, photos[0].id)[:3] == b"\xff\xd8\xff"
        assert any(photos_of_child(session, run, child.id or 0) for child in children)
        found = [note.seen for note in session.exec(select(Observation)) if check_language({"seen": note.seen})]
        assert found == list(DOUBTFUL)
        last = session.get_one(Term, session.get_one(ClassRun, run).term_id).ends_on
        assert class_coverage(session, run, last).rows[0].child.id == children[0].id
        session.rollback()
