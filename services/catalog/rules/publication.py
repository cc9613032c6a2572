"""What a meeting needs before the public may see it."""

from collections.abc import Iterator
from datetime import datetime

from services.catalog.rules.flaws import Flaw
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.seat_plan import seat_plan_flaws
from shared.i18n import N_


def publication_flaws(meeting: MeetingDetails) -> Iterator[Flaw]:
    """Every reason why ``meeting`` cannot be published, or would no longer be publishable after a change."""
    if not meeting.regions:
        yield Flaw("region", "region-missing", N_("Choose the region this meeting is for."))
    if not meeting.organiser.name:
        yield Flaw("organiser.name", "organiser-missing", N_("Say who organises this meeting."))
    yield from _place_flaws(meeting)
    terms = meeting.registration
    if terms.opens_at and terms.closes_at and terms.closes_at <= terms.opens_at:
        yield Flaw("registration.closesAt", "closes-before-opening", N_("Sign-up would close before it opens."))
    if meeting.seat_plan is None:
        yield Flaw("seatPlan.capacity", "capacity-missing", N_("Say how many seats there are."))
    else:
        yield from seat_plan_flaws(meeting.seat_plan, meeting.target_groups)


def remarks(meeting: MeetingDetails) -> Iterator[Flaw]:
    """What is odd about ``meeting``, and may still be meant so: shown before publication, and no reason to refuse."""
    closes_at, begins, ends = meeting.registration.closes_at, meeting.starts_at, meeting.ends_at
    if meeting.doors_open_at and meeting.doors_open_at > begins:
        yield Flaw("doorsOpenAt", "doors-after-start", N_("The doors open after the meeting begins."))
    if closes_at and closes_at > begins:
        yield Flaw("registration.closesAt", "closes-after-start", N_("Sign-up stays open after the meeting begins."))
    if not (meeting.contact.email or meeting.contact.phone or meeting.organiser.email):
        yield Flaw("contact.email", "contact-missing", N_("Nobody is named who answers questions."))
    for position, session in enumerate(meeting.sessions):
        moments = [moment for moment in (session.starts_at, session.ends_at) if moment]
        if any(not begins <= moment <= ends for moment in moments):
            name = f"sessions.{position}.startsAt"
            yield Flaw(
                name, "outside-the-meeting", N_("This part of the programme is outside the hours of the meeting.")
            )


def plan_flaws(before: Meeting | None, details: MeetingDetails, now: datetime) -> Iterator[Flaw]:
    """What is wrong with when ``details`` are to be published by themselves, where that is not what it was ``before``.

    ``before`` is None for a new draft. ``now`` is aware.
    """
    moment = details.publish_at
    if moment is None or (before and before.publish_at == moment):
        return
    if before and not before.is_draft:
        yield Flaw("publishAt", "not-a-draft", N_("This meeting was published already."))
    elif moment <= now:
        yield Flaw("publishAt", "in-the-past", N_("Choose a moment that is still to come."))
    elif moment >= details.starts_at:
        yield Flaw("publishAt", "after-the-start", N_("Choose a moment before the meeting begins."))


def was_due(meeting: Meeting, now: datetime) -> bool:
    """Whether a draft was to be public by ``now`` (aware), and is not: something is wrong with it."""
    return meeting.is_draft and meeting.publish_at is not None and meeting.publish_at <= now


def _place_flaws(meeting: MeetingDetails) -> Iterator[Flaw]:
    """A meeting is held somewhere or online; a mixed one may still lack one of the two."""
    venue = meeting.venue
    has_venue = venue is not None and bool(venue.name or venue.address or venue.city)
    may_be_online, may_be_somewhere = meeting.attendance_mode != "offline", meeting.attendance_mode != "online"
    if (has_venue and may_be_somewhere) or (meeting.online_url and may_be_online):
        return
    if may_be_somewhere:
        yield Flaw("venue", "venue-missing", N_("Say where people meet, or choose an online meeting."))
    else:
        yield Flaw("onlineUrl", "link-missing", N_("Give the link with which people take part online."))
