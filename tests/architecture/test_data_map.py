"""Every text and every JSON value that a service keeps is declared: personal, with a purpose, or said to be none."""

import pytest
from sqlalchemy import JSON, MetaData, Text

from services.catalog.tables import metadata as catalog
from services.notifications.tables import metadata as notifications
from services.registration.tables import metadata as registration


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
