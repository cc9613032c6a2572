"""Inviting target groups to a meeting, for programs."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from services.notifications.actions.invite_group import start_campaign
from services.notifications.forms.campaigns import CampaignForm, CampaignOut, StartedOut, counted, plan_in, shown
from services.notifications.forms.organisers import not_open, organisers_meeting
from services.notifications.queries.campaigns import campaigns_of, codes_of, invitees
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.guests import is_open
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, PageQuery, page_of, part_of
from shared.web.reading import read_body, read_query


def campaigns_api(database: Database, ours: OurAddresses) -> Blueprint:
    """``/notifications/v1/meetings/{id}/campaigns``."""
    api = Blueprint("inviting", __name__, url_prefix="/notifications/v1", description=N_("Inviting target groups"))

    @api.route("/meetings/<meeting_id>/campaigns")
    class Campaigns(MethodView):
        @verb("campaign.start")
        @api.accepts(CampaignForm)
        @api.refuses("meeting-unknown", "sign-up-closed")
        @api.response(202, StartedOut)
        def post(self, meeting_id: str) -> dict[str, Any]:
            """Invite everyone who asked for it in these roles and regions, and the addresses that are brought.

            Tells how many people that are; whoever was invited to this meeting or is signed up is left out.
            """
            with database.reading() as session:
                meeting = organisers_meeting(session, meeting_id, "campaign.start")
                roles = codes_of(session, "target-group") | {group.code for group in meeting.target_groups}
                form = read_body(CampaignForm(roles, codes_of(session, "region")))
            plan = plan_in(form, tuple(region.code for region in meeting.regions))
            if not is_open(meeting, database.clock()):
                raise not_open()
            with database.begin() as tx:
                people = invitees(tx.session, ours, meeting_id, plan)
                campaign_id = start_campaign(tx, meeting, plan, people, current_actor().id or "unknown")
            return {"id": campaign_id, "people": len(people), "target_groups": counted(people)}

        @verb("campaign.read")
        @api.asks(PageQuery)
        @api.refuses("meeting-unknown")
        @api.response(200, CampaignOut(many=True))
        def get(self, meeting_id: str) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
            """List the campaigns of a meeting, newest first: how far they are, and what was answered."""
            with database.reading() as session:
                organisers_meeting(session, meeting_id, "campaign.read")
                page = page_of(read_query(PageQuery()))
                found, links = part_of(campaigns_of(session, meeting_id), page)
            return [shown(progress) for progress in found], links

    return api
