"""Sentences about rounds and draws that cannot be done as asked. Each says what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Pair

DRAWS: Mapping[str, Pair] = {
    "round_unknown": ("没有这一轮报名", "there is no such round"),
    "draw_unknown": ("没有这次摇号", "there is no such draw"),
    "round_without_draw": ("这一轮不是摇号，没有可摇的", "this round has no draw: its places are given in another way"),
    "round_cancelled": ("这一轮已取消", "this round was cancelled"),
    "round_still_open": (
        "报名还没有截止。截止以后才能封存名单",
        "the round is still open. The list is frozen after it has closed",
    ),
    "no_applications": ("这一轮没有一份已提交的报名", "no application was submitted in this round"),
    "no_classes": ("这一轮没有班次", "this round has no classes"),
    "no_seed_source": (
        "这一轮没有公布种子从哪里来，不能摇号",
        "nobody announced where this round's seed comes from: it cannot be drawn",
    ),
    "round_frozen": ("名单已封存，指纹 {hash}", "the list is frozen already; its hash is {hash}"),
    "draw_running": ("这次摇号正在进行", "this draw is running"),
    "draw_published": ("这次摇号已经公布，不能再改", "this draw is published and cannot be changed"),
    "draw_not_done": ("这次摇号还没有结果", "this draw has no result yet"),
    "draw_not_frozen": ("这一轮的名单还没有封存", "the list of this round is not frozen yet"),
    "draw_not_published": ("这一轮的结果还没有公布", "the result of this round is not published yet"),
    "draw_not_queued": ("这次摇号不在等候中", "this draw does not wait to be run"),
    "seed_known": ("种子已经定了，不能换", "the seed is known and cannot be changed"),
    "seed_needed": ("请填公开事件的结果：{event}", "write what the public event brought: {event}"),
    "confirm_by_passed": (
        "确认期限 {at} 已经过了。请先改这一轮的期限",
        "the deadline for answers, {at}, has passed. Change it first",
    ),
    "no_placement": ("摇号在有结果以前被停下了", "the draw was stopped before it had a result"),
    "placement_broken": (
        "结果没有通过检查（{n} 处），没有保存。请把这句话告诉开发者",
        "the result did not pass the check ({n} faults) and was not stored. Tell the developers",
    ),
}
