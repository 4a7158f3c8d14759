"""Handbooks: what is in them and what is not, who makes and reads them, what consent and erasure do to them."""

from __future__ import annotations

import pytest
from homes import home
from keepsakes import Shelf
from sqlmodel import Session, select
from town import agree, office

from registry.accounts.permissions import Actor
from registry.accounts.tables import OutboxMessage, Role
from registry.books.files import get_pdf
from registry.books.making import choose, release_book, take_back, write_texts
from registry.books.opening import book_edits, book_of, class_books, open_book
from registry.books.reading import family_pdf, pdf_digest, photo_in_book, read_book, reply, shelf
from registry.books.selection import LeftOut, Why, names_other_child
from registry.books.tables import Book, BookEdit, GuardianFeedback, GuardianReply
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.growth.forget import remove_photo
from registry.growth.tables import NoteStatus, Photo
from registry.privacy.consents import answer_consents, texts_now
from registry.privacy.erasure import erase_child
from registry.privacy.retention import _settle
from registry.privacy.tables import AccessLog, ConsentItem


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(session, monkeypatch)


def consent(there: Shelf, child: int, parent: Actor, *, is_given: bool) -> None:
    text = texts_now(there.session)[ConsentItem.CLASS_PHOTO]
    answer_consents(
        there.session, parent, child, {ConsentItem.CLASS_PHOTO: is_given}, {ConsentItem.CLASS_PHOTO: text.digest}
    )


def code_of(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in error.value.problems]


def test_a_book_without_notes_holds_facts_and_nothing_else(there: Shelf) -> None:
    there.note("还没有发布的", status=NoteStatus.SUBMITTED.value)
    content = open_book(there.session, there.lead, there.run, there.child).content
    assert content["attendance"] | {"days": 1} == {"held": 1, "came": 1, "excused": 0, "days": 1}
    assert content["courses"] == [{"name": "科学小实验", "domain": "intellect", "days": [there.day.isoformat()]}]
    assert content["child"] == {"name": "李𬱖", "grade": content["child"]["grade"]}
    empty = ("about", "moments", "works", "photos", "can", "friends", "own", "letter", "feedback", "replies")
    assert not any(content[name] for name in empty)
    assert content["map"] is None


def test_moments_are_six_with_every_domain_and_the_map_has_all(there: Shelf) -> None:
    for day in range(8):
        there.note(f"第{day}次", days=day)
    there.note("扫地", domain="labour", days=3, phrase="cleans")
    content = open_book(there.session, there.lead, there.run, there.child).content
    assert len(content["moments"]) == 6
    assert {one["domain"] for one in content["moments"]} == {"intellect", "labour"}
    assert [one["day"] for one in content["moments"]] == sorted(one["day"] for one in content["moments"])
    assert len(content["map"]["seen"]) == 9
    assert content["map"]["offered"] == [[there.day.isoformat(), "intellect"]]
    assert content["can"] == [{"phrase": "cleans"}]


def test_a_note_that_names_another_child_is_left_out_and_told(there: Shelf) -> None:
    there.another("王小明")
    kept, named = there.note("和同伴一起搭桥"), there.note("和小明一起搭桥")
    opened = open_book(there.session, there.lead, there.run, there.child)
    assert [one["id"] for one in opened.content["moments"]] == [kept]
    assert opened.left == (LeftOut("note", named, Why.NAMES_CHILD, ("小明",)),)


def test_a_name_that_is_the_childs_own_names_nobody_else() -> None:
    assert names_other_child(["小明自己收拾"], ["王小明"], ["李小明", "张一诺"]) == ()
    assert names_other_child(["李小明来了"], ["王小明"], ["李小明"]) == ("李小明",)


def test_photos_need_the_consent_of_everybody_in_them(there: Shelf) -> None:
    other = there.another("王小明")
    mine, both, waits = there.photo(there.child), there.photo(there.child, other), there.photo(is_released=False)
    agree(there.session, there.parent, there.session.get_one(type(there.home.child), there.child))
    opened = open_book(there.session, there.lead, there.run, there.child)
    assert [one["id"] for one in opened.content["photos"]] == [mine, both]
    consent(there, there.child, there.parent, is_given=False)
    opened = open_book(there.session, there.lead, there.run, there.child)
    assert opened.content["photos"] == []
    assert opened.left == tuple(LeftOut("photo", n, Why.CONSENT_REFUSED, ("李𬱖",)) for n in (mine, both))
    with pytest.raises(Invalid) as error:
        choose(there.session, there.lead, there.run, there.child, notes=None, photos=[both])
    assert code_of(error) == [("photos", "choose_one")]
    memoir = open_book(there.session, there.lead, there.run, None)
    assert {one.number: one.why for one in memoir.left} == {
        mine: Why.CONSENT_REFUSED, both: Why.CONSENT_REFUSED, waits: Why.PHOTO_WAITS,
    }  # fmt: skip


