"""Inviting target groups: chosen, looked at with the numbers, and only then sent; then how far it is."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.notifications.actions.invite_group import go_on, start_campaign, stop
from services.notifications.forms.campaigns import CAMPAIGN_STATUSES, SKIPPED, CampaignPageForm, counted, plan_in
from services.notifications.forms.organisers import not_open, organisers_meeting
from services.notifications.queries.campaigns import campaigns_of, codes_of, invitees, references
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.campaigns import WHOLE_COUNTRY, CampaignPlan, by_region
from services.notifications.rules.guests import is_open
from shared.db.audit import note
from shared.db.transaction import Database
from shared.events.catalog import Meeting
from shared.i18n import Language, current_translator, in_words
from shared.i18n import gettext as _
from shared.people.roles import Thing, may
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Sample = Callable[[Session, str, Meeting, Language, str], Any]
"""How a mail of one kind about a meeting reads, with the ground for using an address: ``subject`` and ``text``."""


def campaign_pages(database: Database, ours: OurAddresses, sample: Sample) -> Blueprint:
    """``/notifications/campaigns/{meeting}``: the form, its preview, and the campaigns that were started."""
    pages = Blueprint("campaigns", __name__, url_prefix="/notifications/campaigns/<meeting_id>")

    @pages.get("")
    @verb("campaign.read")
    def campaigns(meeting_id: str) -> str:
        with database.reading() as session:
            meeting = organisers_meeting(session, meeting_id, "campaign.read")
            return page(session, meeting, _begun(session, meeting))

    @pages.post("/preview")
    @verb("campaign.start")
    def preview(meeting_id: str) -> tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, meeting_id, "campaign.start")
            given = read(session, meeting)
            if given.loaded is None or "edit" in request.form:
                return page(session, meeting, given), 400 if given.errors else 200
            return _preview(session, meeting, given, ours, sample), 200

    @pages.post("")
    @verb("campaign.start")
    def start(meeting_id: str) -> Response | tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, meeting_id, "campaign.start")
            given = read(session, meeting)
            if given.loaded is None:
                return page(session, meeting, given), 400
        if not is_open(meeting, database.clock()):
            raise not_open()
        plan = _plan(given, meeting)
        with database.begin() as tx:
            people = invitees(tx.session, ours, meeting_id, plan)
            start_campaign(tx, meeting, plan, people, current_actor().id or "unknown")
        return redirect(url_for("campaigns.campaigns", meeting_id=meeting_id, started=len(people)), 303)

    @pages.post("/<campaign_id>/<any(continuation, stop):act>")
    @verb("campaign.start")
    def act(meeting_id: str, campaign_id: str, act: str) -> Response:
        with database.reading() as session:
            organisers_meeting(session, meeting_id, "campaign.start")
            if campaign_id not in {each.row.id for each in campaigns_of(session, meeting_id)}:
                raise Problem(404)
        with database.begin() as tx:
            (go_on if act == "continuation" else stop)(tx, campaign_id)
            by, facts = current_actor().id or "", {"act": act}
            note(tx, "campaign.steered", by=by, thing=campaign_id, meeting_id=meeting_id, facts=facts)
        return redirect(url_for("campaigns.campaigns", meeting_id=meeting_id), 303)

    def page(session: Session, meeting: Meeting, form: Form) -> str:
        return render_template(
            "notifications/campaigns.html",
            **_named(session, meeting),
            form=form,
            started=request.args.get("started", type=int),
            is_open=is_open(meeting, database.clock()),
            may_start=may(current_actor(), "campaign.start", Thing(_codes(meeting.regions), meeting.id)),
            campaigns=campaigns_of(session, meeting.id),
            statuses=CAMPAIGN_STATUSES,
            skipped=SKIPPED,
        )

    return pages


def _begun(session: Session, meeting: Meeting) -> Form:
    """What stands in the form at first: what the address says (``targetGroup``, ``region``, ``organisations``)."""
    roles, regions = set(request.args.getlist("targetGroup")), set(request.args.getlist("region"))
    known = codes_of(session, "target-group") | set(_codes(meeting.target_groups))
    return filled(
        {
            "targetGroups": sorted(roles & known) or [*_codes(meeting.target_groups)],
            "regions": sorted(regions & codes_of(session, "region")) or [*_codes(meeting.regions)],
            "organisations": request.args.get("organisations", ""),
        }
    )


def read(session: Session, meeting: Meeting) -> Form:
    """The posted form; also roles that only the meeting names are known."""
    roles = codes_of(session, "target-group") | set(_codes(meeting.target_groups))
    return read_form(CampaignPageForm(roles, codes_of(session, "region")))


def _preview(session: Session, meeting: Meeting, form: Form, ours: OurAddresses, sample: Sample) -> str:
    """To how many it goes, by role and by region, and how they will read it."""
    plan = _plan(form, meeting)
    people = invitees(session, ours, meeting.id, plan)
    kinds = ["group_invitation"] if any(not each.brought for each in people) else []
    kinds += ["brought_invitation"] if any(each.brought for each in people) else []
    language = current_translator().language
    return render_template(
        "notifications/campaign_preview.html",
        **_named(session, meeting),
        form=form,
        count=len(people),
        by_role=counted(people),
        by_region=by_region(people, plan.regions),
        brought=sum(each.brought is not None for each in people),
        mails=[sample(session, kind, meeting, language, plan.ground) for kind in kinds],
    )


def _named(session: Session, meeting: Meeting) -> dict[str, Any]:
    """The meeting, and the words for roles and regions."""
    roles: Sequence[Any] = meeting.target_groups or references(session, "target-group")
    places = {WHOLE_COUNTRY: _("The whole country")}
    places |= {row.code: in_words(row.labels) for row in references(session, "region") if row.code != WHOLE_COUNTRY}
    return {
        "meeting": meeting,
        "title": in_words(meeting.title),
        "roles": {role.code: in_words(role.labels) for role in roles},
        "regions": places,
    }


def _plan(form: Form, meeting: Meeting) -> CampaignPlan:
    assert form.loaded is not None
    return plan_in(form.loaded, _codes(meeting.regions))


def _codes(labels: Any) -> tuple[str, ...]:
    return tuple(label.code for label in labels)
