"""The list of children for staff: only those whom they may open, masked, filtered, paged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from homes import home, lead, site_of
from sqlmodel import Session, col, select
from town import a_round, draft, make_town, office

from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.tables import Role
from registry.enrolment.tables import Application, ApplicationStatus, Place
from registry.errors import NotAllowed, NotFound
from registry.privacy.erasure import erase_child
from registry.privacy.staff import masked_child
from registry.privacy.staff_list import ChildrenPage, children, class_options
from registry.programme import ClassRun, Term


def names(page: ChildrenPage) -> list[tuple[str, list[str]]]:
    return [(line.name, [one.status for one in line.classes]) for line in page.lines]


class Town:
    """East has 张一诺 with a place and 李四五 who applied; west 王五六 with an offer, who wishes for east as well."""

    def __init__(self, session: Session) -> None:
        self.session, self.runs = session, make_town(session)
        its = a_round(session, self.runs)
        self.made = {
            name: draft(session, its, wishes, name)[1]
            for name, wishes in (
                ("张一诺", self.runs[:1]), ("李四五", self.runs[:1]), ("王五六", self.runs[1::-1]),
                ("赵草稿", self.runs[:1]), ("钱退出", self.runs[:1]),
            )
        }  # fmt: skip
        self.set("张一诺", "confirmed", self.runs[0])
        self.set("王五六", "placed", self.runs[1], "offered")
        self.set("李四五", "submitted")
        self.set("钱退出", "withdrawn")
        self.east, self.west = (
            office(session, Role.SITE_COORDINATOR, site_of(session, run)) for run in (self.runs[0], self.runs[1])
        )

    def set(self, name: str, status: str, run: int | None = None, place: str = "confirmed") -> None:
        mine = self.made[name]
        mine.status = status
        self.session.add(mine)
        if run:
            self.session.add(
                Place(application_id=mine.id or 0, class_run_id=run, rank=1, source="draw", status=place,
                      offered_at=clock.now())
            )  # fmt: skip
        self.session.flush()

    def sees(self, actor: Actor, **asked: object) -> list[tuple[str, list[str]]]:
        return names(children(self.session, actor, limit=40, **asked))  # type: ignore[arg-type]


def test_a_coordinator_lists_the_own_site(session: Session) -> None:
    town = Town(session)
    assert town.sees(town.east) == [("张*诺", ["confirmed"]), ("李*五", ["applied"])]
    assert town.sees(town.west) == [("王*六", ["offered"])]
    everybody = [("张*诺", ["confirmed"]), ("李*五", ["applied"]), ("王*六", ["offered"])]
    assert town.sees(office(session)) == everybody
    # The lead of the class has those with a place in it, and not who only wishes for it.
    assert town.sees(lead(session, town.runs[0])) == [("张*诺", ["confirmed"])]


def test_filters_and_pages(session: Session) -> None:
    town = Town(session)
    assert town.sees(town.east, status="applied") == [("李*五", ["applied"])]
    # By pinyin within a class: Li before Zhang.
    assert town.sees(town.east, class_run_id=town.runs[0]) == [("李*五", ["applied"]), ("张*诺", ["confirmed"])]
    assert town.sees(town.east, class_run_id=town.runs[1]) == []
    assert town.sees(town.east, class_run_id=2**40) == []
    second = children(session, town.east, limit=1, offset=1)
    assert (second.total, names(second)) == (2, [("李*五", ["applied"])])
    of_class = children(session, town.east, town.runs[0], limit=1, offset=1)
    assert (of_class.total, names(of_class)) == (2, [("张*诺", ["confirmed"])])
    sites = {option.site for option in class_options(session, town.east)}
    assert (sites, len(class_options(session, office(session)))) == ({"东街少年宫"}, 4)
    assert [option.id for option in class_options(session, lead(session, town.runs[0]))] == [town.runs[0]]


def test_every_listed_child_can_be_opened_and_no_other(session: Session) -> None:
    town = Town(session)
    every = [mine.child_id for mine in town.made.values()]
    for actor in (town.east, town.west, lead(session, town.runs[0])):
        listed = {line.child_id for line in children(session, actor, limit=40).lines}
        opened = set()
        for child_id in every:
            try:
                masked_child(session, actor, child_id)
            except NotFound:
                continue
            opened.add(child_id)
        # A draft can be opened at the site it wishes for, to verify its claim, but stands in no list.
        assert opened - {town.made["赵草稿"].child_id} == listed


def test_what_is_over_or_deleted_is_not_listed(session: Session) -> None:
    mine = home(session)
    staff = office(session, Role.SITE_COORDINATOR, site_of(session, mine.run))
    term = session.get_one(Term, session.get_one(ClassRun, mine.run).term_id)
    term.starts_on, term.ends_on = clock.today() - timedelta(days=20), clock.today() - timedelta(days=7)
    session.flush()
    assert children(session, staff, limit=9).total == 1
    term.ends_on -= timedelta(days=1)
    session.flush()
    assert children(session, staff, limit=9).total == 0
    assert [option.term for option in class_options(session, staff)] == ["第二期"]
    term.ends_on = clock.today() + timedelta(days=9)
    application = session.exec(select(Application).order_by(col(Application.id))).one()
    application.status = ApplicationStatus.COMPLETED.value
    session.flush()
    assert children(session, staff, limit=9).total == 1
    erase_child(session, mine.id, None, "request")
    assert children(session, staff, limit=9).total == 0


def test_who_is_no_staff_of_children_has_no_list(session: Session) -> None:
    mine = home(session)
    for nobody in (mine.parent, office(session, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            children(session, nobody, limit=9)
        with pytest.raises(NotAllowed):
            class_options(session, nobody)
