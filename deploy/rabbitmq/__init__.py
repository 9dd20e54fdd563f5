"""The broker's definitions: queues, users and rights of a list of agencies."""
