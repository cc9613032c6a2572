"""Traces of OpenTelemetry, for who asks for them: ``TRACES_URL``, and the extra ``traces``.

A trace is the thread of events that a correlation id names, from the click to the mail, and needs nothing kept of its
own: the id of each span is made from what the journal knows anyway, so that a process can hang its span under that of
another it never talked to. ``spans`` is what doors call, and does nothing unless ``export`` was set up. No span holds
what people typed: routes, kinds of events and mails, and nothing else.
"""
