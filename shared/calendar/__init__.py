"""What is written for calendars, and by whom.

The way through: facts → `entry.Entry` → `entry.vevent()` (the bytes of one VEVENT) → one of three frames:
`feed.feed()` (many entries), `feed.single()` (the file on a page), or, with an organiser and one attendee,
`scheduling.request()` and `scheduling.cancel()` (what goes by mail). `validation.validate_output()` reads the
bytes again before they leave the house. `layout` is the one table of which properties each of them holds.

What other people wrote comes in by two ways: `reading` reads the answer of one person's calendar; `importing` reads a
file of entries to take over: `stream` cuts it into entries, `foreign` reads each of them, with `foreign_zones` and
`recurrence`; `remarks` are what there is to say about them.

Everything is deterministic: no clock, nothing random; the same facts give the same bytes.
Only this package imports icalendar; it knows no service, no web framework and no database.
"""