def test_a_photo_of_a_child_nobody_answered_for_is_left_out(there: Shelf) -> None:
    from registry.privacy.tables import ConsentRecord

    for row in there.session.exec(select(ConsentRecord).where(ConsentRecord.child_id == there.child)):
        there.session.delete(row)
    photo = there.photo(there.child)
    opened = open_book(there.session, there.lead, there.run, there.child)
    assert opened.left == (LeftOut("photo", photo, Why.CONSENT_MISSING, ("李𬱖",)),)


def test_texts_are_kept_with_their_history_and_name_nobody_else(there: Shelf) -> None:
    there.another("王小明")
    there.another("张天天")
    write = lambda sure=False, **texts: write_texts(  # noqa: E731
        there.session, there.lead, there.run, there.child, texts, is_sure=sure
    )
    assert write(about="喜欢蚂蚁").content["about"] == "喜欢蚂蚁"
    assert write(about="喜欢云", letter="第一天").content["about"] == "喜欢云"
    edits = book_edits(there.session, there.lead, there.run, there.child)
    assert [(edit.part, edit.before, who) for edit, who in edits] == [
        ("letter", "", "班主任"), ("about", "喜欢蚂蚁", "班主任"), ("about", "", "班主任"),
    ]  # fmt: skip
    for texts, problem in (
        ({"letter": "和王小明一起"}, ("letter", "names_other_child")),
        ({"own": "天天都来"}, ("own", "may_name_child")),
        ({"praise": "好"}, ("praise", "section_unknown")),
        ({"own": "字" * 1001}, ("own", "too_long")),
    ):
        with pytest.raises(Invalid) as error:
            write(**texts)
        assert code_of(error) == [problem]
    assert write(sure=True, own="天天都来").content["own"] == "天天都来"
    with pytest.raises(Invalid):
        write(sure=True, own="王小明天天都来")


def test_the_choice_is_in_the_order_given_and_can_be_left_to_the_rule(there: Shelf) -> None:
    first, second = there.note("一"), there.note("二", days=1)
    opened = choose(there.session, there.lead, there.run, there.child, notes=[second, first], photos=None)
    assert [one["id"] for one in opened.content["moments"]] == [second, first]
    opened = choose(there.session, there.lead, there.run, there.child, notes=[], photos=[])
    assert opened.content["moments"] == []
    opened = choose(there.session, there.lead, there.run, there.child, notes=None, photos=None)
    assert [one["id"] for one in opened.content["moments"]] == [first, second]
    with pytest.raises(Invalid):
        choose(there.session, there.lead, there.run, there.child, notes=[999], photos=None)


def test_a_family_reads_what_was_released_until_it_is_released_again(there: Shelf) -> None:
    note = there.note("把三个杯子排成一行")
    with pytest.raises(NotFound, match="book_unknown"):
        read_book(there.session, there.parent, there.child, there.run, "handbook")
    release_book(there.session, there.lead, there.run, there.child)
    phones = [message.code for message in there.session.exec(select(OutboxMessage))]
    assert phones.count("book_released") == 1
    there.note("后来的", days=1)
    found = read_book(there.session, there.parent, there.child, there.run, "handbook")
    assert [one["id"] for one in found.content["moments"]] == [note]
    line = class_books(there.session, there.lead, there.run).handbooks[0]
    assert (line.is_released, line.is_changed, line.notes) == (True, True, 2)
    release_book(there.session, there.lead, there.run, there.child)
    found = read_book(there.session, there.parent, there.child, there.run, "handbook")
    assert (len(found.content["moments"]), found.book.number) == (2, 2)
    assert [m.code for m in there.session.exec(select(OutboxMessage))].count("book_released") == 1
    take_back(there.session, there.lead, there.run, there.child)
    with pytest.raises(NotFound, match="book_unknown"):
        read_book(there.session, there.parent, there.child, there.run, "handbook")
    with pytest.raises(Conflict, match="book_not_released"):
        take_back(there.session, there.lead, there.run, there.child)


