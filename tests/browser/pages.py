"""Every page that people can open, in the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from deploy.demo.stories import story_id
from services.registration.rules.door import door_code
from tests.browser.running import RunningKring

VISITOR, MEMBER, ORGANISER = "visitor", "member", "organiser"
"""Anyone; who takes part in the network and signed in; who may do everything."""

OWNER, ERASED = "owner", "erased"
"""Who opened what is kept of them; who had it erased."""

SHEET = "title.nl;startsAt;endsAt\nSamen beginnen;10-06-2031 14.00;10-06-2031 17.00\nZonder einde;10-06-2031 14.00;\n"
"""Two meetings to import; one can't be."""


@dataclass(frozen=True)
class Place:
    """One page: what we call it, its path, and who looks.

    ``link``: opened before, once; a participant's own pages open with it.
    ``typed``: go on to the page that answers the form with these fields, handed in with the ``button`` of that text, or
    that leads to that address.
    ``follow``: then to where the first link goes whose address begins so.
    ``only_asks``: its form has nothing to get wrong, so handing it in would do what it asks.
    """

    name: str
    path: str
    reader: str
    status: int = 200
    typed: Mapping[str, str] | None = None
    button: str = ""
    follow: str = ""
    link: str = ""
    only_asks: bool = False

    def address(self, language: str) -> str:
        """Its path, asked for in one language."""
        return f"{self.path}{'&' if '?' in self.path else '?'}lang={language}"


