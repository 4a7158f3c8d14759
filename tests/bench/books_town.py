"""A district full of notes, photos, attendance and lessons, to measure books with: 350 class runs, 10,000 children."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import Engine, insert
from sqlmodel import Session

from registry.accounts.tables import Account, Role, RoleGrant
from registry.attendance.tables import AttendanceDay, AttendanceEvent
from registry.db import session_scope
from registry.duties.tables import RosteredDuty, RosteredLesson, RosterVersion
from registry.enrolment.tables import Application, EnrolmentRound, Place
from registry.families.tables import Child, Guardian
from registry.growth.files import put_picture
from registry.growth.tables import Observation, ObservationChild, Photo, PhotoChild
from registry.people import Volunteer
from registry.privacy.tables import ConsentRecord
from registry.programme import ClassRun, Course, Season, Site, Term

CLASSES, CHILDREN, PHOTOS_A_CLASS = 350, 10_000, 24
MONDAY = date(2026, 7, 6)
THEN = datetime(2026, 7, 20, tzinfo=UTC)
SEEN = (
    "把三个杯子排成一行，先猜哪个先浮起来，再一个一个放进水里看。", "跑完全程，停下来喝水，又回来参加。",
    "用红色和黄色的纸条卷出了一朵花，说花心要卷紧一点。", "帮忙分餐，把勺子一个一个摆到盘子右边。",
    "主动把材料分给旁边的同伴，然后一起数还差几份。", "一种办法不行，换了一种再试，最后把桥搭到了对面。",
    "自己选了一本书，安静读完，合上以后讲了一遍结尾。", "排队等候，轮到自己才上前，还提醒后面的同伴往后站。",
)  # fmt: skip
DOMAINS = ("moral", "intellect", "physical", "aesthetic", "labour")


def pictures(count: int = 40) -> list[bytes]:
    """Photos of 1,600 points as a phone's would be stored: shapes and noise, about a quarter of a megabyte each."""
    chance, made = random.Random(7), []
    for _ in range(count):
        noise = Image.effect_noise((400, 300), 40).resize((1600, 1200)).convert("RGB")
        pen = ImageDraw.Draw(noise, "RGBA")
        for _ in range(30):
            x, y, size = chance.randrange(1600), chance.randrange(1200), chance.randrange(60, 400)
            pen.ellipse((x, y, x + size, y + size), fill=(*(chance.randrange(256) for _ in range(3)), 200))
        out = BytesIO()
        noise.save(out, "JPEG", quality=82)
        made.append(out.getvalue())
    return made


def make(engine: Engine, classes: int) -> None:
    """The first class runs of the district."""
    shots = pictures()
    with session_scope(engine) as session:
        town = Town(session)
    for run in range(1, classes + 1):
        with session_scope(engine) as session:
            town.class_run(session, run, shots)


