"""Order by pinyin, as every list of people in China is ordered, with the readings that surnames have.

pypinyin reads characters by their commonest reading, which for a surname is often another one: 曾 is zēng and not
céng. The tables here hold for the first character, or the first two.
"""

from __future__ import annotations

from collections.abc import Mapping

Key = tuple[tuple[str, int, str], ...]
"""A syllable, its tone (5 is none), the character itself; one for each character of a name."""

SURNAMES: Mapping[str, str] = {
    "曾": "zeng1", "单": "shan4", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1", "盖": "ge3", "朴": "piao2",
    "任": "ren2", "华": "hua4", "葛": "ge3", "缪": "miao4", "乐": "yue4", "翟": "zhai2", "员": "yun4", "折": "she2",
    "黑": "he4", "冼": "xian3", "洗": "xian3", "秘": "bi4", "召": "shao4", "种": "chong2", "覃": "qin2",
    "薄": "bo2", "柏": "bai3", "燕": "yan1", "应": "ying1", "占": "zhan1", "祭": "zhai4", "訾": "zi1",
    "谌": "chen2", "晁": "chao2", "逄": "pang2", "繁": "po2", "过": "guo1", "哈": "ha3", "句": "gou1", "佴": "nai4",
    "宿": "su4", "那": "na1", "曲": "qu1", "幺": "yao1", "么": "yao1", "纪": "ji3", "干": "gan1", "都": "du1",
    "费": "fei4", "贾": "jia3", "臧": "zang1", "尉": "wei4", "盛": "sheng4", "俞": "yu2", "石": "shi2",
    "车": "che1", "强": "qiang2", "褚": "chu3", "沈": "shen3", "尹": "yin3", "郝": "hao3", "牟": "mu4",
    "能": "nai4", "隗": "wei3", "郗": "xi1",
}  # fmt: skip
"""Readings of single-character surnames: those of the national standard's list of surnames, and of the dictionary of
modern Chinese. Where families of one character read it in two ways (覃, 乐, 纪) the more frequent one stands here."""

COMPOUND: Mapping[str, tuple[str, str]] = {
    "尉迟": ("yu4", "chi2"),
    "长孙": ("zhang3", "sun1"),
    "万俟": ("mo4", "qi2"),
    "澹台": ("tan2", "tai2"),
    "单于": ("chan2", "yu2"),
    "令狐": ("ling2", "hu2"),
    "宇文": ("yu3", "wen2"),
    "鲜于": ("xian1", "yu2"),
}
"""Surnames of two characters of which one is read otherwise by itself."""


def pinyin_key(name: str) -> Key:
    """What to sort a name by: syllable by syllable, then by tone, then by character, so that the same surname stands
    together; letters of other scripts by themselves, before all Chinese ones that begin with a later letter.
    """
    readings = _readings(name)
    return tuple(
        (syllable.rstrip("12345"), _tone(syllable), letter) for syllable, letter in zip(readings, name, strict=True)
    )


def _readings(name: str) -> list[str]:
    """A reading for each character; the character itself, in lower case, where it has none."""
    from pypinyin import Style, pinyin  # 0.2 s: only who sorts names pays it

    # Its types know of errors that give one text; it takes such lists too (pypinyin.core, handle_nopinyin).
    found = pinyin(name, style=Style.TONE3, errors=_themselves, neutral_tone_with_five=True)  # type: ignore[arg-type]
    readings = [options[0].casefold() for options in found]
    return [*_surname(name), *readings[len(_surname(name)) :]]


def _themselves(letters: str) -> list[list[str]]:
    """Letters that have no reading, one by one."""
    return [[letter] for letter in letters]


def _surname(name: str) -> list[str]:
    if name[:2] in COMPOUND:
        return list(COMPOUND[name[:2]])
    return [SURNAMES[name[0]]] if name[:1] in SURNAMES else []


def _tone(syllable: str) -> int:
    return int(syllable[-1]) if syllable[-1:] in tuple("12345") and len(syllable) > 1 else 0
