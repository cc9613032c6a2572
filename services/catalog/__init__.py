"""What we publish: meetings, the words of the network, and the calendars that follow them.

**I own** meetings with their seat plans and files, regions, target groups, themes and organisations; knowledge, experts
and the programme's own texts.

**I publish** ``reference.changed`` for every word, and ``meeting.published``, ``meeting.changed``,
``meeting.cancelled`` and ``meeting.held`` with all facts of the meeting each time.

**I listen to** ``seats.changed`` (to show how many seats are left), ``attendance.counted`` (to know which organisations
were reached), ``message.written`` (to show what is urgent), ``story.told`` (for an editor to look at) and
``access.changed`` (so that organisers' keys and sessions hold here too, and histories can say whose they are).

Doors: ``pages`` (people), ``api`` (programs), ``subscriptions`` (events), ``commands`` (operators). Each calls one of
``actions``, which asks ``rules`` what is allowed and writes to ``tables``. ``feeds`` joins calendars from the entries
that ``actions.keep_entries`` renders whenever a meeting changes.
"""
