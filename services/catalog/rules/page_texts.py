"""The programme's own texts: what they are until editors make something else of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, get_args

from services.catalog.rules.accessibility import ACCESSIBILITY_EN, ACCESSIBILITY_NL
from shared.events.catalog import Texts

_PLACEHOLDER = re.compile(r"\{(naam|name|e-mail)\}")

Name = Literal["start", "about", "accessibility", "privacy"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)
"""The start page, the page about the programme, the statement on accessibility, and what that on privacy adds."""


@dataclass(frozen=True, kw_only=True)
class PageText:
    """A title and a text in markdown; ``version`` 0 and no ``changed_at``: as it began."""

    name: Name
    title: Texts
    body: Texts
    version: int = 0
    changed_at: datetime | None = None


BEGINNINGS: Final[Mapping[Name, PageText]] = MappingProxyType(
    {
        "start": PageText(
            name="start",
            title={
                "nl": "Leer van elkaar, in uw eigen regio",
                "en": "Learn from each other, in your own region",
            },
            body={
                "nl": (
                    "Bijeenkomsten en kennis voor iedereen die inkoopt voor een gemeente, provincie of waterschap:"
                    " bestuurders, beleidsmedewerkers, budgethouders, projectleiders, adviseurs en inkopers.\n\n"
                    "U meldt zich aan in een halve minuut, zonder account. De bijeenkomst staat dan in uw agenda, en"
                    " schuift mee als ze verschuift."
                ),
                "en": (
                    "Meetings and knowledge for everyone who buys for a municipality, a province or a water board:"
                    " officials, policy officers, budget holders, project leaders, advisers and procurement officers."
                    "\n\nYou sign up in half a minute, without an account. The meeting then stands in your calendar and"
                    " moves along when it moves."
                ),
            },
        ),
        "about": PageText(
            name="about",
            title={"nl": "Over het programma", "en": "About the programme"},
            body={
                "nl": (
                    "Maatschappelijk verantwoord inkopen wordt gewoon: in elke gemeente, elke provincie en elk"
                    " waterschap. Daarvoor komen mensen uit de hele inkoopketen in hun regio bij elkaar. Ze leren van"
                    " elkaar, vragen experts om raad en vinden elkaar daarna ook.\n\n"
                    "## Voor wie\n\n"
                    "Voor iedereen die meebeslist, meeschrijft of meebetaalt: bestuurder, beleidsmedewerker,"
                    " budgethouder, projectmanager, projectleider, duurzaamheidsadviseur en inkoper."
                ),
                "en": (
                    "Buying responsibly becomes the norm: in every municipality, province and water board. That is why"
                    " people from the whole purchasing chain meet in their region. They learn from each other, ask"
                    " experts for advice and find each other afterwards.\n\n"
                    "## For whom\n\n"
                    "For everyone who decides, writes or pays: officials, policy officers, budget holders, project"
                    " managers, project leaders, sustainability advisers and procurement officers."
                ),
            },
        ),
        "accessibility": PageText(
            name="accessibility",
            title={"nl": "Toegankelijkheid", "en": "Accessibility"},
            body={"nl": ACCESSIBILITY_NL, "en": ACCESSIBILITY_EN},
        ),
        "privacy": PageText(
            name="privacy",
            title={"nl": "Van dit programma", "en": "Of this programme"},
            body={},
        ),
    }
)


def with_contact(texts: Texts, name: str, email: str) -> Texts:
    """``texts`` with ``{naam}``, ``{name}`` and ``{e-mail}`` filled in: who runs the site, and their mail address.

    Anything else in braces is just text.
    """
    values = {"naam": name, "name": name, "e-mail": email}
    return {language: _PLACEHOLDER.sub(lambda found: values[found[1]], text) for language, text in texts.items()}