def test_another_familys_book_is_refused_as_unknown_and_the_attempt_can_be_logged(there: Shelf) -> None:
    there.note()
    release_book(there.session, there.lead, there.run, there.child)
    stranger = home(there.session, name="张一诺").parent
    for look in (
        lambda: read_book(there.session, stranger, there.child, there.run, "handbook"),
        lambda: shelf(there.session, stranger, there.child),
        lambda: reply(there.session, stranger, there.child, there.run, "你好"),
        lambda: family_pdf(there.session, stranger, there.child, there.run, "handbook", "zh", lambda *_: b""),
    ):
        with pytest.raises(NotFound, match="child_unknown") as error:
            look()
        denied = error.value.denied
        assert denied is not None and (denied.account_id, denied.subject_id) == (stranger.account_id, there.child)
    for who in (office(there.session), office(there.session, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            open_book(there.session, who, there.run, there.child)
    elsewhere = office(there.session, Role.SITE_COORDINATOR, there.site + 1)
    with pytest.raises(NotFound, match="class_run_unknown"):
        open_book(there.session, elsewhere, there.run, there.child)
    assert open_book(there.session, there.coordinator, there.run, there.child).child is not None
    looks = there.session.exec(select(AccessLog).where(AccessLog.action == "book.make")).all()
    assert [(one.subject, one.subject_id) for one in looks] == [("child", there.child)]


def test_answers_and_feedback_reach_the_released_book(there: Shelf) -> None:
    release_book(there.session, there.lead, there.run, there.child)
    reply(there.session, there.parent, there.child, there.run, "谢谢老师")
    reply(there.session, there.parent, there.child, there.run, "谢谢老师")
    there.feedback()
    content = read_book(there.session, there.parent, there.child, there.run, "handbook").content
    assert [one["words"] for one in content["replies"]] == ["谢谢老师"]
    assert [one["strengths"] for one in content["feedback"]] == ["愿意动手试"]
    assert not class_books(there.session, there.lead, there.run).handbooks[0].is_changed
    with pytest.raises(Invalid):
        reply(there.session, there.parent, there.child, there.run, "  ")


def test_withdrawing_consent_rebuilds_the_book_and_its_pdf_is_gone(there: Shelf) -> None:
    other = there.another("王小明")
    photo = there.photo(there.child, other)
    made: list[int] = []

    def press(_content: object, photos: dict[int, Photo]) -> bytes:
        made.append(len(photos))
        return b"%PDF with " + bytes(str(sorted(photos)), "ascii")

    release_book(there.session, there.lead, there.run, there.child)
    release_book(there.session, there.lead, there.run, None)
    for kind in ("handbook", "memoir"):
        for _ in range(2):
            pdf = family_pdf(there.session, there.parent, there.child, there.run, kind, "zh", press)
            assert pdf == f"%PDF with [{photo}]".encode()
    assert made == [1, 1]
    assert photo_in_book(there.session, there.parent, there.child, there.run, "memoir", photo).id == photo
    book = book_of(there.session, there.run, there.child)
    assert book is not None and book.content is not None
    old = (book.pdf_file, book.pdf_secret)
    consent(there, there.child, there.parent, is_given=False)
    assert (book.pdf_file, book.pdf_secret, book.content["photos"]) == ("", None, [])
    assert get_pdf(book, pdf_digest(book.content)) is None and all(old)
    assert book.rebuilt_at is not None
    for kind in ("handbook", "memoir"):
        pdf = family_pdf(there.session, there.parent, there.child, there.run, kind, "zh", press)
        assert pdf == b"%PDF with []"
        with pytest.raises(NotFound, match="photo_unknown"):
            photo_in_book(there.session, there.parent, there.child, there.run, kind, photo)


def test_a_photo_that_is_removed_goes_out_of_released_books(there: Shelf) -> None:
    photo = there.photo(there.child)
    release_book(there.session, there.lead, there.run, there.child)
    remove_photo(there.session, there.session.get_one(Photo, photo), "asked")
    book = book_of(there.session, there.run, there.child)
    assert book is not None and book.content is not None and book.content["photos"] == []


def test_books_vanish_with_the_child(there: Shelf) -> None:
    other = there.another("王小明")
    photo = there.photo(there.child, other)
    write_texts(there.session, there.lead, there.run, there.child, {"about": "喜欢蚂蚁"})
    release_book(there.session, there.lead, there.run, there.child)
    release_book(there.session, there.lead, there.run, other)
    reply(there.session, there.parent, there.child, there.run, "谢谢")
    there.feedback()
    theirs = book_of(there.session, there.run, other)
    assert theirs is not None and theirs.content is not None
    assert [one["id"] for one in theirs.content["photos"]] == [photo]
    _settle(there.session, there.child)
    erase_child(there.session, there.child, None, "asked")
    assert theirs.content["photos"] == []
    assert [book.child_id for book in there.session.exec(select(Book))] == [other]
    assert {edit.book_id for edit in there.session.exec(select(BookEdit))} == {theirs.id}
    assert there.session.exec(select(GuardianReply)).all() == []
    assert there.session.exec(select(GuardianFeedback)).all() == []


def test_the_list_of_a_class_costs_the_same_for_one_child_and_for_three(there: Shelf) -> None:
    from sqlalchemy import event

    def queries() -> int:
        seen: list[str] = []
        engine = there.session.get_bind()
        there.session.flush()
        there.session.expire_all()
        watch = lambda *facts: seen.append(str(facts[2]))  # noqa: E731
        event.listen(engine, "before_cursor_execute", watch)
        class_books(there.session, there.lead, there.run)
        event.remove(engine, "before_cursor_execute", watch)
        return len(seen)

    def child_with_all(name: str) -> None:
        child = there.another(name)
        there.note("搭桥", child, photo=there.photo(child))

    there.note(photo=there.photo(there.child))
    queries()
    one = queries()
    child_with_all("王小明")
    child_with_all("张一诺")
    assert queries() == one
