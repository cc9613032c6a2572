"""Documents as they may be sent and answered, by the name of their schema: what the description of the API shows."""

from typing import Any, Final

_VENUE: Final = {"name": "Stadhuis", "address": "Stadsplateau 1", "postalCode": "3521 AZ", "city": "Utrecht"}
_MEETING: Final[dict[str, Any]] = {
    "title": {"nl": "Samen circulair inkopen", "en": "Buying circular together"},
    "summary": {"nl": "Wat werkt, en wat niet?"},
    "startsAt": "2027-06-10T12:00:00Z",
    "endsAt": "2027-06-10T15:00:00Z",
    "timeZone": "Europe/Amsterdam",
    "targetGroups": ["inkoper", "beleidsmaker"],
    "themes": ["circulair"],
    "organiser": {"name": "Provincie Utrecht", "email": "mvi@provincie.example"},
    "attendanceMode": "mixed",
    "venue": _VENUE,
    "seatPlan": {"capacity": 40, "reserved": {"inkoper": 10}, "maximum": {"beleidsmaker": 20}},
}
_QUESTION: Final[dict[str, Any]] = {
    "kind": "question",
    "title": {"nl": "Is circulair verbouwen duurder?"},
    "body": {"nl": "Soms bij de start, **vaak niet** over de hele levensduur."},
    "themes": ["circulair"],
}
_EXPERT: Final[dict[str, Any]] = {
    "name": "Fleur de Verzonnen",
    "organisation": "Adviesbureau Voorbeeld",
    "helpsWith": {"nl": "Rekenen met levensduur en restwaarde."},
    "themes": ["circulair"],
    "email": "fleur@adviesbureau.example",
}
_ID: Final = "019283c4-5d6e-7f80-9a1b-2c3d4e5f6071"

