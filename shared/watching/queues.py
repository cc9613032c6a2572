"""The broker, as one service may see it: whether it answers, and what waits in its own queues."""

from collections.abc import Iterable, Mapping

from prometheus_client import Metric

from shared.bus.broker import Broker, BrokerAwayError
from shared.watching.findings import Finding, gauge


class Queues:
    """The queues of one service on the broker at ``url``, looked at over a connection for that one look."""

    def __init__(self, url: str, service: str) -> None:
        self.broker = Broker(url, service)

    def figures(self) -> Iterable[Metric]:
        """Whether the broker is there, and how many messages wait in each queue that answers."""
        depths = self._depths()
        service = self.broker.service
        yield gauge("kring_broker_up", "Whether the broker answers", service, {(): depths is not None})
        yield gauge(
            "kring_queue_up",
            "Whether a queue of ours is there and answers",
            service,
            {(name,): depth is not None for name, depth in (depths or {}).items()},
            "queue",
        )
        yield gauge(
            "kring_queue_messages",
            "Messages that wait in a queue of ours",
            service,
            {(name,): depth for name, depth in (depths or {}).items() if depth is not None},
            "queue",
        )

    def findings(self) -> Mapping[str, Finding]:
        """``broker``: while it is away people are served, and what is to be told waits."""
        depths = self._depths()
        if depths is None:
            return {"broker": Finding("warn", "does not answer: what is to be told waits in the outbox")}
        missing = [name for name, depth in depths.items() if depth is None]
        if missing:
            return {"broker": Finding("warn", f"no such queue, or dead: {', '.join(missing)}")}
        return {"broker": Finding("pass", f"answers; {sum(filter(None, depths.values()))} messages wait for us")}

    def _depths(self) -> Mapping[str, int | None] | None:
        try:
            return self.broker.depths()
        except BrokerAwayError:
            return None
