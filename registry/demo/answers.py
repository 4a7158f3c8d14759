"""What volunteers of the sample have answered to its published week: yes, no, nothing yet; a note to who comes next."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.duties.answer_tables import Absence, DutyAnswer, HandoverNote
from registry.duties.answers import confirm
from registry.duties.tables import RosteredDuty

SAID_NO = (("ill", "明早去医院"), ("study", ""), ("transport", ""))
NOTE = "午睡时窗帘拉上，孩子们睡得好些；跳绳在柜子第二层。"
SITES_ANSWERED = 12
"""At so many sites somebody has answered for the Tuesday: the first cannot come, others can."""


def make_answers(session: Session, monday: date) -> int:
    """Answers for the Tuesday of a week; answers how many people gave one. Where there are any already, none is made.
    Nobody is told: there are no telephones behind the sample's numbers."""
    if session.exec(select(Absence.id).limit(1)).first() or session.exec(select(col(DutyAnswer.day)).limit(1)).first():
        return 0
    tuesday = monday + timedelta(days=1)
    wanted = select(RosteredDuty).where(RosteredDuty.day == tuesday).order_by(col(RosteredDuty.id))
    by_class: dict[int, list[RosteredDuty]] = {}
    for duty in session.exec(wanted):
        by_class.setdefault(duty.class_run_id, []).append(duty)
    said = 0
    for n, duties in enumerate(list(by_class.values())[:SITES_ANSWERED]):
        first, *others = list({duty.volunteer_id: duty for duty in duties}.values())
        if n < len(SAID_NO):
            reason, note = SAID_NO[n]
            parts = {(tuesday, d.part) for d in duties if d.volunteer_id == first.volunteer_id}
            session.add_all(
                Absence(volunteer_id=first.volunteer_id, day=day, part=part, reason=reason, note=note, source="link",
                        reported_at=clock.now())
                for day, part in sorted(parts)
            )  # fmt: skip
        for other in others[:-1]:
            confirm(session, other.volunteer_id, tuesday, tuesday, "link")
        said += len(others[:-1]) + (n < len(SAID_NO))
    session.add_all(
        HandoverNote(class_run_id=duty.class_run_id, day=monday, text=NOTE, volunteer_id=duty.volunteer_id,
                     written_at=clock.now())
        for duty in [duties[0] for duties in by_class.values()][:SITES_ANSWERED]
    )  # fmt: skip
    session.flush()
    return said
