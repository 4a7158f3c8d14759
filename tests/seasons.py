"""A small season for tests of enrolment: two sites, classes, families, a round that has closed, an office."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar

from sqlmodel import Session

from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Account, Role
from registry.enrolment.tables import Application, ClassDay, EnrolmentRound, PriorityGroup, RoundClass, Wish
from registry.families.tables import Child, Guardian, Guardianship
from registry.programme import ClassRun, Season, Site, Term

T = TypeVar("T")
LONG_AGO = datetime(2026, 5, 1, tzinfo=UTC)
CLOSED = datetime(2026, 5, 20, tzinfo=UTC)


@dataclass
class SmallSeason:
    """Makes rows in a session; every name is a number that counts up."""

    session: Session
    numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.add(Season(year=2026, name="2026 暑期"))
        self.site = self.add(Site(name="甲点位", subdistrict="一街", longitude=106.5, latitude=29.5))
        self.term = self.add(Term(year=2026, name="第一期", starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 17)))
        self.round = self.add(
            EnrolmentRound(
                season=2026, number=1, name="第一轮", mode="lottery", opens_at=LONG_AGO, closes_at=CLOSED,
                seed_secret="a secret that nobody can guess, 2026", announced_at=LONG_AGO,
                confirm_by=datetime(2100, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
        self.add(PriorityGroup(code="test_first", name_zh="先", name_en="first", tier=0))
        office = self.account()
        self.office = Actor(office.id or 0, "office", (Held(Role.DISTRICT_OFFICE),))

    def add(self, row: T) -> T:
        """Store a row, so that it has its number."""
        self.session.add(row)
        self.session.flush()
        return row

    def account(self) -> Account:
        """Somebody with a phone of their own."""
        return self.add(Account(phone=f"138{next(self.numbers):08d}", name="某人", created_at=LONG_AGO))

    def class_run(self, places: int, least: int = 0, name: str | None = None) -> ClassRun:
        """A class run of the round for grades 1 to 6."""
        name = name or f"{next(self.numbers)}班"
        run = self.add(
            ClassRun(
                site_id=self.site.id or 0, term_id=self.term.id or 0, name=name, grade_low=1, grade_high=6,
                capacity=places, min_to_open=least, confirmed=0, parts=["am"],
            )
        )  # fmt: skip
        self.offer(self.round, run, places, least)
        for day in range(1, 6):
            self.add(ClassDay(class_run_id=run.id or 0, weekday=day, places=places))
        return run

    def offer(self, round_: EnrolmentRound, run: ClassRun, places: int, least: int = 0) -> None:
        """The round gives places of the class run."""
        self.add(RoundClass(round_id=round_.id or 0, class_run_id=run.id or 0, places=places, min_to_open=least))

    def child(self, guardian: Guardian | None = None, name: str = "张小丰", entry_year: int = 2024) -> Child:
        """A child, of a guardian of its own unless one is given."""
        guardian = guardian or self.guardian()
        made = self.add(
            Child(
                name=name, sex="female", born_on=date(2018, 3, 1), entry_year=entry_year,
                created_at=LONG_AGO, changed_at=LONG_AGO,
            )
        )  # fmt: skip
        self.add(
            Guardianship(child_id=made.id or 0, guardian_id=guardian.id or 0, relation="mother", created_at=LONG_AGO)
        )
        self.guardian_of = {**getattr(self, "guardian_of", {}), made.id: guardian}
        return made

    def guardian(self) -> Guardian:
        """A guardian with an account."""
        return self.add(Guardian(account_id=self.account().id or 0, name="家长", created_at=LONG_AGO))

    def apply(
        self, child: Child, *runs: ClassRun, round_: EnrolmentRound | None = None, **changes: object
    ) -> Application:
        """A submitted application with these wishes, best first."""
        number = next(self.numbers)
        fields = {
            "number": f"N{number:05d}", "round_id": (round_ or self.round).id, "child_id": child.id,
            "guardian_id": self.guardian_of[child.id].id, "status": "submitted", "weekdays": [1, 2, 3, 4, 5],
            "created_at": LONG_AGO, "submitted_at": LONG_AGO, "changed_at": LONG_AGO,
        }  # fmt: skip
        made = self.add(Application(**{**fields, **changes}))
        for rank, run in enumerate(runs, start=1):
            self.add(Wish(application_id=made.id or 0, rank=rank, class_run_id=run.id or 0))
        return made
