"""One meeting of a person's own as the bytes of one VEVENT, in the language spoken now.

Colleagues read each other's calendars: no personal link and no e-mail address stands in it (calendar rules 13 and 24).
"""

from datetime import datetime

from services.notifications.queries.feeds import OwnRegistration
from services.notifications.rules.desired import Holding, in_language
from services.notifications.rules.own_meeting import State, certainty, leaves_free, shown
from services.notifications.rules.words import Chosen, words
from shared.calendar.entry import Conference, Entry, vevent
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.i18n import N_, Language, current_translator
from shared.i18n import gettext as _
from shared.i18n.moments import deadline_text

_WORDS = {
    "seat": N_("You have a seat."),
    "online": N_("You take part online."),
    "offered": N_("A seat is offered to you."),
    "requested": N_("You asked to take part. The organiser decides about it."),
    "attended": N_("You were there."),
    "no_show": N_("You were not seen at this meeting."),
}


def own_entry(own: OwnRegistration, state: State, feed_changed_at: datetime) -> bytes:
    """The entry of a meeting at which things stand so.

    The UID is no invitation's and not the one of public feeds (calendar rule 26). Of who waits the place may change
    while their own facts do not: those entries are as new as the feed.
    """
    meeting, registration = own.meeting, own.registration
    language = current_translator().language
    holding = shown(meeting, registration, language)
    changed_at = max(meeting.changed_at, own.changed_at)
    label = _("Take part online")
    return vevent(
        Entry(
            uid=f"{registration.id}@own.kring",
            sequence=meeting.revision + own.changes,
            starts_at=holding.starts_at,
            ends_at=holding.ends_at,
            time_zone=holding.time_zone,
            summary=_summary(state, holding, language),
            description=_description(own, state, holding, language),
            location=holding.location or (_("Online") if meeting.attendance_mode == "online" else ""),
            url=meeting.url,
            created_at=meeting.created_at,
            last_modified_at=max(changed_at, feed_changed_at) if state == "waiting" else changed_at,
            categories=_categories(meeting, language),
            conference=Conference(holding.online_url, label) if holding.online_url else None,
            status=certainty(state),
            transparent=leaves_free(state),
        )
    )


def _summary(state: State, holding: Holding, language: Language) -> str:
    """The title, and before it what makes the entry another one than a seat."""
    match state:
        case "called_off":
            return _("Cancelled: %(title)s", title=holding.title)
        case "waiting":
            return _("Waiting list: %(title)s", title=holding.title)
        case "requested":
            return _("Asked: %(title)s", title=holding.title)
        case "offered" if holding.offer_until:
            moment = deadline_text(holding.offer_until, language, holding.time_zone)
            return _("Seat offered, answer before %(moment)s: %(title)s", moment=moment, title=holding.title)
        case _:
            return holding.title


def _description(own: OwnRegistration, state: State, holding: Holding, language: Language) -> str:
    """How things stand, the own programme, what it is about, and where to read more."""
    meeting = own.meeting
    parts = [
        _standing(meeting, own.registration, state, language),
        _("Take part online:") + f" {holding.online_url}" if holding.online_url else "",
        _programme(words(holding, language).choices),
        in_language(meeting.summary, language),
        _("About the meeting:") + f" {meeting.url}",
    ]
    return "\n\n".join(part for part in parts if part)


def _standing(meeting: Meeting, registration: Registration, state: State, language: Language) -> str:
    """The person's own state, in words."""
    match state:
        case "called_off":
            return "\n".join(
                part for part in (_("This meeting has been called off."), meeting.cancelled_reason) if part
            )
        case "waiting":
            return _waiting(registration.place)
        case "online" if registration.waits_for == "seat":
            return _("You take part online, and wait for a seat at the venue.") + " " + _waiting(registration.place)
        case "offered" if registration.offer_until:
            moment = deadline_text(registration.offer_until, language, meeting.time_zone)
            return _(
                "This seat is offered to you. Do you want it? Then answer before %(moment)s with the link in the mail.",
                moment=moment,
            )
        case _:
            return _(_WORDS[state])


def _waiting(place: int | None) -> str:
    if place is None:
        return _("You are on the waiting list.")
    return _("You are on the waiting list, number %(place)s.", place=place)


def _programme(choices: tuple[Chosen, ...]) -> str:
    """The parts of the programme that were chosen, one a line."""
    if not choices:
        return ""
    lines = [f"{choice.text} ({_on_list(choice.place)})" if choice.waits else choice.text for choice in choices]
    return "\n".join([_("What you chose from the programme:"), *lines])


def _on_list(place: int | None) -> str:
    return _("on the waiting list") if place is None else _("number %(place)s on the waiting list", place=place)


def _categories(meeting: Meeting, language: Language) -> tuple[str, ...]:
    """Region, target groups and themes (calendar rule 24)."""
    labels = (*meeting.regions, *meeting.target_groups, *meeting.themes)
    return tuple(dict.fromkeys(in_language(label.labels, language) or label.code for label in labels))
