"""AG-UI on the bus: streams come in by `publish_ag_ui` and go out by a `Projector`."""

from lockstep_integrations.ag_ui.ingest import Ingest, Ingested, publish_ag_ui
from lockstep_integrations.ag_ui.profile import Profile, profile_of
from lockstep_integrations.ag_ui.projector import Place, Projector
from lockstep_integrations.ag_ui.session import session_id_of
from lockstep_integrations.ag_ui.thread import Thread

__all__ = [
    "Ingest",
    "Ingested",
    "Place",
    "Profile",
    "Projector",
    "Thread",
    "profile_of",
    "publish_ag_ui",
    "session_id_of",
]