EXAMPLES: Final[dict[str, Any]] = {
    "meetingId": _ID,
    "itemId": _ID,
    "expertId": _ID,
    "slug": "manifest-2022",
    "series": "Op tournee",
    "MeetingForm": {**_MEETING, "region": "PV26", "onlineUrl": "https://video.example/room"},
    "MeetingPatch": {
        "startsAt": "2027-06-11T14:00:00+02:00",
        "endsAt": "2027-06-11T17:00:00+02:00",
        "reason": "The town hall is closed on the 10th.",
    },
    "MeetingAnswer": {
        "id": _ID,
        "slug": "samen-circulair-inkopen",
        "status": "published",
        "revision": 1,
        **_MEETING,
        "region": "PV26",
        "regions": ["PV26"],
        "createdAt": "2027-03-01T09:00:00Z",
        "changedAt": "2027-03-02T10:30:00Z",
        "publishedAt": "2027-03-02T10:30:00Z",
    },
    "CancellationForm": {"reason": "Too few people signed up."},
    "ImportAnswer": {
        "entries": [
            {
                "uid": "040000008200E00074C5@there.example",
                "occurrence": "",
                "result": "made",
                "why": None,
                "meetingId": _ID,
            }
        ],
        "vanished": [],
        "warnings": [],
    },
    "HistoryAnswer": {
        "version": 4,
        "at": "2027-03-02T10:30:00Z",
        "act": "changed",
        "by": {"id": "019283c0-0b1c-7d2e-8f3a-4b5c6d7e8f90", "name": "voorbeeld@provincie.example"},
        "reason": "The town hall is closed on the 10th.",
        "changes": [{"name": "startsAt", "before": "2027-06-10T12:00:00Z", "after": "2027-06-11T12:00:00Z"}],
    },
    "CopyForm": {
        "startsAt": "2027-09-16T14:00:00+02:00",
        "region": "PV20",
        "seatPlan": {"capacity": 25},
        "series": "Op tournee",
    },
    "SeriesCopyForm": {"days": 364, "series": "Op tournee 2028"},
    "SeveralAnswer": {
        "entries": [
            {"meetingId": _ID, "result": "done", "errors": []},
            {
                "meetingId": "019283c4-5d6e-7f80-9a1b-2c3d4e5f6072",
                "result": "refused",
                "errors": [
                    {
                        "name": "seatPlan.capacity",
                        "reason": "Say how many seats there are.",
                        "code": "capacity-missing",
                    }
                ],
            },
        ]
    },
    "ManifestAnswer": {
        "slug": "manifest-2022",
        "title": {"nl": "Manifest 2022-2025", "en": "Manifest 2022-2025"},
        "text": {"nl": "Wat de ondertekenaars beloven."},
        "startsOn": "2022-11-01",
        "endsOn": "2025-12-31",
        "signatories": 42,
        "shares": [{"kind": "municipality", "signed": 30, "known": 342}],
    },
    "SignatoryAnswer": {
        "organisation": "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
        "name": "Utrecht",
        "kind": "municipality",
        "region": "PV26",
        "signedOn": "2022-11-15",
        "actionPlan": None,
    },
    "StoryAnswer": {
        "slug": "catering-zonder-plastic",
        "kind": "small-step",
        "title": {"nl": "Catering zonder plastic"},
        "text": {"nl": "Wij vroegen erom, en het kon."},
        "theme": "circulair",
        "region": "PV26",
        "meetingId": _ID,
        "by": "Gemeente Voorbeeld",
        "publishedAt": "2027-03-02T10:30:00Z",
        "changedAt": "2027-03-02T10:30:00Z",
    },
    "PresenceAnswer": {
        "organisation": "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
        "labels": {"nl": "Utrecht"},
        "kind": "municipality",
        "region": "PV26",
        "years": [2026, 2027],
        "signed": True,
    },
    "PeopleAnswer": {"targetGroup": "inkoper", "year": 2027, "atLeast": 15, "atMost": 19},
    "KnowledgeForm": {**_QUESTION, "meetings": ["samen-circulair-inkopen"]},
    "KnowledgePatch": {"checkedOn": "2027-03-15"},
    "KnowledgeAnswer": {
        "id": _ID,
        "slug": "is-circulair-verbouwen-duurder",
        "status": "published",
        **_QUESTION,
        "summary": {},
        "url": "",
        "source": "",
        "checkedOn": None,
        "validFrom": None,
        "validTo": None,
        "meetings": [_ID],
        "createdAt": "2027-03-01T09:00:00Z",
        "changedAt": "2027-03-02T10:30:00Z",
        "publishedAt": "2027-03-02T10:30:00Z",
    },
    "ExpertForm": {**_EXPERT, "consentedOn": "2027-03-01"},
    "ExpertPatch": {"consentedOn": "2027-03-15"},
    "ExpertAnswer": {"id": _ID, **_EXPERT, "changedAt": "2027-03-02T10:30:00Z"},
    "code": "PV26",
    "WordForm": {"labels": {"nl": "inkoper", "en": "procurement officer"}, "position": 7},
    "RegionForm": {"labels": {"nl": "Utrecht", "en": "Utrecht"}, "parts": ["PV26"]},
    "ThemeForm": {"labels": {"nl": "circulair", "en": "circular"}, "pillars": ["planet", "profit"]},
    "OrganisationForm": {
        "labels": {"nl": "Gemeente Voorbeeld"},
        "kind": "municipality",
        "region": "PV26",
        "emailDomains": ["gemeente.example"],
    },
    "WordAnswer": {
        "code": "PV26",
        "labels": {"nl": "Utrecht", "en": "Utrecht"},
        "position": 7,
        "validFrom": None,
        "validTo": None,
        "mergedInto": None,
        "parts": ["PV26"],
        "pillars": [],
        "kind": None,
        "region": None,
        "emailDomains": [],
    },
    "VenueKeptForm": {**_VENUE, "accessibilityInfo": {"nl": "De ingang is gelijkvloers."}},
    "VenueAnswer": {
        "code": "stadhuis-utrecht",
        **_VENUE,
        "travelInfo": {},
        "accessibilityInfo": {"nl": "De ingang is gelijkvloers."},
        "validTo": None,
    },
    "ReferenceAnswer": {"code": "PV26", "labels": {"nl": "Utrecht", "en": "Utrecht"}, "parts": []},
    "OrganisationAnswer": {
        "code": "https://identifier.overheid.nl/tooi/id/gemeente/gm0344",
        "name": "Utrecht",
        "labels": {"nl": "Utrecht"},
        "kind": "gemeente",
        "region": "PV26",
    },
}
"""Besides documents: ids, by the name that they have in an address."""