class Town:
    """What all class runs share, and one class run after the other."""

    def __init__(self, session: Session) -> None:
        self.chance = random.Random(2026)
        rows: list[Any] = [
            *(Site(id=n, name=f"{n} 号少年宫", subdistrict="一街", longitude=106.4, latitude=29.5)
              for n in range(1, 71)),
            Season(year=2026, name="2026 暑期"),
            Term(id=1, year=2026, name="第一期", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=11)),
            *(Course(id=n, name=f"课程{n:03d} 科学小实验", domain=DOMAINS[n % 5], grade_low=1, grade_high=6)
              for n in range(1, 101)),
            *(Volunteer(id=n, name=f"志愿者{n}", sex="female", born_on=date(2000, 1, 1), kind="teacher",
                        max_segments=5, preferred_segments=3, reach_km=5.0) for n in range(1, 701)),
            Account(id=1, phone="13900000001", name="班主任", created_at=THEN),
            RosterVersion(id=1, week=MONDAY, number=1, problem_json={}, roster_json={}, seed=1, software="x",
                          published_at=THEN),
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        session.add(Guardian(id=1, account_id=1, name="家长", created_at=THEN))
        session.add(EnrolmentRound(id=1, season=2026, number=77, name="第一轮", mode="lottery", opens_at=THEN,
                                   closes_at=THEN + timedelta(days=1)))  # fmt: skip
        session.flush()
        session.add(RoleGrant(account_id=1, role=Role.DISTRICT_OFFICE.value, starts_on=MONDAY, granted_at=THEN))
        self.days = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
        self.next = {"child": 1, "note": 1, "photo": 1}

    def class_run(self, session: Session, run: int, shots: list[bytes]) -> None:
        """28 or 29 children with all that books are made of."""
        session.add(ClassRun(id=run, site_id=1 + run % 70, term_id=1, name=f"{1 + run % 6} 年级 {run} 班",
                             grade_low=1, grade_high=6, capacity=30, min_to_open=15, confirmed=28,
                             parts=["am", "noon", "pm"]))  # fmt: skip
        session.flush()
        first = self.next["child"]
        last = CHILDREN * run // CLASSES
        self.next["child"] = last + 1
        children = list(range(first, last + 1))
        self._children(session, run, children)
        self._days(session, run, children)
        photos = self._photos(session, run, children, shots)
        self._notes(session, run, children, photos)

    def _children(self, session: Session, run: int, children: list[int]) -> None:
        surnames, given = "王李张刘陈杨黄赵吴周徐孙马朱胡", "一诺梓涵宇轩子墨欣怡浩然思远若溪嘉懿"
        name = lambda: self.chance.choice(surnames) + "".join(self.chance.sample(given, 2))  # noqa: E731
        put(session, Child, [
            {"id": n, "name": name(), "sex": "female", "born_on": date(2018, 5, 1), "entry_year": 2024, "school": "x",
             "created_at": THEN, "changed_at": THEN} for n in children
        ])  # fmt: skip
        put(session, Application, [
            {"id": n, "number": f"N{n:07d}", "draw_name": f"d{n}", "round_id": 1, "child_id": n, "guardian_id": 1,
             "weekdays": [1, 2, 3, 4, 5], "status": "confirmed", "created_at": THEN, "changed_at": THEN}
            for n in children
        ])  # fmt: skip
        put(session, Place, [
            {"id": n, "application_id": n, "class_run_id": run, "rank": 1, "source": "draw", "status": "confirmed",
             "offered_at": THEN} for n in children
        ])  # fmt: skip
        put(session, ConsentRecord, [
            {"child_id": n, "guardian_id": 1, "item": "class_photo", "text_id": 1, "text_digest": "x", "at": THEN,
             "is_given": n % 20 != 0} for n in children
        ])  # fmt: skip

    def _days(self, session: Session, run: int, children: list[int]) -> None:

        for index, day in enumerate(self.days):
            number = run * 100 + index
            put(session, AttendanceDay, [{"id": number, "class_run_id": run, "day": day, "alerted": 0}])
            put(session, AttendanceEvent, [
                {"day_id": number, "child_id": n, "number": 1, "key": f"{number}-{n}", "at": THEN, "recorded_at": THEN,
                 "kind": "check_in" if self.chance.random() < 0.93 else "absent", "source": "staff"} for n in children
            ])  # fmt: skip
            put(session, RosteredLesson, [
                {"version_id": 1, "day": day, "slot": slot, "starts_at": clock_time(8 + slot), "class_run_id": run,
                 "ends_at": clock_time(9 + slot), "volunteer_id": 1 + run * 2 % 700,
                 "course_id": 1 + (run * 7 + index * 3 + slot) % 100} for slot in (1, 3, 5, 7)
            ])  # fmt: skip
            put(session, RosteredDuty, [
                {"version_id": 1, "day": day, "part": "am", "starts_at": clock_time(8), "ends_at": clock_time(12),
                 "class_run_id": run, "volunteer_id": 1 + (run * 2 + n) % 700, "role": "assistant" if n else "lead"}
                for n in range(3)
            ])  # fmt: skip

    def _photos(self, session: Session, run: int, children: list[int], shots: list[bytes]) -> list[int]:

        first = self.next["photo"]
        self.next["photo"] += PHOTOS_A_CLASS
        numbers = list(range(first, first + PHOTOS_A_CLASS))
        rows = []
        for number in numbers:
            stored = put_picture(shots[number % len(shots)])
            rows.append({
                "id": number, "class_run_id": run, "day": self.chance.choice(self.days), "uploaded_by": 1,
                "request_key": f"photo {number}", "kind": "work" if number % 6 == 0 else "moment",
                "caption": "搭桥" if number % 2 else "", "file": stored.file, "secret": stored.secret,
                "digest": f"{number:064d}", "width": 1600, "height": 1200, "created_at": THEN, "released_at": THEN,
            })  # fmt: skip
        put(session, Photo, rows)
        shown = [{"photo_id": n, "child_id": c} for n in numbers if n % 6 for c in self.chance.sample(children, 3)]
        put(session, PhotoChild, shown)
        return numbers

    def _notes(self, session: Session, run: int, children: list[int], photos: list[int]) -> None:

        notes, tied = [], []
        for child in children:
            for _ in range(self.chance.choice((0, 2, 4, 6, 6, 8))):
                number = self.next["note"]
                self.next["note"] += 1
                notes.append({
                    "id": number, "class_run_id": run, "day": self.chance.choice(self.days), "author_id": 1,
                    "request_key": f"note {number}", "course_id": 1 + number % 100, "seen": self.chance.choice(SEEN),
                    "domain": self.chance.choice(DOMAINS), "understood": SEEN[number % 8] if number % 3 == 0 else "",
                    "support": "", "phrase": "tries_ways" if number % 4 == 0 else None, "status": "released",
                    "warnings": [], "photo_id": self.chance.choice(photos) if number % 5 == 0 else None,
                    "created_at": THEN, "changed_at": THEN, "review_words": "",
                })  # fmt: skip
                tied.append({"observation_id": number, "child_id": child})
        put(session, Observation, notes)
        put(session, ObservationChild, tied)


def put(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Many rows at once."""
    if rows:
        session.execute(insert(table), rows)
