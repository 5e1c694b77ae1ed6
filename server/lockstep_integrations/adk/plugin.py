"""`LockstepPlugin`: what Google ADK reports to its plugins, published."""

import sys
from asyncio import CancelledError
from time import perf_counter
from typing import Any

from lockstep_events import EventDispatcher, SyncEventDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import TICKET, Ticket

from lockstep_integrations.adk.calls import Call
from lockstep_integrations.adk.errors import AdkUnavailableError
from lockstep_integrations.adk.guard import Complaints, guarded
from lockstep_integrations.adk.place import place_of
from lockstep_integrations.adk.plain import plain
from lockstep_integrations.adk.questions import REQUESTS, questions_of
from lockstep_integrations.adk.reflection import reflection_of
from lockstep_integrations.adk.runs import Runs
from lockstep_integrations.adk.state import changes_of
from lockstep_integrations.adk.trouble import trouble_of

try:
    from google.adk.plugins.base_plugin import BasePlugin
except ImportError as error:
    raise AdkUnavailableError.of(error) from error


CLOSE_SECONDS = 3.0
"""Below the 5 seconds after which ADK calls it an error that a plugin takes so long."""


class LockstepPlugin(BasePlugin):
    """Publishes every run of the app or runner it is registered with; it changes nothing and never raises.

    It must be the first plugin, because ADK asks nobody after a plugin that answers: `instrument` puts it there.
    Events go to the session `session_id`, by default the ADK session's id.
    """

    def __init__(
        self,
        dispatcher: EventDispatcher | SyncEventDispatcher,
        *,
        session_id: str | None = None,
        name: str = "lockstep",
    ) -> None:
        super().__init__(name=name)
        self.complaints = Complaints()
        self._outbox = Outbox.of(dispatcher.publisher)
        self._runs = Runs(self._outbox, session_id)

    async def close(self) -> None:
        """Called by `Runner.close()`: waits a moment for what is not stored yet. It never raises."""
        await self._outbox.flush(CLOSE_SECONDS)

    @guarded
    def on_user_message_callback(self, *, invocation_context: Any, user_message: Any) -> None:
        run = self._runs.begin(invocation_context, user_message)
        session = run.session(place_of(invocation_context).agent)
        for part in user_message.parts or ():
            answer = part.function_response
            if answer is not None and answer.name not in REQUESTS:
                self._runs.waited(run, answer.id)
                run.calls.answer(session, answer.id, answer.response)

    @guarded
    def before_run_callback(self, *, invocation_context: Any) -> None:
        self._runs.begin(invocation_context, None)

    @guarded
    def after_run_callback(self, *, invocation_context: Any) -> None:
        run = self._runs.take(invocation_context)
        if run is not None and isinstance(sys.exception(), CancelledError | GeneratorExit):
            run.cancel()  # to ADK, a run whose caller stops listening is complete
        elif run is not None:
            run.complete()

    @guarded
    def on_run_error_callback(self, *, invocation_context: Any, error: Exception) -> None:
        run = self._runs.take(invocation_context)
        if run is not None:
            run.fail(trouble_of(error))

    @guarded
    def before_agent_callback(self, *, agent: Any, callback_context: Any) -> None:
        run = self._runs.of(callback_context)
        if run is not None:
            run.arrive(place_of(callback_context), getattr(agent.parent_agent, "name", None))

    @guarded
    def after_agent_callback(self, *, callback_context: Any, **_: Any) -> None:
        run = self._runs.of(callback_context)
        if run is None:
            return
        cancelled = isinstance(sys.exception(), CancelledError)  # ADK reports a cancelled agent as one that ended
        run.leave(place_of(callback_context), None)
        if cancelled and not run.steps.alive:
            self._runs.take(callback_context)
            run.cancel()

    @guarded
    def on_agent_error_callback(self, *, callback_context: Any, error: Exception, **_: Any) -> None:
        run = self._runs.of(callback_context)
        if run is not None:
            run.leave(place_of(callback_context), trouble_of(error))

    @guarded
    def before_model_callback(self, *, callback_context: Any, llm_request: Any) -> None:
        run = self._runs.of(callback_context)
        if run is not None:
            run.ask(place_of(callback_context), llm_request.model)

    @guarded
    def after_model_callback(self, *, callback_context: Any, llm_response: Any) -> None:
        run = self._runs.of(callback_context)
        if run is not None:
            model = run.model(place_of(callback_context))
            model.hear(llm_response)
            run.failure = model.refusal

    @guarded
    def on_model_error_callback(self, *, callback_context: Any, error: Exception, **_: Any) -> None:
        run = self._runs.of(callback_context)
        if run is not None:
            run.model(place_of(callback_context)).fail(trouble_of(error))

    @guarded
    def before_tool_callback(self, *, tool: Any, tool_args: Any, tool_context: Any) -> None:
        run = self._runs.of(tool_context)
        if run is None:
            return
        place, call_id = place_of(tool_context), tool_context.function_call_id
        call = Call(call_id, tool.name, place, run.session(place.agent), perf_counter())
        known = self._runs.waited(run, call_id) or tool_context.tool_confirmation is not None
        speech = run.model(place).speech
        run.calls.begin(call, tool_args, message_id=speech.latest_message, origin=speech.origin, known=known)
        run.enter(place, call_id)
        TICKET.set(Ticket(tool.name, call_id))

    @guarded
    def after_tool_callback(self, *, tool: Any, tool_context: Any, result: Any, **_: Any) -> None:
        TICKET.set(None)
        run = self._runs.of(tool_context)
        if run is None:
            return
        run.enter(place_of(tool_context))
        call_id, actions = tool_context.function_call_id, tool_context.actions
        if (reflection := reflection_of(result)) is not None:
            run.retry(place_of(tool_context).agent, tool.name, call_id, reflection)
        elif tool.is_long_running:
            run.calls.wait(call_id, plain(result))
        elif getattr(tool, "_defers_response", False) and not result:
            run.calls.defer(call_id)
        elif call_id in actions.requested_tool_confirmations or call_id in actions.requested_auth_configs:
            run.calls.wait(call_id, None)
        elif run.calls.finish(call_id, result):
            run.succeed(tool.name)
        if actions.transfer_to_agent:
            run.transfer(place_of(tool_context), actions.transfer_to_agent)

    @guarded
    def on_tool_error_callback(self, *, tool_context: Any, error: BaseException, **_: Any) -> None:
        TICKET.set(None)
        run = self._runs.of(tool_context)
        if run is None:
            return
        if isinstance(error, CancelledError):
            run.calls.fail(tool_context.function_call_id, "cancelled", None)
        else:
            run.calls.fail(tool_context.function_call_id, "error", trouble_of(error))

    @guarded
    def on_event_callback(self, *, invocation_context: Any, event: Any) -> None:
        if event.partial:  # a piece of text, which the model's callback has had
            return
        run = self._runs.of(invocation_context)
        if run is None:
            return
        run.questions.extend(questions_of(event))
        for answer in event.get_function_responses():
            if answer.id in run.calls.deferred:
                run.calls.finish(answer.id, answer.response)
        changes = changes_of(event.actions.state_delta)
        if changes:
            run.session(event.author).state_delta(delta=changes)
