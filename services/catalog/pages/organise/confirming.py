"""Before a change of a meeting goes out: what it is, from old to new, and how many people hear of it."""

from flask import render_template, request

from services.catalog.forms.meetings import LONGEST_REASON
from services.catalog.pages.organise.history import Difference
from services.catalog.queries import SignedUp
from services.catalog.rules.changes import kinds_of_change, matters, who_hears
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.publication import publication_flaws
from shared.events.catalog import Venue
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.i18n.moments import span_text
from shared.web.forms import Form

_ASKED_ANEW = {"csrf_token", "confirmed", "changeReason"}
"""What the page that asks first does not hand on unseen."""

_MODES = {"offline": N_("at the venue"), "online": N_("online"), "mixed": N_("at the venue or online")}


def is_to_confirm(meeting: Meeting, details: MeetingDetails) -> bool:
    """Whether people's calendars follow this change, so that the organiser confirms it first.

    What cannot be saved anyway is not asked about.
    """
    if meeting.status != "published" or not matters(kinds_of_change(meeting, details)):
        return False
    return not list(publication_flaws(details))


def asking_page(meeting: Meeting, details: MeetingDetails, signed_up: SignedUp, why: Form) -> str:
    """The page that shows what changes and how many hear of it, and asks ``why``; it hands on all that was typed."""
    return render_template(
        "catalog/organise_change.html",
        meeting=meeting,
        kept={name: values for name, values in request.form.lists() if name not in _ASKED_ANEW},
        form=why,
        differences=differences(meeting, details),
        invited=invited_anew(meeting, details, signed_up),
        waiting=signed_up.waiting,
        longest=LONGEST_REASON,
    )


def differences(before: MeetingDetails, after: MeetingDetails) -> list[Difference]:
    """What calendars follow, as far as it changes, in the language spoken now."""
    pairs = [
        Difference(_("Title in Dutch"), before.title.get("nl", ""), after.title.get("nl", "")),
        Difference(_("Title in English"), before.title.get("en", ""), after.title.get("en", "")),
        Difference(_("When"), _when(before), _when(after)),
        Difference(_("How people take part"), _(_MODES[before.attendance_mode]), _(_MODES[after.attendance_mode])),
        Difference(_("Where"), _where(before.venue), _where(after.venue)),
        Difference(_("Link for who takes part online"), before.online_url, after.online_url),
    ]
    return [pair for pair in pairs if pair.before != pair.after]


def invited_anew(before: MeetingDetails, after: MeetingDetails, signed_up: SignedUp) -> int:
    """How many of those with a seat get another invitation for their calendar.

    Only a mixed meeting has people at the venue and online; at any other all take part in the one way.
    """
    concerned = who_hears(kinds_of_change(before, after))
    if before.attendance_mode == "mixed" or len(concerned) > 1:
        return sum(getattr(signed_up, audience) for audience in concerned)
    here = "online" if before.attendance_mode == "online" else "venue"
    return signed_up.venue if here in concerned else 0


def _when(details: MeetingDetails) -> str:
    return span_text(details.starts_at, details.ends_at, current_translator().language, details.time_zone)


def _where(venue: Venue | None) -> str:
    if venue is None:
        return ""
    town = f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(part for part in (venue.name, venue.address, town) if part)
