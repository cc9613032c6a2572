"""A wrong setting stops the start with one clear sentence."""

import pytest

from services.notifications.settings import read_settings
from shared.settings import SettingError

GOOD = {
    "DATABASE_URL": "sqlite:///x.db",
    "BROKER_URL": "memory://",
    "SECRET_KEY": "q8Zr1mT5vX0bN7kL3wP9sD2fG6hJ4yUc",
    "LINK_KEYS": "aW5e8Rt1Yu4Io7Pz0Xc3Vb6Nm9Qs2Df5",
    "ERASURE_KEYS": "eK3mZ8qT1wX5vB7nL0pS9dF2gH6jY4uC",
    "MAIL_URL": "folder:data/mail",
}


def test_what_is_not_said_has_a_default() -> None:
    settings = read_settings(GOOD)
    assert (settings.mail_from, settings.addresses.domain) == ("Kring", "kring.example")
    assert settings.addresses.reply_to("token") == "reply+token@kring.example"


@pytest.mark.parametrize("pattern", ["{token}@antwoord.kring.nl", "r-{token}@MAIL_DOMAIN"])
def test_the_reply_address_may_look_otherwise(pattern: str) -> None:
    settings = read_settings({**GOOD, "MAIL_DOMAIN": "Kring.nl", "REPLY_ADDRESS": pattern})
    assert settings.addresses.reply_to("token").endswith("kring.nl")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_URL", ""),
        ("MAIL_URL", "folder:"),
        ("MAIL_URL", "ftp://x"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://x:port"),
        ("REPLIES_URL", "folder:"),
        ("REPLIES_URL", "smtp://0.0.0.0"),
        ("REPLIES_URL", "lmtp://kring:hunter2@127.0.0.1:24"),
        ("REPLIES_URL", "imaps://mail.example/INBOX"),
        ("REPLIES_URL", "imap://kring:hunter2@mail.example/INBOX"),
        ("REPLIES_URL", "pop3s://kring:hunter2@mail.example"),
        ("MAIL_DOMAIN", "kring"),
        ("MAIL_DOMAIN", "kring example.nl"),
        ("REPLY_ADDRESS", "reply@kring.example"),
        ("REPLY_ADDRESS", "reply+{tok}@kring.example"),
        ("REPLY_ADDRESS", "Reply+{token}@kring.example"),
        ("REPLY_ADDRESS", "a-far-too-long-way-to-say-it+{token}@kring.example"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({**GOOD, name: value})


@pytest.mark.parametrize("url", ["smtp://0.0.0.0:2525", "lmtp://[::1]:24", "imaps://kring:word@mail.example/Answers"])
def test_mail_may_come_in_at_any_of_these_doors(url: str) -> None:
    assert read_settings({**GOOD, "REPLIES_URL": url}).replies_url == url


@pytest.mark.parametrize("name", ["MAIL_URL", "REPLIES_URL"])
def test_a_password_is_not_repeated(name: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({**GOOD, name: "http://mail:hunter2@x"})
    assert "hunter2" not in str(refused.value)
