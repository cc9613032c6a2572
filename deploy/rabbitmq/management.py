"""RabbitMQ's management API: what AMQP cannot do (virtual hosts, users, policies, whole definitions)."""

import base64
import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, unquote, urlsplit


class RefusedError(Exception):
    """The management API cannot be reached, or said no; the text says to what and why."""


class Management:
    """One server's management API, at `http://USER:PASSWORD@HOST:15672`."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        account = f"{unquote(self.parts.username or 'guest')}:{unquote(self.parts.password or 'guest')}"
        self.headers = {"Authorization": f"Basic {base64.b64encode(account.encode()).decode()}"}

    @property
    def user(self) -> str:
        """Who we are there."""
        return unquote(self.parts.username or "guest")

    def answers(self) -> bool:
        """Tell whether it can be reached and lets us in."""
        try:
            self.call("GET", "whoami")
        except RefusedError:
            return False
        return True

    def make_vhost(self, name: str) -> None:
        """Make a virtual host, with all rights on it for ourselves."""
        self.call("PUT", f"vhosts/{quote(name, safe='')}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.call("PUT", f"permissions/{quote(name, safe='')}/{quote(self.user, safe='')}", everything)

    def drop_vhost(self, name: str) -> None:
        """Drop a virtual host with all that is in it."""
        self.call("DELETE", f"vhosts/{quote(name, safe='')}")

    def drop_user(self, name: str) -> None:
        """Drop a user."""
        self.call("DELETE", f"users/{quote(name, safe='')}")

    def queues(self, vhost: str) -> list[dict[str, Any]]:
        """Give what is known of each queue of a virtual host now."""
        found: list[dict[str, Any]] = self.call("GET", f"queues/{quote(vhost, safe='')}")
        return found

    def drop_queue(self, vhost: str, name: str) -> None:
        """Drop a queue with all that is in it."""
        self.call("DELETE", f"queues/{quote(vhost, safe='')}/{quote(name, safe='')}")

    def load(self, document: dict[str, Any]) -> None:
        """Put a definitions document on the server; what is there and the same, stays."""
        self.call("POST", "definitions", document)

    def definitions(self) -> dict[str, Any]:
        """Give all that is defined on the server."""
        found: dict[str, Any] = self.call("GET", "definitions")
        return found

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Call `/api/{path}` and give the JSON of the answer, if any; RefusedError for every other outcome."""
        secure = self.parts.scheme == "https"
        connect, port = (HTTPSConnection, 443) if secure else (HTTPConnection, 15672)
        connection = connect(self.parts.hostname or "127.0.0.1", self.parts.port or port, timeout=30)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/api/{path}", payload, {**self.headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read().decode()
        except (OSError, HTTPException) as failure:
            raise RefusedError(f"RabbitMQ's management API does not answer: {failure}") from failure
        finally:
            connection.close()
        if answer.status >= 300:  # noqa: PLR2004  # RFC 9110: 2xx is success
            raise RefusedError(f"RabbitMQ refused {method} {path}: {answer.status} {content}")
        return json.loads(content) if content else None
