"""Publishing a draw: places, waitlists, what each family is told, and the public notice, all of it or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, insert, select, update

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.accounts.tables import Account, OutboxMessage
from registry.conventions.names import mask_name
from registry.enrolment.draws import DONE, PUBLISHED, draw_by_id
from registry.enrolment.frozen import IN_THE_DRAW, class_id, names_in_draw
from registry.enrolment.rounds import find_round
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ApplicationStatus,
    ClassDay,
    Draw,
    EnrolmentRound,
    Place,
    PlaceStatus,
    PublicNotice,
    WaitlistEntry,
)
from registry.errors import Conflict, Refused
from registry.families.reads import HELD
from registry.families.tables import Child, Guardian
from registry.programme import ClassRun, Season, Site

Row = dict[str, Any]


@dataclass(frozen=True)
class Effect:
    """What publishing would do, told before it is done."""

    placed: int
    first_wish: int
    waiting: int
    without: int
    classes_open: int
    classes_closed: int
    level_of: dict[str, tuple[int, int]]
    is_proven: bool


def effect(session: Session, actor: Actor, draw_id: int) -> Effect:
    """What publishing this draw would do.

    Raises:
        NotAllowed, NotFound; Conflict: `draw_not_done`.
    """
    require(actor, Action.RUN_DRAW, ANYWHERE)
    found = draw_by_id(session, draw_id)
    if found.result_json is None:
        raise Conflict("draw_not_done", draw=draw_id)
    result, reasons = found.result_json, found.reasons_json or {}
    codes = Counter(reason["code"] for reason in reasons.values())
    waiting = {child for names in result["waitlists"].values() for child in names}
    held = {place["child"] for place in result["places"]}
    opened = {place["class"] for place in result["places"]}
    return Effect(
        placed=len(held),
        first_wish=codes["first_wish"],
        waiting=len(waiting - held),
        without=len(set(reasons) - held - waiting),
        classes_open=len(opened),
        classes_closed=len({line["id"] for line in found.problem_json["frozen"]["classes"]} - opened),
        level_of={level["name"]: (level["value"], level["bound"]) for level in result["result"]["levels"]},
        is_proven=result["result"]["status"] == "optimal",
    )


def publish_draw(session: Session, actor: Actor, draw_id: int) -> Draw:
    """Give the places, fill the waitlists, tell every family, and put up the notice.

    Raises:
        NotAllowed, NotFound; Conflict: `draw_not_done`, `draw_published`; Refused: `confirm_by_passed`.
    """
    require(actor, Action.PUBLISH_DRAW, ANYWHERE)
    found = draw_by_id(session, draw_id)
    if found.status != DONE or found.result_json is None:
        raise Conflict("draw_published" if found.status == PUBLISHED else "draw_not_done", draw=draw_id)
    round_ = find_round(session, found.round_id)
    taken = session.connection().execute(
        update(Draw).where(col(Draw.id) == draw_id, col(Draw.status) == DONE).values(status=PUBLISHED)
    )
    if taken.rowcount != 1:
        raise Conflict("draw_published", draw=draw_id)
    session.refresh(found)
    _Publication(session, found, round_, actor).run()
    return found


class _Publication:
    """One publication: what it writes, table by table."""

    def __init__(self, session: Session, found: Draw, round_: EnrolmentRound, actor: Actor) -> None:
        self.session, self.draw, self.round, self.actor = session, found, round_, actor
        self.now = clock.now()
        self.answer_by = round_.confirm_by or self.now + timedelta(hours=round_.offer_hours)
        if self.answer_by <= self.now:
            raise Refused("confirm_by_passed", at=self.answer_by.isoformat())
        self.result: Row = found.result_json or {}
        applied = select(Application).where(Application.round_id == round_.id, col(Application.status).in_(IN_THE_DRAW))
        applications = list(session.exec(applied))
        name = names_in_draw(session, round_.season, [a.child_id for a in applications])
        self.application = {name[a.child_id]: a for a in applications}

    def run(self) -> None:
        """All of it, within the caller's unit of work."""
        placed, waiting = self._places(), self._waitlists()
        self._statuses(placed, waiting)
        self._notice(placed)
        self.draw.published_at, self.draw.published_by_id = self.now, self.actor.account_id
        self.round.published_at = self.now
        self.session.add_all([self.draw, self.round])
        season = self.session.get_one(Season, self.round.season)
        season.draw_seed = season.draw_seed or self.draw.seed
        self.session.add(season)
        self.session.flush()

    def _places(self) -> dict[str, list[Row]]:
        """The new places, by the child's name in the draw; what was held before stays as it is."""
        before = self._held_before()
        rows: dict[str, list[Row]] = defaultdict(list)
        taken: Counter[tuple[int, int]] = Counter()
        for place in self.result["places"]:
            application, run = self.application.get(place["child"]), class_id(place["class"])
            if application is None or (application.child_id, run) in before:
                continue
            rows[place["child"]].append(self._place(application, run, place["rank"]))
            taken.update((run, day) for day in application.weekdays)
        self._insert(Place, [row for own in rows.values() for row in own])
        self._take(taken)
        return rows

    def _place(self, application: Application, run: int, rank: int) -> Row:
        return {
            "application_id": application.id, "class_run_id": run, "rank": rank, "source": "draw",
            "status": PlaceStatus.OFFERED.value, "offered_at": self.now, "answer_by": self.answer_by,
        }  # fmt: skip

    def _held_before(self) -> set[tuple[int, int]]:
        rows = (
            select(Application.child_id, Place.class_run_id)
            .join(Place, col(Place.application_id) == Application.id)
            .where(col(Place.status).in_(HELD))
        )
        return set(self.session.exec(rows))

    def _take(self, taken: Counter[tuple[int, int]]) -> None:
        """Count the seats; the table's own check refuses one too many."""
        by_run: dict[int, dict[int, int]] = defaultdict(dict)
        for (run, day), n in taken.items():
            by_run[run][day] = n
        for run, days in by_run.items():
            more = case(*((ClassDay.weekday == day, n) for day, n in days.items()), else_=0)  # type: ignore[arg-type]
            self.session.connection().execute(
                update(ClassDay).where(col(ClassDay.class_run_id) == run).values(taken=col(ClassDay.taken) + more)
            )

    def _waitlists(self) -> dict[str, list[Row]]:
        """The first of every waitlist, as many as the round keeps."""
        rows: dict[str, list[Row]] = defaultdict(list)
        last = self._last_positions()
        for name, children in self.result["waitlists"].items():
            ours = [child for child in children if child in self.application][: self.round.waitlist_length]
            for position, child in enumerate(ours, start=last.get(class_id(name), 0) + 1):
                rows[child].append(self._entry(child, class_id(name), position))
        self._insert(WaitlistEntry, [row for own in rows.values() for row in own])
        return rows

    def _last_positions(self) -> dict[int, int]:
        """The last position of each waitlist that an earlier round has left: those who stand there stay ahead."""
        highest = select(WaitlistEntry.class_run_id, func.max(WaitlistEntry.position))
        return dict(self.session.exec(highest.group_by(col(WaitlistEntry.class_run_id))).all())

    def _entry(self, child: str, run: int, position: int) -> Row:
        rank = next((w["rank"] for w in self._reason(child)["unmet"] if class_id(w["class"]) == run), 0)
        return {
            "class_run_id": run, "application_id": self.application[child].id, "rank": rank,
            "position": position, "state": "waiting", "changed_at": self.now,
        }  # fmt: skip

    def _reason(self, child: str) -> Row:
        return (self.draw.reasons_json or {})[child]  # type: ignore[no-any-return]

    def _statuses(self, placed: dict[str, list[Row]], waiting: dict[str, list[Row]]) -> None:
        of_status: dict[str, list[int]] = defaultdict(list)
        events, messages, told = [], [], self._phones()
        for child, application in self.application.items():
            status, code, facts = self._outcome(placed.get(child, []), waiting.get(child, []))
            of_status[status].append(application.id or 0)
            events.append(self._event(application, code, facts))
            phone, language = told[application.guardian_id]
            messages.append(self._message(phone, language, code, {**facts, "number": application.number}))
        for status, ids in of_status.items():
            for some in _slices(ids):
                self.session.connection().execute(
                    update(Application)
                    .where(col(Application.id).in_(some))
                    .values(status=status, changed_at=self.now, version=col(Application.version) + 1)
                )
        self._insert(ApplicationEvent, events)
        self._insert(OutboxMessage, messages)
        self.session.expire_all()

    def _outcome(self, places: list[Row], entries: list[Row]) -> tuple[str, str, Row]:
        if places:
            facts = {"class_runs": [p["class_run_id"] for p in places], "answer_by": self.answer_by.isoformat()}
            return ApplicationStatus.PLACED.value, "draw_placed", facts
        if entries:
            positions = {str(e["class_run_id"]): e["position"] for e in entries}
            return ApplicationStatus.WAITLISTED.value, "draw_waitlisted", {"positions": positions}
        return ApplicationStatus.ELIGIBLE.value, "draw_not_placed", {}

    def _event(self, application: Application, code: str, facts: Row) -> Row:
        return {
            "application_id": application.id, "at": self.now, "code": code, "facts": facts,
            "account_id": self.actor.account_id,
        }  # fmt: skip

    def _message(self, phone: str, language: str, code: str, facts: Row) -> Row:
        return {
            "phone": phone, "code": code, "facts": facts, "language": language, "created_at": self.now, "tries": 0,
        }  # fmt: skip

    def _phones(self) -> dict[int, tuple[str, str]]:
        rows = select(Guardian.id, Account.phone, Account.language).join(
            Account, col(Account.id) == Guardian.account_id
        )
        return {guardian: (phone, language) for guardian, phone, language in self.session.exec(rows) if guardian}

    def _notice(self, placed: dict[str, list[Row]]) -> None:
        """Masked name, class and number, sorted by class and number; nothing of tiers or groups."""
        names = {child.id: child.name for child in self.session.exec(select(Child))}
        classes = {
            run.id: f"{site.name} {run.name}"
            for run, site in self.session.exec(select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id))
        }
        rows = [
            {
                "name": mask_name(names[self.application[child].child_id]),
                "class": classes[place["class_run_id"]],
                "number": self.application[child].number,
            }
            for child, own in placed.items()
            for place in own
        ]
        rows.sort(key=lambda row: (row["class"], row["number"]))
        self.session.add(PublicNotice(round_id=self.round.id or 0, rows=rows, published_at=self.now))

    def _insert(self, table: type[Any], rows: list[Row]) -> None:
        if rows:
            self.session.connection().execute(insert(table), rows)


def _slices(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    """In pieces: SQLite takes a limited number of values in one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
