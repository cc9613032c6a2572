"""Whose address it is, and which address fits a header."""

import pytest

from services.notifications.rules.addresses import address_key, mailbox


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (" Sam@Gemeente.Example ", "sam@gemeente.example"),
        ("sam+kring@gemeente.example", "sam+kring@gemeente.example"),
        ("sam@CAFÉ.example", "sam@xn--caf-dma.example"),
        ("not an address", "not an address"),
    ],
)
def test_one_person_one_key(typed: str, key: str) -> None:
    assert address_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sam",
        "@x.nl",
        "sam@",
        "sam@x",
        "a b@x.nl",
        "alice@gov.nl<mallory@evil>",
        "a@x.nl,b@x.nl",
        "a@x.nl\r\nBcc:b@x.nl",
    ],
)
def test_what_is_not_one_plain_mailbox_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not"):
        mailbox(typed)
