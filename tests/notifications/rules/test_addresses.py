"""Whose address it is, and which address fits a header."""

from collections.abc import Callable

import pytest

from services.notifications.rules.addresses import OurAddresses, address_key, mailbox


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


OLD, NEW, FOREIGN = "o" * 40, "n" * 40, "f" * 40


@pytest.mark.parametrize("pattern", ["reply+{token}@kring.example", "{token}@antwoord.kring.example"])
def test_a_token_is_known_as_long_as_the_key_that_signed_it(pattern: str) -> None:
    before, after = OurAddresses("kring.example", pattern, (OLD,)), OurAddresses("kring.example", pattern, (NEW, OLD))
    token = before.new_token(b"0123456789")
    address = before.reply_to(token)
    assert after.token_in(address) == after.token_in(f" {address.upper()} ") == token
    assert after.new_token(b"0123456789") != token
    assert OurAddresses("kring.example", pattern, (NEW,)).token_in(address) is None


@pytest.mark.parametrize(
    "changed",
    [
        lambda address: address.replace("reply+", "reply"),
        lambda address: address.replace("kring", "elders"),
        lambda address: address.replace("@", "a@"),
        lambda address: address.replace(address[10], "a" if address[10] != "a" else "b", 1),
        lambda address: "reply+@kring.example",  # noqa: ARG005  # without any token
        lambda address: "kring@kring.example",  # noqa: ARG005  # another address of ours
    ],
)
def test_another_address_holds_no_token(changed: Callable[[str], str]) -> None:
    ours = OurAddresses("kring.example", "reply+{token}@kring.example", (OLD,))
    address = ours.reply_to(ours.new_token(b"0123456789"))
    assert ours.token_in(changed(address)) is None
    assert ours.token_in(OurAddresses(ours.domain, ours.reply, (FOREIGN,)).reply_to("x" * 42)) is None
