"""Lines and rows of certificates for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlmodel import Session, select

from registry import clock
from registry.accounts.tables import Account, RoleGrant
from registry.attendance.tables import ServiceStay
from registry.certificates.codes import new_code
from registry.certificates.tables import Certificate
from registry.clock import SHANGHAI
from registry.db import session_scope
from registry.families.tables import Child, Guardian, Guardianship
from registry.insurance.tables import InsuranceList
from registry.people import Volunteer
from registry.programme import ClassRun, Site, Term

T = TypeVar("T")
Params = dict[str, Any]
SAYS = {
    "term": "旧", "year": 2020, "first": "2020-07-06", "last": "2020-07-07", "days": 2, "hours": 6.5, "sites": ["甲"],
    "organisation": "", "issuer": "办公室", "issuer_en": "Office",
}  # fmt: skip
TAKES_PART = {**SAYS, "class_run": "一班", "site": "甲", "held": 2, "attended": 2, "courses": []}


class CertificateRows:
    """Makes certificates, and terms of service, for the role that asks."""

    def __init__(self, guardian: str, volunteer: str, lead: str, coordinator: str, elsewhere: str) -> None:
        self.volunteer, self.guardian, self.lead = volunteer, guardian, lead
        self.coordinator, self.elsewhere = coordinator, elsewhere

    def own(self, world: Any, role: str) -> Params:
        """A volunteer's own, a child's for its guardian and its class; the office has all."""
        with session_scope(world.engine) as session:
            if role in (self.guardian, self.lead, self.coordinator, self.elsewhere):
                return {"certificate_id": self._childs(session, world, role), "id": self._childs(session, world, role)}
            mine = session.get_one(Account, world.ids[self.volunteer]).volunteer_id or 0
            made = [_of_volunteer(session, mine) for _ in range(2)]
            return {"certificate_id": made[0], "id": made[1]}

    def others(self, world: Any, _role: str) -> Params:
        """A volunteer's of whom nobody here is one."""
        with session_scope(world.engine) as session:
            made = [_of_volunteer(session, _somebody(session)) for _ in range(2)]
            return {"certificate_id": made[0], "id": made[1]}

    def _childs(self, session: Session, world: Any, role: str) -> int:
        guardian = session.exec(select(Guardian).where(Guardian.account_id == world.ids[self.guardian])).one()
        child = _child_of(session, guardian.id or 0)
        site = self._site(session, role)
        led = session.exec(select(RoleGrant).where(RoleGrant.account_id == world.ids[self.lead])).first()
        number = led.class_run_id if led is not None and role == self.lead else _run(session, site).id
        return _add(session, kind="participation", child_id=child, class_run_id=number, facts=TAKES_PART)

    def own_class(self, world: Any, role: str) -> Params:
        """The class that the lead has, or one of the own site."""
        with session_scope(world.engine) as session:
            grant = select(RoleGrant).where(RoleGrant.account_id == world.ids[self.lead])
            led = session.exec(grant).first()
            if role == self.lead and led is not None:
                return {"class_run_id": led.class_run_id, "kind": "csv"}
            return {"class_run_id": _run(session, self._site(session, role)).id, "kind": "csv"}

    def others_class(self, world: Any, _role: str) -> Params:
        """A class of a site that nobody here coordinates."""
        with session_scope(world.engine) as session:
            found = session.exec(select(Site).where(Site.name == "丁点位")).first() or _added(
                session, Site(name="丁点位", subdistrict="四街", longitude=106.6, latitude=29.6)
            )
            return {"class_run_id": _run(session, found).id, "kind": "csv"}

    def _site(self, session: Session, role: str) -> Site:
        return session.exec(select(Site).where(Site.name == ("乙点位" if role == self.elsewhere else "甲点位"))).one()

    def term(self, world: Any, _role: str) -> Params:
        """A term in the past with somebody's stay."""
        with session_scope(world.engine) as session:
            term, who = _term(session), _somebody(session)
            site, day = session.exec(select(Site)).first(), date(2020, 7, 6)
            at = datetime.combine(day, time(8), SHANGHAI)
            _added(session, ServiceStay(
                volunteer_id=who, site_id=site.id or 0 if site else 0, day=day, key=f"served {next(world.numbers)}",
                came_at=at, left_at=at.replace(hour=10), recorded_at=clock.now(),
            ))  # fmt: skip
            return {"term_id": term.id, "body": {"volunteer": str(who)}}


def _child_of(session: Session, guardian_id: int) -> int:
    now = clock.now()
    made = Child(name="张小丰", sex="female", born_on=date(2018, 3, 1), entry_year=2024, created_at=now, changed_at=now)
    number = _added(session, made).id or 0
    kin = Guardianship(child_id=number, guardian_id=guardian_id, relation="mother", created_at=now)
    return _added(session, kin).child_id


def _somebody(session: Session) -> int:
    made = Volunteer(name="某志愿者", sex="male", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                     preferred_segments=3, reach_km=5.0)  # fmt: skip
    return _added(session, made).id or 0


def _term(session: Session) -> Term:
    found = session.exec(select(Term).where(Term.name == "旧")).first()
    return found or _added(session, Term(year=2020, name="旧", starts_on=date(2020, 7, 6), ends_on=date(2020, 7, 17)))


def _run(session: Session, site: Site) -> ClassRun:
    term = _term(session)
    found = session.exec(select(ClassRun).where(ClassRun.site_id == site.id, ClassRun.term_id == term.id)).first()
    return found or _added(
        session,
        ClassRun(site_id=site.id or 0, term_id=term.id or 0, name="一班", grade_low=1, grade_high=6, capacity=2,
                 min_to_open=0, confirmed=0, parts=["am"]),
    )  # fmt: skip


