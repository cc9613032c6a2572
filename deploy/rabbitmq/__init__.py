"""RabbitMQ: the one topology, the way to put it on a server, and a server of our own."""
