"""Documents as they may be sent and answered, by the name of their schema: what the description of the API shows."""

from typing import Any, Final

_MEETING: Final = "019283c4-5d6e-7f80-9a1b-2c3d4e5f6071"
_REGISTRATION: Final = "019283d0-1a2b-7c3d-8e4f-5a6b7c8d9e0f"
_TRANSFER: Final = "019283d1-2b3c-7d4e-9f50-6b7c8d9e0f1a"
_EXPORT: Final = "019283d3-4d5e-7f60-8b72-8d9e0f1a2b3c"
_KEPT: Final = {
    "registrations": [
        {
            "id": _REGISTRATION,
            "name": "Voorbeeld van Anden",
            "email": "voorbeeld@gemeente.example",
            "status": "confirmed",
            "createdAt": "2027-03-02T10:30:00Z",
        }
    ],
    "consents": [],
}
_SEATS: Final = {"taken": 31, "reserved": 10, "maximum": 20, "waiting": 0, "free": 9}

EXAMPLES: Final[dict[str, Any]] = {
    "meetingId": _MEETING,
    "exportId": _EXPORT,
    "registrationId": _REGISTRATION,
    "transferId": _TRANSFER,
    "series": "circulair-2027",
    "SignUpForm": {
        "name": "Voorbeeld van Anden",
        "email": "voorbeeld@gemeente.example",
        "organisation": "Gemeente Voorbeeld",
        "targetGroup": "inkoper",
        "language": "nl",
        "attendance": "venue",
    },
    "MyDataLinkForm": {"email": "voorbeeld@gemeente.example"},
    "MyDataOut": {
        "email": "voorbeeld@gemeente.example",
        "registration": _KEPT,
        "services": ["registration", "catalog", "notifications"],
        "erasure": None,
    },
    "ExportOut": {
        "id": _EXPORT,
        "status": "ready",
        "requestedAt": "2027-03-05T08:15:00Z",
        "validUntil": "2027-03-06T08:15:00Z",
        "services": {"registration": True, "catalog": True, "notifications": True},
        "data": {"registration": _KEPT, "catalog": {"stories": []}, "notifications": {"preferences": []}},
    },
    "ErasureOut": {
        "requestedAt": "2027-03-05T08:15:00Z",
        "done": False,
        "receipts": [
            {
                "service": "registration",
                "doneAt": "2027-03-05T08:15:20Z",
                "counts": {"registration": 1, "history": 2},
                "undelivered": 0,
            },
            {"service": "notifications", "doneAt": None, "counts": {}, "undelivered": 0},
        ],
    },
    "AnswerOut": {"status": "waitlisted", "place": 3},
    "SeriesForm": {
        "name": "Voorbeeld van Anden",
        "email": "voorbeeld@gemeente.example",
        "targetGroup": "inkoper",
        "meetings": [_MEETING],
    },
    "SeriesAnswerOut": {"meetingId": _MEETING, "status": "confirmed"},
    "RegistrationOut": {
        "id": _REGISTRATION,
        "meetingId": _MEETING,
        "kind": "participant",
        "name": "Voorbeeld van Anden",
        "email": "voorbeeld@gemeente.example",
        "organisation": "Gemeente Voorbeeld",
        "organisationId": None,
        "targetGroup": "inkoper",
        "status": "confirmed",
        "place": None,
        "placeInGroup": None,
        "offerUntil": None,
        "attendance": "venue",
        "sessions": [],
        "answer": "accepted",
        "delivery": None,
        "language": "nl",
        "answers": {},
        "createdAt": "2027-03-05T08:15:00Z",
    },
    "DetailsPatch": {"organisation": "Provincie Utrecht", "attendance": "online"},
    "CancellationForm": {"reason": "I have another meeting at that time."},
    "ApprovalForm": {"approved": True},
    "MoveUpForm": {"reason": "Speaks in the second part."},
    "GroupForm": {"targetGroup": "beleidsmaker", "reason": "Works for the policy department."},
    "NoteForm": {"note": "Comes by train, arrives at half past two."},
    "AttendanceForm": {"attended": True},
    "OfferForm": {"answer": "accepted"},
    "EntryForm": {
        "name": "Gast van Elders",
        "organisation": "Stichting Voorbeeld",
        "targetGroup": "anders",
        "kind": "speaker",
        "ifFull": "go-over",
        "reason": "Speaks in the second part.",
    },
    "TransferForm": {"name": "Collega van Anden", "email": "collega@gemeente.example", "targetGroup": "inkoper"},
    "TransferOut": {
        "id": _TRANSFER,
        "registrationId": _REGISTRATION,
        "name": "Collega van Anden",
        "email": "collega@gemeente.example",
        "targetGroup": "inkoper",
        "status": "pending",
    },
    "SeatsOut": {
        "capacity": 40,
        "taken": 31,
        "free": 9,
        "waiting": 0,
        "overPlan": 0,
        "online": None,
        "targetGroups": {"inkoper": _SEATS},
        "sessions": {},
    },
    "AttendeeOut": {
        "id": _REGISTRATION,
        "name": "Voorbeeld van Anden",
        "email": "voorbeeld@gemeente.example",
        "organisation": "Gemeente Voorbeeld",
        "targetGroup": "inkoper",
        "attendance": "venue",
        "status": "confirmed",
    },
    "MessageForm": {
        "statuses": ["confirmed"],
        "targetGroups": ["inkoper"],
        "subject": "Neem uw vraag mee",
        "text": "Beste {naam}, neem een vraag uit uw eigen praktijk mee naar {bijeenkomst}.",
    },
    "CountOut": {"id": "019283d2-3c4d-7e5f-8a61-7c8d9e0f1a2b", "recipients": 31},
    "MessageOut": {
        "id": "019283d2-3c4d-7e5f-8a61-7c8d9e0f1a2b",
        "subject": "Neem uw vraag mee",
        "text": "Beste {naam}, neem een vraag uit uw eigen praktijk mee naar {bijeenkomst}.",
        "urgent": False,
        "segment": {"statuses": ["confirmed"], "targetGroups": ["inkoper"], "regions": []},
        "recipients": 31,
        "writtenAt": "2027-06-03T09:00:00Z",
    },
}
"""Besides documents: ids, by the name that they have in an address."""
