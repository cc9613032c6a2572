"""What registration does when its time has come."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registration.actions.answer_spar import (
    FORGET_SPARRING,
    FORGET_TOLD,
    forget_sparring,
    forget_told,
    lapse_sparring,
)
from services.registration.actions.ask_to_spar import LAPSE_SPARRING
from services.registration.actions.deliver_lists import DELIVER_LISTS, deliver_lists
from services.registration.actions.forget_needs import FORGET_NEEDS, FORGET_PHONES, forget_needs, forget_phones
from services.registration.actions.issuer_sign_in import (
    FORGET_ATTEMPT,
    FORGET_ISSUER_PERSON,
    FORGET_LOGOUT,
    forget_attempt,
    forget_issuer_person,
    forget_logout,
)
from services.registration.actions.my_data import FORGET_EXPORT, FORGET_LINK, forget_export, forget_link
from services.registration.actions.person_sign_in import (
    END_PERSON_SESSION,
    FORGET_PERSON_LINK,
    MAIL_PERSON_LINK,
    end_person_session,
    forget_person_link,
    mail_person_link,
)
from services.registration.actions.settle import END_OFFERS, SETTLE, settle_when_due
from services.registration.actions.sign_in import MAIL_SIGN_IN_LINK, mail_sign_in_link
from services.registration.actions.tell_seats import SHOW, TELL, show_seats, tell_seats
from shared.db.due import Work

DUE_WORK: Final[Mapping[str, Work]] = MappingProxyType(
    {
        SETTLE: settle_when_due,
        END_OFFERS: settle_when_due,
        TELL: tell_seats,
        SHOW: show_seats,
        FORGET_PHONES: forget_phones,
        FORGET_NEEDS: forget_needs,
        DELIVER_LISTS: deliver_lists,
        LAPSE_SPARRING: lapse_sparring,
        FORGET_SPARRING: forget_sparring,
        FORGET_TOLD: forget_told,
        FORGET_ATTEMPT: forget_attempt,
        FORGET_LOGOUT: forget_logout,
        FORGET_ISSUER_PERSON: forget_issuer_person,
        MAIL_SIGN_IN_LINK: mail_sign_in_link,
        MAIL_PERSON_LINK: mail_person_link,
        FORGET_PERSON_LINK: forget_person_link,
        END_PERSON_SESSION: end_person_session,
        FORGET_LINK: forget_link,
        FORGET_EXPORT: forget_export,
    }
)
"""The actions, by what the work is called that is due; what needs an installation's keys is added in ``app.py``."""
