"""An attendee list that goes out by itself, from the organiser's page to the file that the reception has."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl

from tests.journeys.kring import Kring, only


def test_the_reception_has_the_names_the_day_before(kring: Kring) -> None:
    reception = {"email": "receptie@stadhuis.example", "hoursBefore": 24, "asFile": True}
    meeting = kring.publish(listDeliveries=[reception])
    kring.sign_up(meeting, "Anna")
    kring.new_mail()
    kring.clock.now = datetime(2027, 6, 9, 12, 0, tzinfo=UTC)
    mail = only(kring.new_mail(), "receptie@stadhuis.example")
    (link,) = [line for line in mail.text.splitlines() if "/registration/lists/" in line]
    visitor = kring.visitor()
    file = visitor.press(visitor.open(link))
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(file.data)).worksheets[0]]
    assert [row[0] for row in rows] == ["Naam", "Anna"]
