"""Who runs what: each run is started once, each thread has one live run, and a worker that dies is found out."""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from lockstep_bus import EventBus
from lockstep_events.runtime import Event
from lockstep_integrations.ag_ui import session_id_of

LEASE_SECONDS = 6.0
"""A worker that has not renewed its lease for so long is dead."""
RENEW_SECONDS = 1.0
"""Also how long a cancel from another process takes to arrive."""
ABANDONED = "RUN_ABANDONED"
ABANDONED_MESSAGE = "The process that ran the agent is gone"

Claim = Literal["started", "attached", "conflict", "busy"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an agent in a thread."""

    agent: str
    thread_id: str
    run_id: str

    @property
    def session_id(self) -> str:
        return session_id_of(self.thread_id)


class Runs:
    """What the processes of a fleet know of each other's runs."""

    def __init__(self, bus: EventBus, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._bus = bus
        self._owner = secrets.token_hex(8)
        self._remembered = bus.settings.retention_hours * 3600 or 86400.0
        self.lease_seconds = lease_seconds

    async def claim(self, run: Run, body: dict[str, Any]) -> Claim:
        """Start a run, or find it started, with the same body or with another one, or find another run on."""
        shelf = self._bus.shelf(run.session_id)
        lease = self._lease(run)
        digest = sha256(json.dumps([run.agent, body], sort_keys=True).encode()).hexdigest().encode()
        mine = digest + b" " + secrets.token_hex(8).encode()
        known = await shelf.claim(_record(run), mine, seconds=self._remembered)
        if known != mine:
            return "attached" if known.split(b" ")[0] == digest else "conflict"
        if await shelf.claim("lease", lease, seconds=self.lease_seconds) == lease:
            return "started"
        await shelf.drop(_record(run), mine)
        return "busy"

    async def renew(self, run: Run) -> bool:
        """Say that the run is still worked on; false when others have given it up."""
        shelf, lease = self._bus.shelf(run.session_id), self._lease(run)
        if await shelf.renew("lease", lease, seconds=self.lease_seconds):
            return True
        # A Redis that forgot everything is no reason to give up; another worker in our place is.
        return await shelf.claim("lease", lease, seconds=self.lease_seconds) == lease

    async def release(self, run: Run) -> None:
        await self._bus.shelf(run.session_id).drop("lease", self._lease(run))

    async def cancel(self, run: Run) -> None:
        """Ask whoever runs it to stop."""
        await self._bus.shelf(run.session_id).put(f"cancel:{run.run_id}", b"1", seconds=10 * self.lease_seconds)

    async def cancelled(self, run: Run) -> bool:
        return await self._bus.shelf(run.session_id).get(f"cancel:{run.run_id}") is not None

    async def known(self, run: Run) -> bool:
        """Whether a server has ever started this run."""
        return await self._bus.shelf(run.session_id).get(_record(run)) is not None

    async def worked_on(self, run: Run) -> bool:
        """Whether a living worker holds the run."""
        lease = await self._bus.shelf(run.session_id).get("lease")
        return lease is not None and lease.split(b" ", 1)[1] == run.run_id.encode()

    async def abandon(self, run: Run) -> None:
        """End a run whose worker is gone. Every process that finds out says the same, and the bus keeps it once."""
        payload = {"message": ABANDONED_MESSAGE, "code": ABANDONED}
        event: Event = self._bus.contracts.of(run.session_id).make(
            "run_failed", run.session_id, payload, run_id=run.run_id, event_id=_event_id(run), source=SYNTHESIZED
        )
        await self._bus.publish(event)

    def _lease(self, run: Run) -> bytes:
        return f"{self._owner} {run.run_id}".encode()


SYNTHESIZED = {"protocol": "lockstep", "synthesized": True}


def _record(run: Run) -> str:
    return f"run:{run.run_id}"


def _event_id(run: Run) -> str:
    """A UUIDv7 in form, and the same wherever it is made."""
    digits = sha256(f"{run.session_id}\n{run.run_id}\n{ABANDONED}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
