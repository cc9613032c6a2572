"""Who helps with what: someone who agreed to be found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from services.catalog.rules.flaws import Flaw
from shared.events.catalog import Texts
from shared.i18n import N_


@dataclass(frozen=True, kw_only=True)
class ExpertDetails:
    """What an editor decides. ``email`` is an office address; ``consented_on`` the day on which the expert agreed.

    ``themes`` are codes, in the editor's order; ``meetings`` the ids of those at which one can ask this expert, such as
    an hour of their own with a seat for each who asks.
    """

    name: str
    consented_on: date
    organisation: str = ""
    helps_with: Texts = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    email: str = ""
    meetings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Expert(ExpertDetails):
    """An expert; ``version`` counts every change and guards against lost updates."""

    id: str
    version: int
    changed_at: datetime


def expert_flaws(details: ExpertDetails, today: date) -> Iterator[Flaw]:
    """What is wrong with it on ``today``."""
    if details.consented_on > today:
        yield Flaw("consentedOn", "consent-ahead", N_("This day has not come yet."))
