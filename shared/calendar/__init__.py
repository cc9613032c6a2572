"""What is written for calendars, and by whom.

The way through: facts → `entry.Entry` → `entry.vevent()` (the bytes of one VEVENT) → one of three frames:
`feed.feed()` (many entries), `feed.single()` (the file on a page), or, with an organiser and one attendee,
`scheduling.request()` and `scheduling.cancel()` (what goes by mail). `validation.validate_output()` reads the
bytes again before they leave the house. `layout` is the one table of which properties each of them holds.

Everything is deterministic: no clock, nothing random; the same facts give the same bytes.
Only this package imports icalendar; it knows no service, no web framework and no database.
"""
