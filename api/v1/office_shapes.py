"""From the registry's rows to what `/api/v1/office` answers with."""

from __future__ import annotations

from typing import Any

from api.v1.office_models import ApplicationDetail, EventModel, ExportModel, NamedClass, RoundOverview, SiteModel
from registry.enrolment.desk import DeskDetail, Overview, RoundLine
from registry.privacy.bulk_exports import ExportLine


def round_facts(line: RoundLine) -> dict[str, Any]:
    """The fields of a round."""
    its = line.round
    stored = {name: getattr(its, name) for name in ("id", "season", "name", "mode", "opens_at", "closes_at")}
    figures = ("phase", "classes", "places", "sent", "drafts", "unverified", "next_step")
    return stored | {name: getattr(line, name) for name in figures}


def overview_of(found: Overview) -> RoundOverview:
    """A round with its sites."""
    sites = [
        SiteModel(
            site_id=s.site_id, site=s.site, classes=len(s.classes), places=s.places, first=s.first, taken=s.taken
        )
        for s in found.sites
    ]  # fmt: skip
    return RoundOverview(**round_facts(found.line), by_status=dict(found.by_status), sites=sites)


def detail_of(it: DeskDetail) -> ApplicationDetail:
    """An application at the desk."""
    same = ("number", "child", "entry_year", "state", "claim", "verified_by", "verified_on", "consents")
    return ApplicationDetail(
        **{name: getattr(it, name) for name in (*same, "may_verify", "may_decide")},
        round_id=it.round.id or 0, status=it.status.code, weekdays=list(it.weekdays),
        group=it.group.code if it.group else None, history=[EventModel.model_validate(e) for e in it.history],
        wishes=[NamedClass(class_run_id=w.row.id, name=f"{w.row.site} {w.row.name}") for w in it.wishes],
    )  # fmt: skip


def export_of(line: ExportLine) -> ExportModel:
    """A list that was asked for."""
    same = {name: getattr(line, name) for name in ("round", "site", "asked_by", "approved_by", "state", "is_mine")}
    return ExportModel(id=line.export.id or 0, reason=line.export.reason, **same)
