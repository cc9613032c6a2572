"""Organisers read mails; they must not act as whoever received them."""

from email.message import EmailMessage
from email.policy import SMTP

from services.notifications.rules.showing import shown


def test_personal_links_are_cut_off() -> None:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(
        "https://kring.example/registration/mine/abc.DEF-1_2\n"
        "https://kring.example/registration/sign-in/abc.DEF\n"
        "https://kring.example/registration/my-data/abc.DEF\n"
        "https://kring.example/meetings/een\n",
        cte="base64",
    )
    assert shown(mail.as_bytes()).split() == [
        "https://kring.example/registration/mine/…",
        "https://kring.example/registration/sign-in/…",
        "https://kring.example/registration/my-data/…",
        "https://kring.example/meetings/een",
    ]
