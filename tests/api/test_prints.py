"""Sheets as PDF: what stands on them is what stands in the roster, in any letters, on any machine."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from factories import class_run, roster
from papers import ENTRIES, NAMES, edition, pages, squeezed, stored, week_facts
from pypdf import PdfReader

from api.prints import overview, press, sheets
from api.prints.ink import FAMILIES, Ink, code, covered
from api.speak.prints import LABELS
from registry.demo.words import GIVEN_NAMES, RARE_NAMES, SURNAMES
from registry.rostering.week_sheets import by_name, door_sheets

CODE = "〔U+20000〕"
SHOWN = {v: name.replace("𠀀", CODE) for v, name in NAMES.items()}


def site_pdf(**how: Any) -> press.Printed:
    week = stored()
    return press.printed("site", sheets.timetables(week, edition(**how), [week.view.site["s1"]]))


def door_pdf(**how: Any) -> press.Printed:
    week = stored()
    return press.printed("door", sheets.doors(week, edition(**how), door_sheets(week.view, week.view.classes)))


def card_pdf(**how: Any) -> press.Printed:
    week = stored()
    return press.printed("volunteer", sheets.cards(week, edition(**how), week.cards.values(), {"s1": "东街1号"}))


def district_pdf(**how: Any) -> press.Printed:
    return press.printed("district", overview.district(stored(), edition(**how)))


ALL = {"site": site_pdf, "door": door_pdf, "volunteer": card_pdf, "district": district_pdf}


def test_a_timetable_holds_everybody_and_every_lesson() -> None:
    made = site_pdf()
    [page] = pages(made.pdf)
    monday_morning = f"★{SHOWN['v1']}、{SHOWN['v2']}09:00中国舞{SHOWN['v1']}舞蹈室10:50跳绳{SHOWN['v5']}→"
    assert [text in page for text in ("东街少年宫", "1-2年级班", "20名孩子", monday_morning)] == [True] * 4
    assert f"★{SHOWN['v1']}、{SHOWN['v4']}△缺1人大人太少" in page
    assert made.missing == {"𠀀": 1}


def test_a_timetable_says_what_is_missing_in_words() -> None:
    [page] = pages(site_pdf().pdf)
    # Midday and Tuesday lack one of two, the afternoon both and a lead.
    assert "缺4人次1个时段没有班主任2节空课" in page
    assert "还没有人缺2人大人太少没有班主任15:45空课" in page


def test_a_class_has_a_door_sheet_for_each_of_its_days() -> None:
    found = pages(door_pdf().pdf)
    heads = sorted((page[:20].startswith("东街"), "周一" in page, "周二" in page) for page in found)
    assert heads == [(False, True, False), (True, False, True), (True, True, False)]
    [monday] = [page for page in found if "东街" in page and "周一" in page]
    assert [hours in monday for hours in ("08:30–12:00", "12:00–14:30", "14:30–17:30")] == [True] * 3
    assert [name in monday for name in (SHOWN["v1"], SHOWN["v2"], SHOWN["v4"], SHOWN["v5"])] == [True] * 4
    assert f"10:50–11:40跳绳{SHOWN['v5']}→" in monday


def test_a_card_tells_one_person_where_to_be() -> None:
    found = dict(zip(_names(), pages(card_pdf().pdf), strict=True))
    assert sorted(found) == sorted(SHOWN.values())
    mine = found[SHOWN["v1"]]
    # Two segments with one class in one role are one stay.
    assert [text in mine for text in ("08:30–14:30", "东街少年宫", "东街1号", "1-2年级班·20名孩子")] == [True] * 4
    assert [text in mine for text in ("班主任", "09:00–09:50·舞蹈室中国舞")] == [True] * 2
    assert f"同班的人{SHOWN['v2']}、{SHOWN['v4']}" in mine
    assert "来上课10:50–11:40·本班教室跳绳" in found[SHOWN["v5"]]
    assert "未满18岁" in found[SHOWN["v4"]]


def _names() -> list[str]:
    return [SHOWN[card.id] for card in stored().cards.values()]


def test_the_overview_counts_and_lists_every_gap_the_gravest_first() -> None:
    page = "".join(pages(district_pdf().pdf))
    assert [text in page for text in ("3托管点", "2班", "30孩子", "5志愿者在岗", "5/10大人到位")] == [True] * 5
    first, second = page.index("东街少年宫1-2年级班"), page.index("西镇少年宫启航班")
    assert first < second
    assert squeezed("周一中午 1/2 周一下午 0/2 没有班主任 周二上午 1/2") in page
    assert page.index("西镇少年宫启航班") < page.index("各托管点情况") < page.index("没有班的点这一周没有班")


@pytest.mark.parametrize("kind", ALL)
def test_every_page_says_what_it_is(kind: str) -> None:
    found = pages(ALL[kind]().pdf)
    for page in found:
        assert "第7号草稿，2026年7月10日16:05排好，软件0.1.0版" in page
        assert "打印于2026年7月11日00:30" in page
        assert "第1页，共1页" in page
    head = "2026年7月13日" if kind == "door" else "2026年7月13日(周一)至2026年7月14日(周二)"
    assert head in found[0] or kind == "door"


@pytest.mark.parametrize("kind", ALL)
def test_sheets_speak_english_on_request(kind: str) -> None:
    page = pages(ALL[kind](language="en").pdf)[0]
    assert [text in page for text in ("printed11Jul2026,00:30", "page1of1", "draft7")] == [True] * 3
    assert [word for word in ("班主任", "打印", "没有班主任", "周一") if word in page] == []


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_sheets_come_on_the_paper_asked_for(kind: str, paper: str) -> None:
    box = PdfReader(BytesIO(ALL[kind](paper=paper).pdf)).pages[0].mediabox
    short, long = {"a4": (595, 842), "a3": (842, 1191)}[paper]
    wanted = (long, short) if kind == "site" else (short, long)
    assert (round(box.width), round(box.height)) == wanted


@pytest.mark.parametrize("kind", ALL)
def test_all_fonts_are_embedded_and_ours(kind: str) -> None:
    fonts = _fonts(ALL[kind]().pdf)
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} <= {f.replace(" ", "") for f in FAMILIES}
    assert fonts and all(fonts.values())


def test_the_typesetter_knows_no_fonts_of_the_machine() -> None:
    assert press.fonts().families() == list(FAMILIES)


def _fonts(pdf: bytes) -> dict[str, bool]:
    """The fonts of a PDF, and whether each is embedded."""
    found = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index, union-attr]
            [inner] = font["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            found[str(font["/BaseFont"])] = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return found


def test_what_looks_like_a_command_is_printed_as_it_is() -> None:
    name = "*a* _b_ $c$ #d @e <f> `g` //h /*i*/ \\j [k] = l - m + n ~ \"o\" 'p' -- ..."
    changed = week_facts()
    changed["volunteers"][0]["name"] = name
    changed["sites"][0]["name"] = f"点{name}"
    changed["classes"][0]["name"] = f"班{name}"
    changed["courses"][0]["name"] = f"课{name}"
    week = stored(problem_json=changed)
    made = press.printed("site", sheets.timetables(week, edition(), [week.view.site["s1"]]))
    page = "".join(pages(made.pdf))
    assert [f"{what}{squeezed(name)}" in page for what in ("★", "点", "班", "课")] == [True] * 4


@pytest.mark.parametrize("kind", ALL)
def test_the_typesetter_never_draws_a_box(kind: str) -> None:
    """Glyph 0 is the box; a text that came out of the fonts as it went in has none. Codes stand for what they lack."""
    made = ALL[kind]()
    raw = "".join(page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages)
    assert [c for c in ("\0", "\ufffd", "𠀀") if c in raw] == []
    said = "字库里没有的字" in squeezed(raw)
    assert said == bool(made.missing)


def test_the_fonts_have_the_names_of_a_district() -> None:
    everything = "".join((*RARE_NAMES, *SURNAMES, *GIVEN_NAMES, "璟喆瑄㼆𬱖·", "▲△★→✓—–…“”（）、。；：！"))
    assert [c for c in everything if ord(c) not in covered()] == []


def test_ink_keeps_prints_or_codes_every_character() -> None:
    ink = Ink()
    assert ink.text("李𬱖·A1é") == "李𬱖·A1é"
    assert ink.text("司马𠀀") == f"司马{CODE}"
    assert ink.text("🙂") == code("🙂") == "〔U+1F642〕"
    assert ink.text("\ue123") == "〔U+E123〕"  # private: some old systems put rare names there
    assert ink.text("王\u200b\ufe00\U000e0100\n\u3000敏\x07") == "王 敏"
    assert ink.text("e\u0301") == "é"
    ink.text("𠀀𠀀")
    assert dict(ink.missing) == {"𠀀": 3, "🙂": 1, "\ue123": 1}


def test_a_site_without_classes_and_a_class_without_hours_say_so() -> None:
    changed = week_facts()
    changed["classes"] = [class_run("c9", "s1", name="空班", children=0, segments=[], slots=[])]
    week = stored(roster(), changed)
    made = press.printed("site", sheets.timetables(week, edition(), by_name(week.view.sites)))
    found = pages(made.pdf)
    assert [("空班" in page, "这一周没有班" in page) for page in found] == [(True, True), (False, True), (False, True)]


def test_a_week_without_gaps_says_so() -> None:
    changed = week_facts()
    changed["classes"] = [class_run("c2", "s2", children=0, segments=[], slots=[])]
    page = "".join(pages(press.printed("district", overview.district(stored(roster(), changed), edition())).pdf))
    assert "没有缺口：人齐，课齐。" in page


def test_many_sheets_are_put_together_in_order_with_pages_of_their_own() -> None:
    week = stored()
    data = sheets.cards(week, edition(), week.cards.values(), {})
    one, *_ = data["sheets"]
    many = [{**one, "title": f"第{n}人"} for n in range(press.AT_A_TIME + 2)]
    told: list[tuple[int, int]] = []
    made = press.printed("volunteer", {**data, "sheets": many}, lambda done, of: told.append((done, of)))
    found = pages(made.pdf)
    assert [page.partition("人")[0] for page in found] == [f"第{n}" for n in range(len(many))]
    assert ["第1页，共1页" in page for page in found] == [True] * len(many)
    assert told == [(press.AT_A_TIME, len(many)), (len(many), len(many))]
    assert len(PdfReader(BytesIO(made.pdf)).outline) == len(many)


def test_a_long_sheet_repeats_its_heads_and_counts_its_pages() -> None:
    changed = week_facts()
    changed["classes"] = [class_run(f"c{n}", "s1", name=f"第{n}班", children=30) for n in range(12)]
    week = stored(roster(), changed)
    data = sheets.timetables(week, edition(), [week.view.site["s1"], week.view.site["s2"]])
    found = pages(press.printed("site", data).pdf)
    long, last = found[:-1], found[-1]
    assert len(long) > 1
    for n, page in enumerate(long, start=1):
        assert f"第{n}页，共{len(long)}页" in page
        assert ("东街少年宫" in page, "周一7月13日" in page) == (True, True)
    assert "第1页，共1页" in last
    assert [page.count("第11班") for page in long].count(0) < len(long)


def test_equal_weeks_printed_at_one_moment_are_equal_files() -> None:
    assert pages(site_pdf().pdf) == pages(site_pdf().pdf)
    assert len(press.pictures("site", sheets.timetables(stored(ENTRIES), edition(), stored().view.sites[:1]))) == 1


def test_every_fixed_text_is_used_on_some_sheet() -> None:
    """And every text that a template asks for is there: a name that is missing is an error of the typesetter."""
    own_words = {"attendance", "certificate", "child_week", "contacts", "export", "handbook", "keepsake", "memoir"}
    sheets = [path for path in press.TEMPLATES.glob("*.typ") if path.stem not in own_words]
    templates = "".join(path.read_text(encoding="utf-8") for path in sheets)
    asked = set(re.findall(r"say\.([a-z_]+)", templates)) | set(ALL)
    said_in_figures = {"sites_figure", "classes_figure", "children_figure", "volunteers_figure"}
    assert asked ^ set(LABELS) == said_in_figures
