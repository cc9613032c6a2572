"""What stands for the variables of a route: a thing here and one elsewhere where it matters whose it is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.people.roles import Thing

OURS: Mapping[str, str] = {
    "check-in/<slug>": "slug",
    "desk/<slug>": "slug",
    "meetings/<slug>": "slug",
    "meetings/<slug>.ics": "slug",
    "meetings/<meeting_id>": "meeting",
    "campaigns/<meeting_id>": "meeting",
    "series/<series>": "series",
    "files/<file_id>": "file",
    "<slug>/<registration_id>": "registration",
    "registrations/<registration_id>": "registration",
    "r/<registration_id>": "registration",
    "transfers/<transfer_id>": "transfer",
    "i/<invitation_id>": "invitation",
    "people/<invitation_id>": "invitation",
    "<meeting_id>/<campaign_id>": "campaign",
    "mailroom/<mail_id>": "mail",
    "received/<mail_id>": "received",
}
"""By the end of a route up to its variable: what it names of those things that lie in a region."""

OF_ALL: Mapping[str, str] = {
    "static/<name>": "base.css",
    "problems/<name>": "too-many-requests",
    "regions/<code>": "PV26",
    "target-groups/<code>": "inkoper",
    "themes/<code>": "circulair",
    "organisations/<code>": "https://identifier.overheid.nl/tooi/id/provincie/pv26",
    "reference/<path>": "regions",
    "texts/<name>": "start",
    "issuers/<number>": "0",
    "oidc/<number>": "0",
    "/sitemap-<number>.xml": "1",
    "<story_id>/<what>": "publication",
    "<slug>/attendees.<form>": "csv",
    "previews/<kind>": "confirmed",
    "previews/<kind>.eml": "confirmed",
    "<campaign_id>/<act>": "stop",
}
"""What is the same for everyone."""

MADE: Mapping[str, str] = {
    "venues/<code>": "venue",
    "manifest/<slug>": "manifest",
    "manifest/<slug>.csv": "manifest",
    "manifests/<slug>": "manifest",
    "knowledge/<item_id>": "knowledge",
    "knowledge/<owner_id>": "knowledge",
    "knowledge/<slug>": "knowledge-page",
    "experts/<expert_id>": "expert",
    "stories/<story_id>": "story",
    "stories/<slug>": "story-page",
    "imports/<upload_id>": "upload",
    "keys/<key_id>": "key",
    "roles/<organiser_id>": "who has a role",
    "sessions/<session_id>": "session",
    "sign-ins/<sign_in_id>": "sign-in",
    "people/<profile_id>": "profile",
    "blocks/<block_id>": "block",
    "t/<sparring_id>": "talk",
    "reports/<report_id>": "report",
    "reports/people/<profile_id>": "profile",
    "my-data/<token>": "token of my data",
    "exports/<export_id>": "export",
    "exports/<export_id>/file": "export",
    "for-participants/<token>": "token of a file",
    "archive/<token>": "token of an archive",
    "research/<token>": "token of consent",
    "mine/<token>": "token of mine",
    "calendar/mine/<token>": "token of a calendar page",
    "calendar/<token>.ics": "token of a calendar",
    "transfers/<token>": "token of a transfer",
    "sign-in/<token>": "token to sign in",
    "helper/<token>": "token of a helper",
    "lists/<token>": "token of a list",
    "sparring/<token>": "token of a talk",
    "answer/<token>": "token of an answer",
    "whose-answer/<token>": "token of a stranger",
    "preferences/<token>": "token of preferences",
    "subscriptions/<token>": "token of a wish",
    "unsubscribe/<token>": "token of preferences",
}
"""What was made before, and lies in no region; a token is good for whoever has it."""

PERSONAL = ("registration", "transfer", "invitation")
"""Things of one person."""

HOW = (
    "Say in tests/access/things.py what stands for it: in OF_ALL if it is the same for everyone, in OURS if it lies in "
    "a region (made twice, in House._place), in MADE otherwise (House.made)."
)


@dataclass(frozen=True)
class Place:
    """Where things lie: a meeting in a region, and a person who takes part in it."""

    name: str
    region: str
    things: Mapping[str, str] = field(default_factory=dict)

    def thing(self, verb: str, named: frozenset[str]) -> Thing:
        """What a route that names these is about, as the rules know it."""
        if verb == "transfer.accept":  # a colleague's link opens the hand-over, and not the registration
            return Thing(transfer_id=self.things["transfer"])
        whose = next((kind for kind in PERSONAL if kind in named), None)
        ids = {f"{whose}_id": self.things[whose]} if whose else {}
        return Thing(regions=(self.region,), meeting_id=self.things["meeting"], **ids)


def variables(rule: str) -> Iterator[tuple[str, str]]:
    """The variables of a route as it writes them, each with the end of the route up to there."""
    plain = re.sub(r"<(?:[^<>]*:)?([^<>:]+)>", r"<\1>", rule)
    parts, written = plain.split("/"), re.split(r"/(?![^<>]*>)", rule)
    for number, part in enumerate(parts):
        if "<" in part:
            before = "/".join(parts[max(number - 2, 0) : number])
            longer, shorter = f"{before}/{part}", f"{parts[number - 1]}/{part}"
            known = longer in OURS or longer in OF_ALL or longer in MADE
            yield written[number], longer if known else shorter
