"""What stops the server from starting: one base, each message saying what to set."""


class ServerError(Exception):
    """Base of every error that `lockstep_server` raises for its operator; clients get a `Problem` instead."""

    exit_code: int = 2


class ExposureError(ServerError):
    """The server was asked to listen on a public address without what makes that safe."""


class SettingsError(ServerError):
    """A setting has a value that cannot be used."""
