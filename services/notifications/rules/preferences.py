"""What an address wants to receive, besides the news about its own seats."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from shared.events.registration import Registration
from shared.i18n import Language

Topic = Literal["reminders", "digest", "invitations", "network"]
"""What one can do without: reminders of one's own meetings, the list of new ones, being invited to others, and mail
about who of the network asks one something: it stands on one's own page anyway.
"""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What an address chose; as it stands here for who never chose anything.

    ``language`` None: the one they signed up in. ``invitations`` False: never, whoever brings the address.
    """

    language: Literal["nl", "en"] | None = None
    reminders: bool = True
    digest: bool = False
    invitations: bool = True
    network: bool = True

    def want(self, topic: Topic) -> bool:
        """Whether mail of this kind is wanted."""
        wanted: bool = getattr(self, topic)
        return wanted

    def but(self, topic: Topic, *, wanted: bool) -> "Preferences":
        """The same, with another wish for one kind of mail."""
        changed: dict[str, Any] = {topic: wanted}
        return replace(self, **changed)


def addressed_in(language: Language | None, registration: Registration) -> Registration:
    """The registration of somebody whose address chose this ``language``; None: the one they signed up in stays."""
    return replace(registration, person=replace(registration.person, language=language)) if language else registration
