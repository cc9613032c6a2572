from datetime import UTC, date, datetime

from shared.calendar.window import Window, window


def test_the_window_of_a_feed_is_counted_in_days_of_amsterdam() -> None:
    assert window(date(2027, 8, 31), 30) == Window(
        back=datetime(2027, 7, 1, 22, 0, tzinfo=UTC),
        back_cancelled=datetime(2027, 7, 31, 22, 0, tzinfo=UTC),
        ahead=datetime(2029, 2, 27, 23, 0, tzinfo=UTC),
    )
