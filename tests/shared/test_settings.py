from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.periods import Periods
from shared.settings import Reader, SettingError, read

GOOD = {
    "BASE_URL": "https://Kring.example/",
    "SECRET_KEY": "0f4e8a1b7c2d9653e0f4a8b1c7d29653",
    "LINK_KEYS": "a1b2c3d4e5f60718293a4b5c6d7e8f90, 00112233445566778899aabbccddeeff",
    "ERASURE_KEYS": "c0ffee11d00d22beef33feed44face55",
    "DATABASE_URL": "sqlite:///data/kring.db",
    "BROKER_URL": "memory://",
}


def test_the_common_settings_are_read_once_and_ready_for_use() -> None:
    common = read({**GOOD, "LIMITS": "2.5", "TRUSTED_PROXIES": "1", "KRING_MANAGER_KEY": "a-key"})
    assert common.base_url == "https://kring.example"
    assert common.link_keys == ("a1b2c3d4e5f60718293a4b5c6d7e8f90", "00112233445566778899aabbccddeeff")
    assert (common.limits, common.trusted_proxies, common.manager_key) == (2.5, 1, "a-key")
    assert common.warnings == ()
    assert common.periods == Periods(attendees=60, leftovers=7, needs=7, mail=30, research=12)
    assert read({**GOOD, "KEEP_MAIL_DAYS": "10"}).periods == Periods(mail=10)


def test_limits_can_be_off_but_the_start_warns() -> None:
    assert "LIMITS" in read({**GOOD, "LIMITS": "off"}).warnings[0]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" * 4}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "SECRET_KEY"),
        ({"LINK_KEYS": GOOD["LINK_KEYS"] + ",short"}, "LINK_KEYS"),
        ({"ERASURE_KEYS": ""}, "ERASURE_KEYS"),
        ({"BASE_URL": "kring.example"}, "BASE_URL"),
        ({"BASE_URL": "https://kring.example/path"}, "BASE_URL"),
        ({"BASE_URL": "https://kring.example:port"}, "BASE_URL"),
        ({"BASE_URL": "https://someone@kring.example"}, "BASE_URL"),
        ({"DATABASE_URL": "mysql://someone:secret@host/db"}, "DATABASE_URL"),
        ({"BROKER_URL": "redis://"}, "BROKER_URL"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"LIMITS": "0"}, "LIMITS"),
        ({"KEEP_MAIL_DAYS": "0"}, "KEEP_MAIL_DAYS"),
        ({"KEEP_ATTENDEES_DAYS": "999999999"}, "KEEP_ATTENDEES_DAYS"),
        ({"KRING_MANAGER_KEY": "two words"}, "KRING_MANAGER_KEY"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence_that_tells_no_secret(
    wrong: Mapping[str, str], named: str
) -> None:
    with pytest.raises(SettingError) as refused:
        read({**GOOD, **wrong})
    sentence = str(refused.value)
    assert sentence.startswith(named)
    assert "\n" not in sentence
    assert "secret@" not in sentence


def test_a_service_reads_its_own_settings_the_same_way(tmp_path: Path) -> None:
    reader = Reader({"MAIL_URL": f"folder:{tmp_path}", "BATCH": "50"})
    assert reader.text("MAIL_URL") == f"folder:{tmp_path}"
    assert reader.number("BATCH", default=10, least=1) == 50
    assert reader.text("MAIL_DOMAIN", default="kring.example") == "kring.example"
    with pytest.raises(SettingError, match="REPLIES_URL is missing"):
        reader.text("REPLIES_URL")
