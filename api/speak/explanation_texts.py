"""The texts of explanations; `api.speak.explanations` fills them with facts."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Pair

RULES: Mapping[str, Pair] = {
    "clearance": ("没有有效的从业查询", "no valid background check"),
    "adulthood": ("未满 18 岁", "not an adult"),
    "roles": ("没有这个岗位的资格，或不会合适的课", "not their role, or no fitting course"),
    "roles_duty": ("没有这个岗位的资格", "not their role"),
    "roles_lesson": ("不上课，或不会合适的课", "gives no fitting course"),
    "bans": ("不得安排到这里", "banned from here"),
    "duty": ("这个班那时不在", "the class is not there then"),
    "lesson": ("课程的年级或次数不合", "the course does not fit the grades, or was given often enough"),
    "room": ("没有空的、够大的功能室", "no free room that is large enough"),
    "heat": ("高温日不上室外课", "outdoors on a heat day"),
    "one_lead": ("已经有班主任", "there is a lead already"),
    "pins": ("有人已被固定在那里", "somebody is pinned there"),
    "reach": ("路太远", "too far away"),
    "availability": ("那时没空", "not available then"),
    "one_place": ("那时在别处", "elsewhere at that time"),
    "travel": ("赶不过来", "not enough time to get there"),
    "load": ("本周已经排满", "full week already"),
}
"""What a rule says of somebody whom it excludes, in few words, to be counted."""

EXCLUSIONS: Mapping[str, Pair] = {
    "clearance": ("没有有效的从业查询", "has no valid background check"),
    "adulthood_lead": ("未满 18 岁，不能当班主任", "is not an adult and cannot lead"),
    "adulthood_visit": ("未满 18 岁，不能单独来上课", "is not an adult and cannot come for a lesson alone"),
    "adulthood_adult": ("未满 18 岁，不计入大人数", "is not an adult and does not count"),
    "roles_lead": ("没有班主任的资格", "cannot be a lead"),
    "roles_assistant": ("不做助教", "cannot be an assistant"),
    "roles_instructor": ("不上课，或不会合适的课", "gives no lessons, or none that would fit"),
    "roles_course": ("不会上{course}", "cannot give {course}"),
    "bans": ("不得安排到这里", "is banned from here"),
    "duty": ("这个班那时不在", "the class is not there then"),
    "lesson_slot": ("这节已经有课：{against}", "there is a lesson already: {against}"),
    "lesson_weekday": ("{course}这一天已经上过", "{course} is on that day already"),
    "lesson_week": ("{course}这一周已经上了 {most} 次", "{course} is given {most} times in the week already"),
    "lesson_grades": ("{course}只收 {course_grades} 年级", "{course} is for grades {course_grades}"),
    "lesson": ("这个班没有这一节", "the class has no such slot"),
    "room_missing": ("{course}要用的功能室这里没有", "there is no room here for {course}"),
    "room_small": ("{course}的功能室坐不下这个班", "the room for {course} is too small for the class"),
    "room_shared": ("{course}的功能室那时有课：{against}", "the room for {course} is taken: {against}"),
    "room": ("功能室不合适", "the room does not fit"),
    "heat": ("高温日不上室外课（{course}）", "no {course} outdoors on a heat day"),
    "one_lead": ("已经有班主任", "there is a lead already"),
    "pins": ("已固定：{against}", "pinned: {against}"),
    "reach": ("离那里 {km} 公里，最远只去 {reach_km} 公里", "lives {km} km away and goes {reach_km} km at most"),
    "availability": ("{segment}没空", "is not available on {segment}"),
    "one_place": ("那时已在：{against}", "is elsewhere then: {against}"),
    "travel": (
        "赶不过来：与 {against} 之间只有 {gap} 分钟，路上要 {minutes} 分钟",
        "cannot get there: {gap} minutes from {against}, the way takes {minutes}",
    ),
    "load": (
        "再排就是 {segments} 个时段，最多 {max_segments} 个",
        "would have {segments} segments, {max_segments} at most",
    ),
}

PARTS: Mapping[str, Pair] = {
    "load": (
        "{person}多排 1 个时段（本周 {to} 个，原来最多 {from} 个）",
        "{person} takes one segment more ({to} in the week, {from} at most so far)",
    ),
    "reach": (
        "{person}多走些路（到这里 {km} 公里，原来最远 {from} 公里）",
        "{person} comes farther ({km} km, {from} km at most so far)",
    ),
    "availability": ("{person}{segment}抽出时间", "{person} makes time on {segment}"),
    "clearance": ("{person}补办从业查询", "{person} gets a background check"),
    "role": ("{person}担任{role}", "{person} takes the role of {role}"),
    "children": ("这个班 {to} 名孩子，而不是 {from} 名", "{to} children in the class instead of {from}"),
    "person": ("{segment}在{site}再找 1 名{role}", "one more {role} at {site} on {segment}"),
    "instructor": ("再找 1 名会上{course}的老师，{slot}到{site}", "one more instructor of {course} at {site}, {slot}"),
    "room": ("{site}再有一间{kind}（坐得下 {capacity} 人）", "one more {kind} room for {capacity} at {site}"),
}

CHANGES: Mapping[str, Pair] = {
    "assign": ("{person}现在就能来，什么都不用改", "{person} can come as things are"),
    "move": ("调动一下就行，谁都不用多做", "Others move, and nobody has to do more"),
    "goes": ("{person}：{entry}", "{person}: {entry}"),
    "leaves": ("{person}不再：{entry}", "{person} no longer: {entry}"),
}

PLACES: Mapping[str, Pair] = {
    "people": (
        "{class}，{segment}：要 {need} 名大人，有 {adults} 名",
        "{class}, {segment}: needs {need} adults, has {adults}",
    ),
    "no_lead": ("没有班主任", "no lead"),
    "lesson_open": ("{class}，{slot}：还没有课程", "{class}, {slot}: no course yet"),
    "lesson": ("{class}，{slot}：{course}", "{class}, {slot}: {course}"),
    "domain": (
        "{class}：{domain}本周 {given} 节，至少要 {minimum} 节",
        "{class}: {given} lessons of the domain “{domain}”, {minimum} at least",
    ),
}

WANTS: Mapping[str, Pair] = {
    "lead": ("缺班主任", "A lead is missing"),
    "adult": ("缺 {missing} 名大人", "{missing} adults are missing"),
    "adult_1": ("缺 1 名大人", "1 adult is missing"),
    "lesson": ("缺一节课", "A lesson is missing"),
    "domain": ("缺 {missing} 节{domain}课", "{missing} lessons of this domain are missing"),
    "domain_1": ("缺 1 节{domain}课", "1 lesson of this domain is missing"),
}

SAID: Mapping[str, Pair] = {
    "looked_at": (
        "看过 {volunteers} 名志愿者；每人只算在第一个原因下：",
        "Of {volunteers} volunteers, each counted under the first reason:",
    ),
    "count": ("{rule} {n} 人", "{rule}: {n}"),
    "here": ("已经在这个班 {n} 人", "with the class already: {n}"),
    "free": (
        "有 {n} 人现在就能来：这份排班还可以更好",
        "{n} could come as things are: the roster can simply be improved",
    ),
    "movable": (
        "没有人正好有空，但调动一下就能填上",
        "Nobody is free as things are, but it can be filled by moving people",
    ),
    "nobody_fits": ("现有的志愿者里没有合适的", "None of the volunteers could fill it"),
    "core": ("至少要放宽：{rules}", "What would have to give way: {rules}"),
    "no_core": ("没有人只差能商量的事", "Nobody is kept out only by what could be changed"),
    "safety": ("安全缺口", "safety gaps"),
    "safety_1": ("安全缺口", "safety gap"),
    "programme": ("课程缺口", "programme gaps"),
    "programme_1": ("课程缺口", "programme gap"),
    "quality": ("质量代价", "points of quality cost"),
    "quality_1": ("质量代价", "point of quality cost"),
    "more": ("{level}多 {n}", "{n} more {level}"),
    "fewer": ("{level}少 {n}", "{n} fewer {level}"),
    "same": ("一样好", "no difference"),
    "without": ("没有{person}：{cost}", "Without {person}: {cost}"),
    "instead": ("换成{person}（{entry}）：{cost}", "{person} instead ({entry}): {cost}"),
    "instead_moving": (
        "换成{person}（{entry}），另外调动 {n} 人：{cost}",
        "{person} instead ({entry}), and {n} others move: {cost}",
    ),
    "pinned": ("这是固定项，不会换人", "Pinned: nobody else is put there"),
    "nobody_else": ("没有别人能接替", "Nobody else could take over"),
    "possible": ("可以来（{entry}）：{cost}", "Possible ({entry}): {cost}"),
    "impossible": ("不能来（{entry}）：{reasons}", "Not possible ({entry}): {reasons}"),
    "no_way": ("不能来：{reasons}", "Not possible: {reasons}"),
    "swap": ("代替{person}：{cost}", "In the place of {person}: {cost}"),
    "swap_no": ("代替{person}也不行：{reasons}", "Not in the place of {person} either: {reasons}"),
    "indoors": (
        "{course}，{person}{room}（兴趣 {interest}）：{cost}",
        "{course}, {person}{room} (interest {interest}): {cost}",
    ),
    "fallback_hot": ("高温日：室内替代", "Heat day: indoors instead"),
    "fallback": ("如果太热：室内替代", "If it gets too hot: indoors instead"),
    "no_fallback": ("没有现成的室内课", "No indoor course could be given as things are"),
    "engaged": ("本周排了 {engaged} 个时段，最多 {most} 个", "{engaged} segments in the week, {most} at most"),
    "open_for": (
        "有空的时候全区有 {n} 处空缺；去不了的原因：",
        "{n} open places when they have time; why none of them:",
    ),
    "none_open": ("有空的时候没有别的空缺", "No place is open when they have time"),
    "place_count": ("{rule} {n} 处", "{rule}: {n}"),
    "chance": ("现在就能去：{place}", "Could go as things are: {place}"),
    "near": ("只差一点：{place}——{reasons}", "Nearly: {place}: {reasons}"),
}
