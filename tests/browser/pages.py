"""Every page that people can open, in the demonstration."""

from dataclasses import dataclass

from deploy.demo.stories import story_id
from services.registration.rules.door import door_code
from tests.browser.running import RunningKring

VISITOR, PARTICIPANT, ORGANISER = "visitor", "participant", "organiser"


@dataclass(frozen=True)
class Place:
    """One page: what we call it, its path (a participant's: behind that of the own registration), and who looks."""

    name: str
    path: str
    reader: str


def places(kring: RunningKring) -> list[Place]:
    """All of them; a page that asks for an example gets one of the demonstration."""
    nearly_full = kring.meeting("Startbijeenkomst inkopersgroep")
    cancelled = kring.meeting("Werkgroep circulair")
    held = kring.meeting("Kick-off duurzaam")
    full = kring.meeting("Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland")
    asks = kring.meeting("Netwerkmiddag")
    draft = next(each for each in kring.get("/v1/meetings?status=draft") if each["publishAt"])
    utrecht = "https://identifier.overheid.nl/tooi/id/provincie/pv26"
    waiting = kring.get(f"/registration/v1/meetings/{full['id']}/registrations?status=waitlisted")[0]
    mail = kring.get("/notifications/v1/messages")[0]
    invited = kring.mail_to("deelnemer40@", "U heeft een plek")
    kring.answer_of_a_stranger(invited)
    kring.ask_to_be_invited("noor@bezoeker.example")
    subscribed = kring.mail_to("noor@bezoeker.example")
    link = kring.get("/v1/knowledge?kind=link")[0]
    return [
        Place("start", "/", VISITOR),
        Place("meetings", "/meetings", VISITOR),
        Place("meetings-none", "/meetings?q=xyzzy", VISITOR),
        Place("meetings-past", f"/meetings?until={held['endsAt'][:10]}", VISITOR),
        Place("meetings-none-nearby", "/meetings?q=xyzzy&region=PV26", VISITOR),
        Place("subscribe", "/calendar?region=PV26", VISITOR),
        Place("meetings-wrong", "/meetings?region=nowhere", VISITOR),
        Place("meeting", f"/meetings/{nearly_full['slug']}", VISITOR),
        Place("meeting-cancelled", f"/meetings/{cancelled['slug']}", VISITOR),
        Place("meeting-held", f"/meetings/{held['slug']}", VISITOR),
        Place("about", "/about", VISITOR),
        Place("knowledge", "/knowledge", VISITOR),
        Place("knowledge-none", "/knowledge?q=xyzzy", VISITOR),
        Place("knowledge-question", "/knowledge/is-circulair-verbouwen-duurder", VISITOR),
        Place("knowledge-link", "/knowledge/pianoo-over-maatschappelijk-verantwoord-inkopen", VISITOR),
        Place("knowledge-document", "/knowledge/actieplan-van-een-gemeente-voorbeeld", VISITOR),
        Place("knowledge-past", "/knowledge/klimaatenvelop-eerste-ronde-voorbeeld", VISITOR),
        Place("experts", "/knowledge/experts", VISITOR),
        Place("manifest", "/manifest", VISITOR),
        Place("reach", "/reach", VISITOR),
        Place("stories", "/stories", VISITOR),
        Place("story", "/stories/vergaderen-zonder-wegwerpbekers", VISITOR),
        Place("story-new", "/stories/new", VISITOR),
        Place("feedback", "/feedback?page=/meetings&satisfied=no", VISITOR),
        Place("research", "/feedback/research", VISITOR),
        Place("sign-up", f"/registration/meetings/{nearly_full['slug']}", VISITOR),
        Place("sign-up-questions", f"/registration/meetings/{asks['slug']}", VISITOR),
        Place("sign-up-full", f"/registration/meetings/{full['slug']}", VISITOR),
        Place("sign-up-series", f"/registration/series/{full['series']}", VISITOR),
        Place("sign-up-closed", f"/registration/meetings/{cancelled['slug']}", VISITOR),
        Place("mine-without-link", "/registration/mine", VISITOR),
        Place("sign-in", "/registration/sign-in", VISITOR),
        Place("answer", kring.link_in(invited, "/notifications/answer/"), VISITOR),
        Place("whose-answer", kring.link_in(kring.mail_to("deelnemer40@", "Was u dit?"), "/notifications/"), VISITOR),
        Place("to-be-invited", "/notifications/subscriptions", VISITOR),
        Place("to-be-invited-confirm", kring.link_in(subscribed, "/notifications/subscriptions/"), VISITOR),
        Place("preferences", kring.link_in(subscribed, "/notifications/preferences/"), VISITOR),
        Place("accessibility", "/toegankelijkheid", VISITOR),
        Place("privacy", "/privacy", VISITOR),
        Place("privacy-registration", "/registration/privacy", VISITOR),
        Place("privacy-notifications", "/notifications/privacy", VISITOR),
        Place("not-found", "/nowhere", VISITOR),
        Place("open-data", "/open-data", VISITOR),
        Place("problems", "/registration/problems", VISITOR),
        Place("problem", "/registration/problems/closed", VISITOR),
        Place("programmers-catalog", "/v1/docs", VISITOR),
        Place("programmers-registration", "/registration/v1/docs", VISITOR),
        Place("programmers-notifications", "/notifications/v1/docs", VISITOR),
        Place("mine", "", PARTICIPANT),
        Place("mine-details", "/details", PARTICIPANT),
        Place("mine-other-meetings", "/meetings", PARTICIPANT),
        Place("mine-other-meeting", f"/meetings/{asks['slug']}", PARTICIPANT),
        Place("mine-second-person", "/companion", PARTICIPANT),
        Place("mine-hand-over", "/transfers", PARTICIPANT),
        Place("mine-calendar", "/calendar", PARTICIPANT),
        Place("organise", "/organise", ORGANISER),
        Place("organise-past", "/organise/past", ORGANISER),
        Place("organise-new", "/organise/meetings/new", ORGANISER),
        Place("organise-meeting", f"/organise/meetings/{nearly_full['id']}", ORGANISER),
        Place("organise-history", f"/organise/meetings/{nearly_full['id']}/history", ORGANISER),
        Place("organise-draft", f"/organise/meetings/{draft['id']}", ORGANISER),
        Place("organise-preview", f"/organise/meetings/{draft['id']}/preview", ORGANISER),
        Place("organise-discard", f"/organise/meetings/{draft['id']}/discarding", ORGANISER),
        Place("organise-copies", f"/organise/meetings/{nearly_full['id']}/copies", ORGANISER),
        Place("organise-series", f"/organise/series?name={full['series']}", ORGANISER),
        Place("imports", "/organise/imports", ORGANISER),
        Place("words-kept", "/organise/reference", ORGANISER),
        Place("regions-kept", "/organise/reference/regions", ORGANISER),
        Place("region-kept", "/organise/reference/regions/one?code=midden-voorbeeld", ORGANISER),
        Place("theme-new", "/organise/reference/themes/one", ORGANISER),
        Place("venues-kept", "/organise/reference/venues", ORGANISER),
        Place("venue-kept", "/organise/reference/venues/one?code=zaal-de-kring", ORGANISER),
        Place("organisations", "/organise/organisations?q=utrecht", ORGANISER),
        Place("organisation", f"/organise/organisations/one?code={utrecht}", ORGANISER),
        Place("knowledge-kept", "/organise/knowledge", ORGANISER),
        Place("knowledge-new", "/organise/knowledge/new?kind=scheme", ORGANISER),
        Place("knowledge-item", f"/organise/knowledge/{link['id']}", ORGANISER),
        Place("files", f"/organise/meetings/{held['id']}/files", ORGANISER),
        Place("links-kept", "/organise/links", ORGANISER),
        Place("experts-kept", "/organise/experts", ORGANISER),
        Place("expert-new", "/organise/experts/new", ORGANISER),
        Place("texts-kept", "/organise/texts", ORGANISER),
        Place("text-kept", "/organise/texts/start", ORGANISER),
        Place("manifests-kept", "/organise/manifest", ORGANISER),
        Place("manifest-kept", "/organise/manifest/manifest-eerlijk-inkopen-voorbeeld", ORGANISER),
        Place("reach-exact", "/organise/reach?region=PV26", ORGANISER),
        Place("stories-to-judge", "/organise/stories", ORGANISER),
        Place("story-to-judge", f"/organise/stories/{story_id(3)}", ORGANISER),
        Place("feedback-given", "/organise/feedback", ORGANISER),
        Place("feedback-of-a-page", "/organise/feedback/page?page=/meetings", ORGANISER),
        Place("manifest-new", "/organise/manifest/new", ORGANISER),
        Place("desks", "/registration/desk", ORGANISER),
        Place("desks-past", "/registration/desk?past=true", ORGANISER),
        Place("desk", f"/registration/desk/{nearly_full['slug']}", ORGANISER),
        Place("desk-full", f"/registration/desk/{full['slug']}", ORGANISER),
        Place("desk-registrations", f"/registration/desk/{full['slug']}/registrations?status=waitlisted", ORGANISER),
        Place("desk-registration", f"/registration/desk/{full['slug']}/registrations/{waiting['id']}", ORGANISER),
        Place("desk-new", f"/registration/desk/{full['slug']}/new", ORGANISER),
        Place("desk-plan", f"/registration/desk/{full['slug']}/plan?capacity=50", ORGANISER),
        Place("desk-plan-wrong", f"/registration/desk/{full['slug']}/plan?capacity=-1", ORGANISER),
        Place("desk-messages", f"/registration/desk/{full['slug']}/messages", ORGANISER),
        Place("door", f"/registration/check-in/{nearly_full['slug']}", ORGANISER),
        Place("door-code", f"/registration/check-in/{full['slug']}?code={door_code(waiting['id'])}", ORGANISER),
        Place("door-helpers", f"/registration/check-in/{nearly_full['slug']}/helpers", ORGANISER),
        Place("who-came", f"/registration/desk/{held['slug']}/attendance", ORGANISER),
        Place("advice", f"/registration/desk/{nearly_full['slug']}/advice?wanted=40", ORGANISER),
        Place("keys", "/registration/keys", ORGANISER),
        Place("mailroom", "/notifications/mailroom", ORGANISER),
        Place("invite-target-groups", f"/notifications/campaigns/{nearly_full['id']}", ORGANISER),
        Place("mail", f"/notifications/mailroom/{mail['id']}", ORGANISER),
        Place("calendars", f"/notifications/mailroom/meetings/{full['id']}", ORGANISER),
        Place("under-way", "/notifications/mailroom/under-way", ORGANISER),
        Place("received", "/notifications/mailroom/received", ORGANISER),
        Place("previews", "/notifications/previews", ORGANISER),
        Place("preview", "/notifications/previews/waitlisted", ORGANISER),
    ]
