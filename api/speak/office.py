"""Words and sentences of the office's pages of enrolment."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak.language import Language, Pair, pick

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "phase": {
        "draft": ("草稿", "draft"),
        "announced": ("已公布，未开始", "announced"),
        "open": ("报名中", "open"),
        "closed": ("已截止", "closed"),
        "frozen": ("名单已封存", "list frozen"),
        "published": ("结果已公布", "result published"),
        "cancelled": ("已取消", "called off"),
    },
    "mode": {
        "lottery": ("摇号", "draw"),
        "first_come": ("先到先得", "first come, first served"),
        "approval": ("审核", "approval"),
    },
    "order": {
        "served-first": ("先让更多孩子有位子，再看优先群体", "more children served first, then priority groups"),
        "tier-first": ("先满足优先群体", "priority groups first"),
    },
    "families": {
        "prefer-together": ("尽量同一个点位", "together where possible"),
        "together-or-none": ("要么一起，要么都不", "together or not at all"),
    },
    "status": {
        "draft": ("草稿", "draft"),
        "submitted": ("已提交", "sent"),
        "eligible": ("没有位子", "no place"),
        "rejected": ("没有通过", "refused"),
        "placed": ("待确认", "to be confirmed"),
        "waitlisted": ("候补", "waitlist"),
        "confirmed": ("已确认", "confirmed"),
        "attending": ("正在参加", "attending"),
        "completed": ("已结束", "completed"),
        "withdrawn": ("已撤回", "withdrawn"),
        "no_show": ("没有来", "did not come"),
    },
    "claim": {
        "none": ("没有申请优先", "none"),
        "claimed": ("待核实", "to be verified"),
        "verified": ("已核实", "verified"),
        "refused": ("没有通过核实", "not confirmed"),
    },
    "standing": {
        "confirmed": ("已确认", "place confirmed"),
        "offered": ("待确认", "place offered"),
        "applied": ("已报名，还没有位子", "applied, no place yet"),
    },
    "step": {
        "classes": ("选班次", "Choose classes"),
        "announce": ("公布", "Announce"),
        "verify": ("核实优先", "Verify claims"),
        "draw": ("摇号", "Draw"),
        "decide": ("审核", "Decide"),
        "results": ("看结果", "See results"),
        "see": ("查看", "See"),
    },
    "export": {
        "waiting": ("等另一个人批准", "waits for approval"),
        "approved": ("已批准，可下载一次", "approved; to be taken once"),
        "taken": ("已下载", "taken"),
        "over": ("过期没有下载", "not taken in time"),
    },
}

REFUSED: Mapping[str, Pair] = {
    "export_unknown": ("没有这个导出申请", "there is no such export"),
    "export_own": ("自己申请的要由另一个人批准", "somebody else has to approve what you asked for"),
    "export_approved": ("已经批准过了", "it was approved before"),
    "export_not_approved": ("还没有批准，请等另一个人批准", "it is not approved yet; somebody else has to do that"),
    "export_taken": ("已经下载过一次。再要请重新申请", "it was taken once already. Ask again for another"),
    "export_over": ("批准以后 7 天没有下载，已过期。请重新申请", "it was not taken within 7 days. Ask again"),
    "export_not_yours": ("只有申请的人可以下载", "only whoever asked for it may take it"),
    "partner_unknown": ("没有这家合作机构", "there is no such partner"),
    "site_missing": ("没有这个点位", "there is no such site"),
    "paper_first_come": ("先到先得的场次不收纸质报名", "no paper forms where the first come is served first"),
}


def word(kind: str, code: str, language: Language) -> str:
    """A word for a code, by what kind of code it is; one that has no word as it is."""
    return pick(WORDS[kind].get(code, (code, code)), language)
