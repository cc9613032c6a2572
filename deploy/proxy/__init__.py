"""The one door in front of the three services: nginx, with the same routes in containers and on one machine."""

import grp
import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template

HERE = Path(__file__).parent


def write(folder: Path, port: int, services: Mapping[str, int]) -> Path:
    """Fill in nginx's two files: the routes, which containers share, and what surrounds them on this machine.

    Take the folder for its files, its port and each service's; give the file that nginx is started with.
    """
    folder.mkdir(exist_ok=True)
    shutil.copytree(HERE / "pages", folder / "pages", dirs_exist_ok=True)
    values = {
        "FOLDER": str(folder),
        "IDENTITY": identity(),
        "LISTEN": f"127.0.0.1:{port}",
        "ERROR_PAGES": str(folder / "pages"),
        **{f"{name.upper()}_WEB": f"127.0.0.1:{at}" for name, at in services.items()},
    }
    for name in ("nginx.conf", "kring.conf"):
        template = Template((HERE / f"{name}.template").read_text())
        (folder / name).write_text(template.safe_substitute(values))  # nginx's own $names stay
    return folder / "nginx.conf"


def identity() -> str:
    """The line of nginx's configuration that says who its workers are, when we are root; else they are who we are."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"user {nobody.pw_name} {grp.getgrgid(nobody.pw_gid).gr_name};"
