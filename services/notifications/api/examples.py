"""Documents as they may be sent and answered, by the name of their schema: what the description of the API shows."""

from typing import Any, Final

_MEETING: Final = "019283c4-5d6e-7f80-9a1b-2c3d4e5f6071"
_CAMPAIGN: Final = "019283e0-4d5e-7f60-9b72-8d9e0f1a2b3c"

EXAMPLES: Final[dict[str, Any]] = {
    "meetingId": _MEETING,
    "token": "a-token-from-a-mail",
    "CampaignForm": {"targetGroups": ["inkoper"], "regions": ["PV26"], "waves": {"size": 50, "hours": 48}},
    "StartedOut": {"id": _CAMPAIGN, "people": 120, "targetGroups": {"inkoper": 120}},
    "CampaignOut": {
        "id": _CAMPAIGN,
        "targetGroups": ["inkoper"],
        "regions": ["PV26"],
        "organisations": [],
        "status": "running",
        "madeAt": "2027-04-01T08:00:00Z",
        "waiting": 70,
        "invited": 50,
        "skipped": 0,
        "accepted": 18,
        "tentative": 3,
        "declined": 6,
    },
    "InvitationOut": {
        "email": "voorbeeld@gemeente.example",
        "uid": "019283e1-5e6f-7071-8c83-9e0f1a2b3c4d@kring.example",
        "sequence": 1,
        "state": "live",
        "answer": "accepted",
        "delivery": "sent",
        "registrationId": "019283d0-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
    },
    "MessageOut": {
        "id": "019283e2-6f70-7182-9d94-0f1a2b3c4d5e",
        "kind": "invitation",
        "recipient": "voorbeeld@gemeente.example",
        "subject": "Samen circulair inkopen",
        "status": "sent",
        "attempts": 1,
        "error": None,
        "meetingId": _MEETING,
        "queuedAt": "2027-03-05T08:15:00Z",
        "nextAttemptAt": "2027-03-05T08:15:00Z",
        "sentAt": "2027-03-05T08:15:02Z",
    },
    "SubscriptionForm": {
        "name": "Voorbeeld van Anden",
        "email": "voorbeeld@gemeente.example",
        "organisation": "Gemeente Voorbeeld",
        "targetGroup": "inkoper",
        "regions": ["PV26"],
        "language": "nl",
    },
}
"""Besides documents: ids, by the name that they have in an address."""
