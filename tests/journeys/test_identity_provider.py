"""Organisers sign in with the certified provider ``oidc-provider``, and are out of all services when it says so."""

import html
import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.process import ending_with_us, free_ports
from services.registration.issuers.issuer import read_client_key
from tests.journeys.kring import ROOT
from tests.journeys.pages import form_of
from tests.journeys.running import Run
from tests.waiting import eventually

pytestmark = pytest.mark.long

PROVIDER = Path(__file__).with_name("provider.mjs")
EVERYWHERE = ("/organise/", "/registration/desk", "/notifications/mailroom")
GROUPS = {"noor": ["kring-office"], "otto": ["somewhere-else"]}


@dataclass
class Browser:
    """One that runs no scripts: it keeps cookies of both sites, follows what is refreshed at once, fills in forms."""

    session: requests.Session = field(default_factory=requests.Session)

    def get(self, address: str) -> requests.Response:
        return self._shown(self.session.get(address, timeout=30))

    def press(self, page: requests.Response, action: str = "", **typed: str) -> requests.Response:
        form = form_of(f"<main>{page.text}</main>", action)
        address = urljoin(page.url, html.unescape(form.action))
        return self._shown(self.session.post(address, data={**form.fields, **typed}, timeout=30))

    def _shown(self, page: requests.Response) -> requests.Response:
        refreshed = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
        return self.get(html.unescape(refreshed[1])) if refreshed else page


def link_in(page: requests.Response, beginning: str) -> str:
    """The link on a page whose address begins so."""
    found = re.search(rf'href="({re.escape(html.escape(beginning))}[^"]*)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


@contextmanager
def provider(run: Run, port: int, key_file: Path) -> Iterator[str]:
    """The provider as a process, where ``run`` is known as a client by its key; gives its address."""
    assert shutil.which("node"), "No node here: install what tests/system-packages.txt lists (make test does)."
    assert (ROOT / "node_modules" / "oidc-provider").is_dir(), "No oidc-provider here: run npm ci (make test does)."
    client = {
        "client_id": "kring",
        "redirect_uris": [f"{run.address}/registration/sign-in/oidc/1"],
        "post_logout_redirect_uris": [f"{run.address}/registration/sign-in"],
        "backchannel_logout_uri": f"{run.address}/registration/v1/issuers/1/logout",
        "backchannel_logout_session_required": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": read_client_key(key_file.read_bytes()).public(),
        "scope": "openid profile groups",
    }
    config = json.dumps({"port": port, "client": client, "groups": GROUPS})
    with subprocess.Popen(
        [*ending_with_us(signal.SIGKILL), "node", PROVIDER, config],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        assert any("ready" in line for line in process.stdout)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def sign_in(run: Run, browser: Browser, name: str) -> requests.Response:
    """Press the button, give a name and a password there, agree there, and press the button back here."""
    there = browser.press(browser.get(f"{run.address}/registration/sign-in"), "/start")
    agreed = browser.press(browser.press(there, login=name, password="any"))
    assert f"{run.address}/registration/sign-in/oidc/1?" in agreed.url, agreed.text
    return browser.press(agreed)


def opened(run: Run, browser: Browser) -> list[bool]:
    """Which of the services know who this is."""
    return [
        browser.session.get(run.address + page, allow_redirects=False, timeout=30).status_code == 200
        for page in EVERYWHERE
    ]


def test_an_organiser_signs_in_at_the_provider_and_is_out_everywhere_as_soon_as_it_says_so(tmp_path: Path) -> None:
    key_file, port = tmp_path / "key.pem", free_ports(1)[0]
    key = generate_private_key(65537, 2048)
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    run = Run(
        tmp_path / "data",
        KRING_DEMO="0",
        OIDC_ISSUER=f"http://127.0.0.1:{port}",
        OIDC_NAME="Voorbeeld-ID",
        OIDC_CLIENT_ID="kring",
        OIDC_KEY_FILE=str(key_file),
        OIDC_SCOPE="openid profile groups",
        OIDC_ROLES="kring-office=manager",
    )
    run.start()
    try:
        with provider(run, port, key_file) as issuer:
            run.wait_until_ready()
            _signs_in_and_out(run, issuer)
    finally:
        run.kill()


def _signs_in_and_out(run: Run, issuer: str) -> None:
    stranger, noor = Browser(), Browser()
    assert sign_in(run, stranger, "otto").status_code == 403
    assert opened(run, stranger) == [False] * 3

    assert "Voorbeeld-ID" in noor.get(f"{run.address}/registration/sign-in").text
    assert sign_in(run, noor, "noor").status_code == 200
    eventually(lambda: opened(run, noor) == [True] * 3)

    noor.press(noor.get(f"{issuer}/session/end"), logout="yes")
    eventually(lambda: opened(run, noor) == [False] * 3)

    assert sign_in(run, noor, "noor").status_code == 200
    left = noor.press(noor.get(f"{run.address}/registration/desk"), "/sign-out")
    assert opened(run, noor)[1] is False
    back = noor.press(noor.get(link_in(left, f"{issuer}/session/end")), logout="yes")
    assert back.url == f"{run.address}/registration/sign-in"
