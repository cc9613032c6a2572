"""Looks at an installation as a doctor would: asks everything, changes nothing, and says what to do.

``findings`` are what is said, ``examination`` asks what every service has in common, ``databases`` what each kind of
database can be asked. ``python -m services.<name> doctor``; ``python -m deploy.doctor`` where one process is all.
"""
