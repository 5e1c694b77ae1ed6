"""What the server counts, in Prometheus' text form: of this process, for one router."""

from typing import Final

from lockstep_bus.contracts import ContractTable
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """The instruments of one router. A registry of its own lets two routers live in one process."""

    def __init__(self, contracts: ContractTable) -> None:
        self._registry = CollectorRegistry()
        self.streams_open = Gauge("lockstep_streams_open", "Viewers connected now", registry=self._registry)
        self.streams = Counter("lockstep_streams", "Streams ended, by why", ["end"], registry=self._registry)
        self.delivered = Counter("lockstep_events_delivered", "Events written to viewers", registry=self._registry)
        self.bytes_sent = Counter("lockstep_stream_bytes", "Bytes written to viewers", registry=self._registry)
        self.gaps = Counter(
            "lockstep_gaps", "Gaps announced to viewers, by reason", ["reason"], registry=self._registry
        )
        self.published = Counter("lockstep_events_published", "Events accepted by POST", registry=self._registry)
        self.duplicates = Counter(
            "lockstep_events_duplicate", "Events that had been accepted before", registry=self._registry
        )
        self.refused = Counter("lockstep_publish_refused", "POSTs refused, by code", ["code"], registry=self._registry)
        info = Gauge(
            "lockstep_contract", "The contracts served", ["name", "version", "digest"], registry=self._registry
        )
        for contract in contracts:
            info.labels(contract.name, contract.version, contract.digest).set(1)

    def text(self) -> bytes:
        """Everything, as `GET /metrics` answers it."""
        return generate_latest(self._registry)
