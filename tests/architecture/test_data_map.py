"""Every text and every JSON value that a service keeps is declared: personal, with a purpose, or said to be none."""

import pytest
from sqlalchemy import JSON, MetaData, Text

from services.catalog.pages.privacy import WORDS as CATALOG
from services.catalog.tables import metadata as catalog
from services.notifications.pages.privacy import WORDS as NOTIFICATIONS
from services.notifications.tables import metadata as notifications
from services.registration.pages.privacy import WORDS as REGISTRATION
from services.registration.tables import metadata as registration
from shared.db.data_map import data_map
from shared.web.privacy import OF_ALL, word_for


@pytest.mark.parametrize(
    "metadata", [catalog, registration, notifications], ids=["catalog", "registration", "notifications"]
)
def test_a_text_is_personal_or_said_not_to_be(metadata: MetaData) -> None:
    undeclared = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON | Text) and "personal" not in column.info
    ]
    assert undeclared == []


@pytest.mark.parametrize(
    ("metadata", "words"),
    [(catalog, CATALOG), (registration, REGISTRATION), (notifications, NOTIFICATIONS)],
    ids=["catalog", "registration", "notifications"],
)
def test_what_is_personal_has_words_for_the_page_about_privacy(metadata: MetaData, words: dict[str, str]) -> None:
    known = {**OF_ALL, **words}
    assert {word_for(column, known) for each in data_map(metadata) for column in each.columns} == set(known)
