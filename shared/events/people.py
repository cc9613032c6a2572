"""Who people are, in what registration tells of them."""

from dataclasses import dataclass
from typing import Literal

from shared.events.contract import personal


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who takes part. ``email`` as typed; None for someone registered at the door without one."""

    name: str = personal()
    email: str | None = personal()
    language: Literal["nl", "en"] = "nl"
