"""Lockstep's HTTP server: a router for anyone's FastAPI application, and an application of its own."""

from lockstep_server.app import create_app
from lockstep_server.door import Action, Authorize
from lockstep_server.errors import ExposureError, ServerError
from lockstep_server.router import lockstep_router
from lockstep_server.settings import ServerSettings

__all__ = ["Action", "Authorize", "ExposureError", "ServerError", "ServerSettings", "create_app", "lockstep_router"]
