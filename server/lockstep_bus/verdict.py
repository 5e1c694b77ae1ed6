"""What an error reply means for the call that got it: try again, elsewhere or here, or give up."""

from lockstep_bus.errors import BusError, BusUnavailableError, UnsupportedServerError
from lockstep_bus.link import Link, ReplyError
from lockstep_bus.node import LOAD_SCRIPTS, Node
from lockstep_bus.topology import Topology

_MOVED = ("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN")
_DEMOTED = ("READONLY", "UNBLOCKED", "MASTERDOWN")
_PASSING = ("LOADING", "BUSY", "NOREPLICAS", "OOM", "MISCONF")


def refusal(reply: ReplyError) -> UnsupportedServerError | None:
    """The error to raise when no further attempt can succeed; None when one may."""
    if str(reply).startswith(("NOSCRIPT", *_MOVED, *_DEMOTED, *_PASSING)):
        return None
    return UnsupportedServerError(f"Redis refuses a command of the bus: {reply}")


async def prepare_retry(reply: ReplyError, node: Node, link: Link, topology: Topology) -> None:
    """Do what makes a second attempt worthwhile. Raises LinkError when the connection goes meanwhile."""
    text = str(reply)
    if text.startswith("NOSCRIPT"):
        await link.execute(LOAD_SCRIPTS)
    elif text.startswith(_MOVED):
        await topology.refresh()
    elif text.startswith(_DEMOTED):
        node.drop()


def unavailable(address: str, seconds: float, cause: Exception | None) -> BusError:
    """The error of a call that has tried for long enough."""
    reason = f": {cause}" if cause else ""
    if isinstance(cause, ReplyError) and str(cause).startswith("OOM"):
        reason = ": it is out of memory (maxmemory); raise it, or lower LOCKSTEP_RETENTION_MEGABYTES"
    return BusUnavailableError(
        f"Redis at {address} did not do it within {seconds:g} s{reason}. Trying again is safe: events are stored once"
    )
