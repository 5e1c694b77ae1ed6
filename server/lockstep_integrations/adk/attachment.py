"""`instrument`: attaches the plugin where it belongs."""

from typing import Any

from lockstep_events import EventDispatcher, SyncEventDispatcher

from lockstep_integrations.adk.plugin import LockstepPlugin


def instrument(
    target: Any, dispatcher: EventDispatcher | SyncEventDispatcher, *, session_id: str | None = None
) -> LockstepPlugin:
    """Publish every run of a `Runner` or an `App` from now on. Returns the plugin, which is the first one.

    An app is instrumented before a runner is made of it. Doing it twice changes nothing. Raises TypeError for anything
    that has no plugins.
    """
    manager = getattr(target, "plugin_manager", target)
    if not isinstance(getattr(manager, "plugins", None), list):
        raise TypeError(f"instrument() takes a google.adk Runner or App, not a {type(target).__name__!r}")
    plugins: list[Any] = manager.plugins
    for known in plugins:
        if isinstance(known, LockstepPlugin):
            return known
    plugin = LockstepPlugin(dispatcher, session_id=session_id)
    plugins.insert(0, plugin)
    return plugin
