"""Made-up notes about the children of the sample's class over a term, with drawn pictures in place of photos."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from sqlmodel import Session, col, select

from registry.accounts.tables import Account
from registry.clock import SHANGHAI
from registry.demo.children import LEAD_PHONE, class_with_children
from registry.demo.drawings import scene, work
from registry.duties.tables import RosteredDuty
from registry.families.classes import children_of_class
from registry.families.tables import Child
from registry.growth.files import put_picture
from registry.growth.pictures import read_photo
from registry.growth.reads import without_consent
from registry.growth.tables import NoteStatus, Observation, ObservationChild, Photo, PhotoChild, PhotoKind
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Term

SEEN: tuple[tuple[str, str, str], ...] = (
    ("moral", "看到同学的水洒了，拿来抹布一起擦干", "会留意身边的人"),
    ("moral", "排队时让一年级的小朋友先洗手", ""),
    ("moral", "借走的彩笔用完后，一支一支放回盒里还给同学", "记得借来的东西要还"),
    ("moral", "下棋输了，和对方握手，说明天再来", ""),
    ("intellect", "纸桥塌了两次，第三次把纸折成波浪，桥站住了", "愿意换办法再试"),
    ("intellect", "读完《昆虫记》的一章，讲给同桌听蝉为什么叫", "能用自己的话复述"),
    ("intellect", "问老师影子为什么中午短，自己拿尺子量了三次", "对身边的现象好奇"),
    ("intellect", "拼图找不到边，先把有直边的挑出来，再接着拼", ""),
    ("physical", "跳绳从断断续续到连着跳了二十下", "每天都在练"),
    ("physical", "第一次在垫子上完成前滚翻，站起来笑了", ""),
    ("physical", "传球时抬头看队友，把球传到了空位上", "开始留意同伴的位置"),
    ("aesthetic", "用树叶拓印了一条鱼，又给鱼画上了水草", "喜欢自己构思"),
    ("aesthetic", "在大家面前唱完一首歌，最后一句声音最大", ""),
    ("aesthetic", "把废纸筒剪成笔筒，外面贴了三种花纹", "会利用手边的材料"),
    ("labour", "午餐后主动把桌子擦了两遍，连桌脚也擦了", ""),
    ("labour", "给教室的绿萝浇水，用手指试了土再决定浇多少", "做事有观察"),
    ("labour", "学会了系围裙的蝴蝶结，又教了旁边的同学", ""),
    ("labour", "把大家的书按大小排好，贴上自己写的标签", "喜欢有条理"),
)
"""Domain, what was seen, how it was understood (or nothing)."""
SUPPORT = ("在家可以请孩子再做一次给家人看", "可以一起找一本相关的书", "散步时让孩子讲讲这件事", "")
DOUBTFUL = ("他总是第一个举手", "跑步比别人慢，但坚持跑完了")
"""Two that wait with hints, so that the review has something to show."""
TERM_DAYS = 10


def make_notes(session: Session, seed: int = 1) -> int:
    """Notes, pictures and a few that still wait; answers how many notes. Where there are any already, none is made."""
    run_id = class_with_children(session)
    if run_id is None or session.exec(select(Observation.id).limit(1)).first() is not None:
        return 0
    random = Random(seed)
    run = session.get_one(ClassRun, run_id)
    days = _days(session, run)
    children = children_of_class(session, run_id)
    authors, courses = _authors(session, run_id), _courses(session)
    made = 0
    for index, child in enumerate(children):
        amount = (0, 1)[index] if index < 2 else random.randint(4, 6)  # two quiet children, for the ledger
        for seen in random.sample(SEEN, amount):
            day = random.choice(days)
            note = _note(random, run_id, day, random.choice(authors), seen, courses.get(seen[0]))
            _keep(session, note, [child])
            made += 1
    for index, words in enumerate(DOUBTFUL):
        note = _note(random, run_id, days[-1], authors[0], ("physical", words, ""), None, NoteStatus.SUBMITTED)
        note.warnings = ["always"] if index == 0 else ["comparison"]
        _keep(session, note, [children[2 + index]])
    _pictures(session, random, run_id, days, authors, children)
    session.flush()
    return made + len(DOUBTFUL)


def _days(session: Session, run: ClassRun) -> list[date]:
    term = session.get_one(Term, run.term_id)
    days = (term.starts_on + timedelta(days=n) for n in range((term.ends_on - term.starts_on).days + 1))
    return [day for day in days if day.isoweekday() <= 5][:TERM_DAYS]


def _authors(session: Session, run_id: int) -> list[int]:
    """The lead of the class and two who are on duty there, who get accounts that their phones sign in to."""
    lead = session.exec(select(Account.id).where(Account.phone == LEAD_PHONE)).one() or 0
    there = (
        select(Volunteer)
        .join(RosteredDuty, col(RosteredDuty.volunteer_id) == Volunteer.id)
        .where(RosteredDuty.class_run_id == run_id, col(Volunteer.phone).is_not(None))
        .order_by(col(Volunteer.id))
    )
    found = [lead]
    for volunteer in list({one.id: one for one in session.exec(there)}.values())[:2]:
        phone = volunteer.phone or ""
        account = session.exec(select(Account).where(Account.phone == phone)).first() or Account(
            phone=phone, name=volunteer.name, volunteer_id=volunteer.id, created_at=_moment(date(2026, 7, 1))
        )  # fmt: skip
        session.add(account)
        session.flush()
        found.append(account.id or 0)
    return found


def _courses(session: Session) -> dict[str, int]:
    """A course for each domain."""
    return {course.domain: course.id or 0 for course in session.exec(select(Course).order_by(col(Course.id).desc()))}


def _note(
    random: Random, run_id: int, day: date, author: int, seen: tuple[str, str, str], course: int | None,
    status: NoteStatus = NoteStatus.RELEASED,
) -> Observation:  # fmt: skip
    domain, words, understood = seen
    at = _moment(day, random.randint(9, 16))
    return Observation(
        class_run_id=run_id, day=day, author_id=author, request_key=f"sample-{random.getrandbits(60):015x}",
        course_id=course, domain=domain, seen=words, understood=understood,
        support=random.choice(SUPPORT) if understood else "", status=status.value, created_at=at, changed_at=at,
        written_at=at,
    )  # fmt: skip


def _keep(session: Session, note: Observation, children: list[Child]) -> None:
    session.add(note)
    session.flush()
    session.add_all(ObservationChild(observation_id=note.id or 0, child_id=child.id or 0) for child in children)
    session.flush()


def _pictures(
    session: Session, random: Random, run_id: int, days: list[date], authors: list[int], children: list[Child]
) -> None:
    """A work for every other child, with a note, and scenes of the class; in one is a child without consent."""
    barred = without_consent(session, [child.id or 0 for child in children])
    may = [child for child in children if child.id not in barred]
    for child in children[2::2]:
        day = random.choice(days)
        photo = _photo(session, run_id, day, authors[0], work(random), PhotoKind.WORK, "", [])
        note = _note(random, run_id, day, authors[-1], ("aesthetic", "完成了一幅自己构思的画", ""), None)
        note.photo_id = photo.id
        _keep(session, note, [child])
    for number, caption in enumerate(("搭纸桥", "户外运动", "一起读书", "手工作品展", "午后游戏", "毕业合影")):
        shown = random.sample(may, min(3, len(may)))
        if number == 0 and barred:  # agreed to when it was taken, taken back since
            shown = [*shown, next(child for child in children if child.id in barred)]
        day = days[number % len(days)]
        _photo(session, run_id, day, authors[number % len(authors)], scene(random), PhotoKind.MOMENT, caption, shown)


def _photo(
    session: Session, run_id: int, day: date, author: int, drawn: bytes, kind: PhotoKind, caption: str,
    children: list[Child],
) -> Photo:  # fmt: skip
    made = read_photo(drawn)
    kept, at = put_picture(made.jpeg), _moment(day, 15)
    photo = Photo(
        class_run_id=run_id, day=day, uploaded_by=author, request_key=f"sample-{kept.file}"[:40], kind=kind.value,
        caption=caption, file=kept.file, secret=kept.secret, digest=made.digest, width=made.width,
        height=made.height, created_at=at, released_at=at, released_by=author,
    )  # fmt: skip
    session.add(photo)
    session.flush()
    session.add_all(PhotoChild(photo_id=photo.id or 0, child_id=child.id or 0) for child in children)
    session.flush()
    return photo


def _moment(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
