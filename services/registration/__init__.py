"""Who takes part.

I own registrations, seats, waiting lists and attendance, and who may do what: organisers, their keys and sessions.
I publish ``registration.*``, ``series.joined``, ``transfer.proposed``, ``message.written``, ``attendance.counted``,
``seats.changed``, ``list.delivered``, ``story.told``, ``access.changed`` and ``link.requested``.
I listen to catalog (``meeting.*``, ``reference.changed``) and to notifications (``invitation.*``, ``address.*``).
"""
