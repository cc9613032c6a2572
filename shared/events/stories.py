"""What somebody who was at a meeting tells of it."""

from dataclasses import dataclass
from typing import Literal

from shared.events.contract import event, personal


@event("story.told", by="registration", aggregate="story", key="id", whose="email")
@dataclass(frozen=True, kw_only=True)
class StoryTold:
    """Somebody who was at a meeting tells what they did with it, and agrees that it is published.

    ``kind`` is ``small-step``, ``big-step`` or ``success``. ``named``: their name may stand with it; the organisation
    does so anyhow. An editor looks at it first.
    """

    id: str
    meeting_id: str
    kind: Literal["small-step", "big-step", "success"]
    language: Literal["nl", "en"]
    title: str = personal()
    text: str = personal()
    name: str = personal(default="")
    email: str = personal(default="")
    organisation: str = personal(default="")
    named: bool = False
