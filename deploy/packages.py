"""Debian packages that are missing: installed as root, else named in one line.

Runs before any environment exists, so it knows only the standard library:
`python3 -m deploy.packages NAME…` or `--from FILE`. A line of FILE is a package and, where another package may
bring the same program, the command or path that proves it is there.
"""

import contextlib
import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_FORBIDDEN = 101  # invoke-rc.d(8): the action is not allowed


class MissingPackagesError(Exception):
    """A package is not there and cannot be installed from here; the text says what to install."""


def wanted(listing: str) -> dict[str, str | None]:
    """Take the text of a package list; give per package the program that proves it is there, if it names one."""
    lines = (line.partition("#")[0].split() for line in listing.splitlines())
    return {words[0]: words[1] if words[1:] else None for words in lines if words}


def named(*names: str) -> dict[str, str | None]:
    """Take packages' names; give them with nothing else to prove that they are there."""
    return dict.fromkeys(names)


def ensure(packages: Mapping[str, str | None]) -> None:
    """Install the packages that are missing without starting their services, or raise MissingPackagesError."""
    absent = [name for name, proof in packages.items() if not _is_there(name, proof)]
    if not absent:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingPackagesError(f"Not installed here: install {' '.join(absent)}")
    print(f"Installing {' '.join(absent)}", flush=True)
    try:
        with _services_stay_down():
            _install(absent)
    except (OSError, subprocess.CalledProcessError) as failure:
        raise MissingPackagesError(f"apt-get did not succeed: install {' '.join(absent)}") from failure


def _is_there(name: str, proof: str | None) -> bool:
    if proof is not None:
        return bool(glob.glob(proof)) if "/" in proof else shutil.which(proof) is not None  # noqa: PTH207  # absolute
    status = ["dpkg-query", "--show", "--showformat=${Status}", name]
    if shutil.which(status[0]) is None:
        return False
    answer = subprocess.run(status, capture_output=True, text=True, check=False)
    return answer.stdout == "install ok installed"


def _install(names: Iterable[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "-qq", *names]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


@contextlib.contextmanager
def _services_stay_down() -> Iterator[None]:
    """Debian starts what it installs; a broker on 5672 that nobody asked for would be taken for one to test with."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(f"#!/bin/sh\nexit {POLICY_FORBIDDEN}\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def main(arguments: list[str]) -> int:
    """Ensure what the command line names; 1 and one line on stderr when that cannot be."""
    match arguments:
        case ["--from", path]:
            packages = wanted(Path(path).read_text())
        case names:
            packages = named(*names)
    try:
        ensure(packages)
    except MissingPackagesError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
