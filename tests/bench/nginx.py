"""nginx, serving a file: what a web server can do at all with an answer that does not change."""

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.process import Process, free_ports
from deploy.proxy import identity
from tests.bench.programs import WORKERS

_CONFIGURATION = """
daemon off;
{identity}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    types {{ text/calendar ics; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@contextmanager
def nginx(folder: Path, name: str, content: bytes) -> Iterator[tuple[int, str]]:
    """Serve ``content`` as the file ``name``; gives the port, and the ETag that nginx gave it."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / name).write_bytes(content)
    port = free_ports(1)[0]
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(identity=identity(), workers=WORKERS, folder=folder, port=port))
    address = f"http://127.0.0.1:{port}/{name}"
    command: list[str | Path] = [shutil.which("nginx") or "nginx", "-e", "stderr", "-c", configuration]
    server = Process(command, directory=folder, ready=lambda: bool(_tag(address)))
    server.start()
    try:
        yield port, _tag(address)
    finally:
        server.stop()


def _tag(address: str) -> str:
    """The ETag at ``address``; empty where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  # an address of ours
            return str(answer.headers["ETag"])
    except urllib.error.URLError:
        return ""
