"""What the web process counts for Prometheus, beside the gauges of its node."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.node.health import NodeMetrics
from shared.node.node import Node


@dataclass(frozen=True, slots=True)
class WebMetrics:
    """What the web process counts. Routes are patterns, so that no address with a case id becomes a label."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram


def web_metrics(node: Node) -> WebMetrics:
    """A registry of its own for each node, because one process may host several."""
    registry = CollectorRegistry()
    registry.register(NodeMetrics(node))
    requests = Counter(
        "renkei_http_requests", "HTTP の要求の数", ["route", "method", "status"], registry=registry
    )
    seconds = Histogram("renkei_http_seconds", "HTTP の応答までの秒数", ["route"], registry=registry)
    return WebMetrics(registry, requests, seconds)
