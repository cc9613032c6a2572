"""Where the broker is: a cluster has several hosts, and any of them will do."""

from urllib.parse import urlsplit, urlunsplit


def each_host(url: str) -> list[str]:
    """Take ``amqp://USER:PASSWORD@HOST:PORT,HOST:PORT/VHOST``; give a URL for each of its hosts, in the same order."""
    parts = urlsplit(url)
    account, at, hosts = parts.netloc.rpartition("@")
    return [urlunsplit(parts._replace(netloc=f"{account}{at}{host}")) for host in hosts.split(",")]
