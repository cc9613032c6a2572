"""One key, one session: given by registration, good in all three services, and gone in all three."""

import re

from tests.journeys.kring import Kring, Visitor

EVERYWHERE = ("/organise/", "/registration/desk", "/notifications/mailroom")


def doors(visitor: Visitor) -> list[int]:
    return [visitor.get(page).status_code for page in EVERYWHERE]


def test_the_printed_link_signs_in_everywhere_by_its_button(kring: Kring) -> None:
    link = kring.command("sign-in-link")
    scanner, manager = kring.visitor(), kring.visitor()

    for _ in range(3):
        assert scanner.open(link).status_code == 200
    kring.settle()
    assert doors(scanner) == [303, 303, 303]

    desk = manager.press(manager.open(link))
    assert desk.status_code == 200
    kring.settle()
    assert doors(manager) == [200, 200, 200]
    used = scanner.press(scanner.open(link))
    assert used.status_code == 404

    token = re.search(r'name="csrf_token" value="([^"]+)"', manager.get("/registration/desk").text)
    assert token
    stolen = kring.visitor()
    cookie = manager.client.get_cookie("kring_signin")
    assert cookie
    manager.client.post("/registration/sign-out", data={"csrf_token": token[1]})
    kring.settle()
    stolen.client.set_cookie("kring_signin", cookie.value)
    assert doors(manager) == doors(stolen) == [303, 303, 303]


def test_a_revoked_key_opens_nothing_anywhere(kring: Kring) -> None:
    meeting = kring.publish()
    key = {"Authorization": f"Bearer {kring.command('keys', 'add', '--role', 'manager', '--name', 'koppeling')}"}
    kring.settle()
    calls = [
        "/v1/meetings?status=draft",
        f"/registration/v1/meetings/{meeting['id']}/registrations",
        f"/notifications/v1/meetings/{meeting['id']}/invitations",
    ]
    assert [kring.ask("GET", call, key).status_code for call in calls] == [200, 200, 200]

    (listed,) = (line for line in kring.command("keys", "list").splitlines() if "koppeling" in line)
    kring.command("keys", "revoke", listed.split("\t")[0])
    kring.settle()

    assert [kring.ask("GET", call, key).status_code for call in calls] == [401, 401, 401]