def _of_volunteer(session: Session, volunteer_id: int) -> int:
    return _add(session, kind="service", volunteer_id=volunteer_id, facts=SAYS)


def _add(session: Session, **more: Any) -> int:
    numbers = session.exec(select(Certificate.number).where(Certificate.year == 2020)).all()
    made = Certificate(year=2020, number=max(numbers, default=0) + 1, code=new_code(), term_id=_term(session).id or 0,
                       holder="某人", issued_on=date(2020, 7, 20), issued_at=clock.now(), **more)  # fmt: skip
    return _added(session, made).id or 0


def _added(session: Session, row: T) -> T:
    session.add(row)
    session.flush()
    return row


def certificate_lines(
    For: Callable[..., Any], open_: Any, everybody: Any, guardian: str, volunteer: str, lead: str, coordinator: str,
    elsewhere: str, office: str,
) -> dict[str, Any]:  # fmt: skip
    """Holders see their own, classes those of their children, the office all; anybody verifies a code."""
    rows = CertificateRows(guardian, volunteer, lead, coordinator, elsewhere)
    holders = (guardian, volunteer, lead, coordinator, elsewhere, office)
    own: Params = {"rows": rows.own, "foreign": rows.others, "anywhere": (office,)}
    register, interface = "/office/certificates", "/api/v1/office/certificates"
    issuers = (lead, coordinator, elsewhere, office)
    klass = "/attendance/classes/{class_run_id}"
    mine: Params = {"rows": rows.own_class, "foreign": rows.others_class, "anywhere": (office,)}
    return {
        "GET /attendance/floor": For(issuers),
        "GET /api/v1/attendance/floor": For(issuers),
        **{
            f"GET {at}{klass}/figures{rest}": For(issuers, **mine) for at in ("", "/api/v1") for rest in ("", ".{kind}")
        },
        f"POST {klass}/certificates": For(issuers, **mine, body={"child": ""}),
        f"GET {klass}/certificates.pdf": For(issuers, **mine),
        f"POST /api/v1{klass}/certificates": For(issuers, **mine, json={"child_ids": []}),
        "GET /verify": open_,
        "GET /verify/{code}": open_,
        "GET /api/v1/verify/{code}": open_,
        "GET /certificates": everybody,
        "GET /certificates/{certificate_id}": For(holders, **own),
        "GET /certificates/{certificate_id}/paper.pdf": For(holders, **own),
        "GET /api/v1/certificates": everybody,
        "GET /api/v1/certificates/{id}": For(holders, **own),
        "GET /api/v1/certificates/{id}/paper.pdf": For(holders, **own),
        "POST /certificates/{certificate_id}/void": For(issuers, **own, body={"reason": "x", "do": "void"}),
        "POST /api/v1/certificates/{id}/void": For(issuers, **own, json={"reason": "x"}),
        f"GET {register}": For((office,)),
        f"GET {register}/register.{{kind}}": For((office,), lambda _w, _r: {"kind": "csv"}),
        f"POST {register}/issuer": For((office,), body={"issuer": "办公室", "issuer_en": "Office", "address": ""}),
        f"GET {register}/terms/{{term_id}}": For((office,), rows.term),
        f"POST {register}/terms/{{term_id}}": For((office,), rows.term),
        f"GET {register}/terms/{{term_id}}/all.pdf": For((office,), rows.term),
        f"GET {register}/{{certificate_id}}": For((office,), rows.own),
        f"POST {register}/{{certificate_id}}/void": For((office,), rows.own, body={"reason": "x", "do": "void"}),
        f"GET {interface}": For((office,)),
        f"GET {interface}/issuer": For((office,)),
        f"PUT {interface}/issuer": For((office,), json={"issuer": "办公室", "issuer_en": "Office", "address": ""}),
        f"GET {interface}/terms/{{term_id}}": For((office,), rows.term),
        f"POST {interface}/terms/{{term_id}}": For((office,), rows.term, json={}),
    }


def an_insurance_list(world: Any, _role: str) -> Params:
    """A list that somebody else made, and a term."""
    with session_scope(world.engine) as session:
        term, somebody = _term(session), Account(phone=f"136{next(world.numbers):08d}", created_at=clock.now())
        numbers, maker = session.exec(select(InsuranceList.number)).all(), _added(session, somebody).id or 0
        made = InsuranceList(
            term_id=term.id or 0, scope="term", number=max(numbers, default=0) + 1, covered_until=term.ends_on,
            persons=0, added=0, removed=0, digest="", rows="[]", made_at=clock.now(), made_by_id=maker,
        )  # fmt: skip
        return {"list_id": _added(session, made).id, "term_id": term.id}


def an_approved_list(world: Any, role: str) -> Params:
    """The same, approved."""
    made = an_insurance_list(world, role)
    with session_scope(world.engine) as session:
        found = session.get_one(InsuranceList, made["list_id"])
        found.approved_at = clock.now()
        session.add(found)
    return made


def insurance_lines(For: Callable[..., Any], office: str) -> dict[str, Any]:
    """The office alone."""
    found: dict[str, Any] = {}
    for at in ("/office/insurance", "/api/v1/office/insurance"):
        more: Params = {"json": {}} if at.startswith("/api") else {}
        found |= {
            f"GET {at}": For((office,)),
            f"GET {at}/terms/{{term_id}}": For((office,), an_insurance_list),
            f"POST {at}/terms/{{term_id}}": For((office,), an_insurance_list, **more),
            f"POST {at}/{{list_id}}/approve": For((office,), an_insurance_list),
            f"POST {at}/{{list_id}}/take": For((office,), an_approved_list),
        }
    return found
