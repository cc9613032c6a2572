"""Drafts of the papers that the GDPR asks for, made from what the services really keep.

    python -m deploy.papers register   an entry for the register of processing activities (article 30)
    python -m deploy.papers dpia       a data protection impact assessment (article 35)

In Dutch, or with ``--language en``. What stands between « » only the organisation itself knows.
"""
