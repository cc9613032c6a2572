"""What things are called on the broker. Written once: the services, the topology and the tests all ask here."""


def exchange(publisher: str) -> str:
    """Take a service's name and give the topic exchange on which that service alone publishes."""
    return f"{publisher}.events"


def queue(consumer: str, publisher: str) -> str:
    """Take two services' names and give the queue from which the first reads the events of the second."""
    return f"{consumer}.from.{publisher}"


def dead_letters(service: str) -> str:
    """Take a service's name and give the queue where RabbitMQ puts what this service gave up."""
    return f"{service}.dead"