def at_an_issuer() -> list[Place]:
    """The pages between here and an identity provider, on the way there and back."""
    back = "/registration/sign-in/oidc/1"
    return [
        Place("sign-in-away", "/registration/sign-in", VISITOR, typed={}, button="Voorbeeld-ID"),
        Place("sign-in-back", f"{back}?state=of-this-browser&code=of-the-provider", VISITOR),
        Place("sign-in-refused", f"{back}?error=access_denied", VISITOR, 400),
    ]


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
    invited = kring.mail_to("deelnemer73@", "U heeft een plek")
    mine = kring.link_in(invited, "/registration/mine/")
    own = kring.leads_to(mine)
    kring.answer_of_a_stranger(invited)
    guest = kring.guest(held, "confirmed")
    kring.send("PUT", f"/registration/v1/registrations/{guest['id']}/attendance", {"attended": True})
    came = kring.own_link(guest)
    hours = (datetime.fromisoformat(asks["startsAt"]) - datetime.now(UTC)) // timedelta(hours=1) + 1
    caterer = {"hoursBefore": hours, "email": "keuken@bezoeker.example", "purpose": "catering", "asFile": True}
    seat = kring.guest(kring.meeting("Marktdag"), "confirmed")
    colleague = {"name": "Cor", "email": f"cor@{seat['email'].partition('@')[2]}"}
    kring.send("POST", f"/registration/v1/registrations/{seat['id']}/transfers", colleague)
    kring.send("PATCH", f"/v1/meetings/{asks['id']}", {"listDeliveries": [caterer]})
    kring.ask_to_be_invited("noor@bezoeker.example")
    subscribed = kring.mail_to("noor@bezoeker.example")
    of_full = f"/notifications/mailroom/meetings/{full['id']}"
    series = f"/organise/series?name={full['series']}"
    running = "/organise/manifest/manifest-eerlijk-inkopen-voorbeeld"
    opinion = {"satisfied": "no", "words": "Te veel tekst", "research": "true", "email": "noor@bezoeker.example"}
    expert = kring.get("/v1/experts")[0]
    link = kring.get("/v1/knowledge?kind=link")[0]
    document = kring.get("/v1/knowledge?kind=document")[0]
    file = kring.get(f"/v1/knowledge/{document['id']}/files")[0]
    agreed = kring.mail_to("deelnemer1@", "Afgesproken")
    somebody = kring.member_finds("/registration/network/people/")
    return [
        *(at_an_issuer() if kring.issuer else []),
        Place("start", "/", VISITOR),
        Place("meetings", "/meetings", VISITOR),
        Place("meetings-none", "/meetings?q=xyzzy", VISITOR),
        Place("meetings-past", f"/meetings?until={held['endsAt'][:10]}", VISITOR),
        Place("meetings-none-nearby", "/meetings?q=xyzzy&region=PV26", VISITOR),
        Place("subscribe", "/calendar?region=PV26", VISITOR),
        Place("meetings-wrong", "/meetings?region=nowhere", VISITOR, 400),
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
        Place("manifest-past", "/manifest/eerste-manifest-eerlijk-inkopen-voorbeeld", VISITOR),
        Place("reach", "/reach", VISITOR),
        Place("stories", "/stories", VISITOR),
        Place("story", "/stories/vergaderen-zonder-wegwerpbekers", VISITOR),
        Place("story-new", "/stories/new", VISITOR),
        Place("feedback", "/feedback?page=/meetings&satisfied=no", VISITOR),
        Place("feedback-given", "/feedback?page=/meetings", VISITOR, 201, typed=opinion),
        Place("research", "/feedback/research", VISITOR),
        Place("research-withdrawn", "/feedback/research", VISITOR, typed={"email": "noor@bezoeker.example"}),
        Place("research-link", "/feedback?page=/", VISITOR, typed=opinion, follow="/feedback/research/"),
        Place("sign-up", f"/registration/meetings/{nearly_full['slug']}", VISITOR),
        Place("sign-up-questions", f"/registration/meetings/{asks['slug']}", VISITOR),
        Place("sign-up-full", f"/registration/meetings/{full['slug']}", VISITOR),
        Place("sign-up-series", f"/registration/series/{full['series']}", VISITOR),
        Place("sign-up-closed", f"/registration/meetings/{cancelled['slug']}", VISITOR),
        Place("mine-without-link", "/registration/mine", VISITOR),
        Place("hand-over", kring.link_in(kring.mail_to(colleague["email"]), "/registration/transfers/"), VISITOR),
        Place("list-sent", kring.link_in(kring.mail_to("keuken@bezoeker.example"), "/registration/lists/"), VISITOR),
        Place("sign-in", "/registration/sign-in", VISITOR),
        Place("my-data-ask", "/registration/my-data", VISITOR),
        Place("my-data-asked", "/registration/my-data", VISITOR, 202, typed={"email": "niemand@provincie.example"}),
        Place("my-data-link", kring.asked_link("/registration/my-data", guest["email"]), VISITOR),
        Place("my-data", "/registration/my-data/mine", OWNER),
        Place("my-data-gathered", kring.gathered(), OWNER),
        Place("my-data-erase", "/registration/my-data/erase", OWNER),
        Place("my-data-erased", "/registration/my-data/mine", ERASED),
        Place("my-data-erasure", "/registration/my-data/erasure", ERASED),
        Place("sign-in-onwards", "/registration/sign-in?next=/organise/", ORGANISER),
        Place("sign-in-asked", "/registration/sign-in", VISITOR, 202, typed={"email": "niemand@provincie.example"}),
        Place("sign-in-link", urlsplit(kring.sign_in_link).path, VISITOR),
        Place("network-sign-in", "/registration/network/sign-in", VISITOR),
        Place("network-link", kring.asked_link("/registration/network/sign-in", waiting["email"]), VISITOR),
        Place("network-visitor", "/registration/network", VISITOR),
        Place("network", "/registration/network", MEMBER),
        Place("network-profile", "/registration/network/profile", MEMBER),
        Place("network-people", "/registration/network/people", MEMBER),
        Place("network-nobody", "/registration/network/people?q=xyzzy", MEMBER),
        Place("network-person", "/registration/network/people", MEMBER, follow="/registration/network/people/"),
        Place("network-report", f"{somebody}/report", MEMBER),
        Place("network-ask", f"{somebody}/sparring", MEMBER),
        Place("network-talks", "/registration/network/sparring", MEMBER),
        Place("network-talk", "/registration/network/sparring", MEMBER, follow="/registration/sparring/t/"),
        Place("talk-by-link", kring.link_in(agreed, "/registration/sparring/"), VISITOR),
        Place("network-suggestions", "/registration/network/suggestions", MEMBER),
        Place("network-blocks", "/registration/network/blocks", MEMBER),
        Place("network-leaving", "/registration/network/leaving", MEMBER),
        Place("network-sessions", "/registration/network/sessions", MEMBER),
        Place("answer", kring.link_in(invited, "/notifications/answer/"), VISITOR),
        Place("whose-answer", kring.link_in(kring.mail_to("deelnemer73@", "Was u dit?"), "/notifications/"), VISITOR),
        Place("to-be-invited", "/notifications/subscriptions", VISITOR),
        Place("to-be-invited-confirm", kring.link_in(subscribed, "/notifications/subscriptions/"), VISITOR),
        Place("preferences", kring.link_in(subscribed, "/notifications/preferences/"), VISITOR),
        Place("accessibility", "/toegankelijkheid", VISITOR),
        Place("privacy", "/privacy", VISITOR),
        Place("privacy-registration", "/registration/privacy", VISITOR),
        Place("privacy-notifications", "/notifications/privacy", VISITOR),
        Place("not-found", "/nowhere", VISITOR, 404),
        Place("open-data", "/open-data", VISITOR),
        Place("problems-catalog", "/problems", VISITOR),
        Place("problem-catalog", "/problems/meeting-unknown", VISITOR),
        Place("problems-notifications", "/notifications/problems", VISITOR),
        Place("problem-notifications", "/notifications/problems/too-many-requests", VISITOR),
        Place("problems", "/registration/problems", VISITOR),
        Place("problem", "/registration/problems/closed", VISITOR),
        Place("programmers-catalog", "/v1/docs", VISITOR),
        Place("programmers-registration", "/registration/v1/docs", VISITOR),
        Place("programmers-notifications", "/notifications/v1/docs", VISITOR),
        Place("mine", mine, VISITOR),
        Place("mine-story", f"{kring.leads_to(came)}/story", VISITOR, link=came),
        Place("mine-details", f"{own}/details", VISITOR, link=mine),
        Place("mine-question", f"{own}/question", VISITOR, link=mine),
        Place("mine-other-meetings", f"{own}/meetings", VISITOR, link=mine),
        Place("mine-other-meeting", f"{own}/meetings/{asks['slug']}", VISITOR, link=mine),
        Place("mine-second-person", f"{own}/companion", VISITOR, link=mine),
        Place("mine-hand-over", f"{own}/transfers", VISITOR, link=mine),
        Place("mine-calendar", f"{own}/calendar", VISITOR, link=mine),
        Place("organise", "/organise", ORGANISER),
        Place("organise-past", "/organise/past", ORGANISER),
        Place("organise-new", "/organise/meetings/new", ORGANISER),
        Place("organise-meeting", f"/organise/meetings/{nearly_full['id']}", ORGANISER),
        Place("organise-history", f"/organise/meetings/{nearly_full['id']}/history", ORGANISER),
        Place("organise-draft", f"/organise/meetings/{draft['id']}", ORGANISER),
        Place("organise-preview", f"/organise/meetings/{draft['id']}/preview", ORGANISER),
        Place("organise-discard", f"/organise/meetings/{draft['id']}/discarding", ORGANISER),
        Place("organise-copies", f"/organise/meetings/{nearly_full['id']}/copies", ORGANISER),
        Place("organise-series", series, ORGANISER),
        Place("organise-move", series, ORGANISER, typed={"meeting": full["id"]}, button="/organise/chosen/move"),
        Place(
            "organise-call-off",
            series,
            ORGANISER,
            typed={"meeting": full["id"]},
            button="/organise/chosen/cancellation",
            only_asks=True,
        ),
        Place("imports", "/organise/imports", ORGANISER),
        Place("import-preview", "/organise/imports", ORGANISER, typed={"file": SHEET}),
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
        Place("knowledge-files", f"/organise/knowledge/{link['id']}/files", ORGANISER),
        Place("files", f"/organise/meetings/{held['id']}/files", ORGANISER),
        Place("file-kept", f"/organise/files/{file['id']}", ORGANISER),
        Place("links-kept", "/organise/links", ORGANISER),
        Place("experts-kept", "/organise/experts", ORGANISER),
        Place("expert-kept", f"/organise/experts/{expert['id']}", ORGANISER),
        Place("expert-new", "/organise/experts/new", ORGANISER),
        Place("texts-kept", "/organise/texts", ORGANISER),
        Place("text-kept", "/organise/texts/start", ORGANISER),
        Place("manifests-kept", "/organise/manifest", ORGANISER),
        Place("manifest-kept", running, ORGANISER),
        Place("signature", running, ORGANISER, follow=f"{running}/signatures/one"),
        Place("reach-invitation", f"/organise/reach/invitation?region=PV30&meeting={nearly_full['id']}", ORGANISER),
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
        Place("desk-questions", f"/registration/desk/{nearly_full['slug']}/questions", ORGANISER),
        Place("desk-new", f"/registration/desk/{full['slug']}/new", ORGANISER),
        Place("desk-plan", f"/registration/desk/{full['slug']}/plan?capacity=50", ORGANISER),
        Place("desk-plan-wrong", f"/registration/desk/{full['slug']}/plan?capacity=-1", ORGANISER),
        Place("desk-messages", f"/registration/desk/{full['slug']}/messages", ORGANISER),
        Place("door", f"/registration/check-in/{nearly_full['slug']}", ORGANISER),
        Place("door-code", f"/registration/check-in/{full['slug']}?code={door_code(waiting['id'])}", ORGANISER),
        Place("door-helpers", f"/registration/check-in/{nearly_full['slug']}/helpers", ORGANISER),
        Place("door-helpers-link", f"/registration/check-in/{nearly_full['slug']}/helpers", ORGANISER, 201, typed={}),
        Place(
            "helper-link",
            f"/registration/check-in/{nearly_full['slug']}/helpers",
            ORGANISER,
            typed={},
            follow=f"/registration/check-in/{nearly_full['slug']}/helper/",
        ),
        Place("attendees", f"/registration/desk/{nearly_full['slug']}/attendees", ORGANISER),
        Place("list-access", f"/registration/desk/{nearly_full['slug']}/list-access", ORGANISER),
        Place("who-came", f"/registration/desk/{held['slug']}/attendance", ORGANISER),
        Place("advice", f"/registration/desk/{nearly_full['slug']}/advice?wanted=40", ORGANISER),
        Place("keys", "/registration/keys", ORGANISER),
        Place("roles", "/registration/roles", ORGANISER),
        Place("role-given", "/registration/roles", ORGANISER, typed={"email": "an@kring.example", "role": "manager"}),
        Place("role-ended", "/registration/roles", ORGANISER, follow="/registration/roles/"),
        Place("network-reports", "/registration/network/reports", ORGANISER),
        Place(
            "network-report-one", "/registration/network/reports", ORGANISER, follow="/registration/network/reports/0"
        ),
        Place("profiles-to-hide", "/registration/network/reports/people?q=voorbeeld", ORGANISER),
        Place(
            "profile-to-hide",
            "/registration/network/reports/people?q=voorbeeld",
            ORGANISER,
            follow="/registration/network/reports/people/",
        ),
        Place("audit-of-sign-ups", "/registration/audit", ORGANISER),
        Place("audit-of-mail", "/notifications/audit", ORGANISER),
        Place("erased-by-time", "/registration/audit/retention", ORGANISER),
        Place("messages-between-services", "/notifications/audit/messages", ORGANISER),
        Place("audit-of-meetings", "/organise/audit", ORGANISER),
        Place("sign-ins", "/registration/sign-ins", ORGANISER),
        Place("mailroom", "/notifications/mailroom", ORGANISER),
        Place("invite-target-groups", f"/notifications/campaigns/{nearly_full['id']}", ORGANISER),
        Place("mail", f"/notifications/mailroom/{mail['id']}", ORGANISER),
        Place("calendars", of_full, ORGANISER),
        Place("calendar-of-one", of_full, ORGANISER, follow=f"{of_full}/people/"),
        Place(
            "received-one", "/notifications/mailroom/received", ORGANISER, follow="/notifications/mailroom/received/"
        ),
        Place("under-way", "/notifications/mailroom/under-way", ORGANISER),
        Place("received", "/notifications/mailroom/received", ORGANISER),
        Place("previews", "/notifications/previews", ORGANISER),
        Place("preview", "/notifications/previews/waitlisted", ORGANISER),
    ]
