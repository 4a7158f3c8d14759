"""Can-do phrases (我会……): what a volunteer may tap in place of typing. They state what was seen and compare nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its code. `zh` is what the note says; `en` is for who reads the page in English."""

    code: str
    domain: str
    zh: str
    en: str


PHRASES = (
    Phrase("shares", "moral", "主动把材料分给旁边的同学", "shared materials with a neighbour unasked"),
    Phrase("thanks", "moral", "得到帮助后说了谢谢", "said thank you after being helped"),
    Phrase("helps", "moral", "看到同学有困难，过去帮忙", "went to help somebody in difficulty"),
    Phrase("waits", "moral", "排队等候，轮到自己才上前", "queued and waited for the turn"),
    Phrase("owns_up", "moral", "发现自己弄错了，自己说出来并改正", "noticed a mistake, said so and mended it"),
    Phrase("asks", "intellect", "提出了一个问题，并追着问下去", "asked a question and followed it up"),
    Phrase("tries_ways", "intellect", "一种办法不行，换了一种再试", "tried another way when the first failed"),
    Phrase("explains", "intellect", "用自己的话把办法讲给同学听", "explained a method in own words"),
    Phrase("focuses", "intellect", "专心做完一件事，中间没有离开", "stayed with one thing until it was done"),
    Phrase("reads", "intellect", "自己选了一本书，安静读完", "chose a book and read it to the end"),
    Phrase("runs", "physical", "跑完全程", "ran the whole way"),
    Phrase("new_move", "physical", "学会了一个新动作", "learned a new movement"),
    Phrase("teams", "physical", "在比赛里把球传给队友", "passed the ball to a team mate"),
    Phrase("rests", "physical", "累了自己喝水休息，再回来参加", "rested when tired and came back"),
    Phrase("draws", "aesthetic", "完成了一幅自己构思的画", "finished a picture of own design"),
    Phrase("sings", "aesthetic", "在大家面前唱了一首歌", "sang a song before the others"),
    Phrase("notices", "aesthetic", "说出了喜欢一件作品的理由", "said why a work is liked"),
    Phrase("makes", "aesthetic", "用手边的材料做出了一件作品", "made something from what was at hand"),
    Phrase("tidies", "labour", "活动后收拾好自己的桌面", "tidied the own desk afterwards"),
    Phrase("serves", "labour", "帮忙分餐或发学具", "helped to hand out lunch or tools"),
    Phrase("cleans", "labour", "扫地、擦桌，做完才离开", "swept or wiped and left when it was done"),
    Phrase("own_things", "labour", "自己整理书包和衣物", "packed bag and clothes alone"),
    Phrase("crosses", "moral", "过马路前停下来看两边", "stopped and looked both ways"),
    Phrase("tells_adult", "moral", "遇到不安全的事，马上告诉大人", "told an adult at once about a danger"),
)  # fmt: skip
PHRASE = {phrase.code: phrase for phrase in PHRASES}
