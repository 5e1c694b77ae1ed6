"""An ADK agent that answers messages: one runner for all sessions, observed."""

from typing import Any

from lockstep_events import EventDispatcher

from lockstep_integrations.adk.errors import AdkUnavailableError

try:
    from google.adk.agents.run_config import RunConfig
    from google.adk.runners import Runner
    from google.adk.sessions.in_memory_session_service import InMemorySessionService
    from google.genai import types
except ImportError as error:
    raise AdkUnavailableError.of(error) from error


class Conversation:
    """Keeps its sessions in memory, under the ids that the caller gives."""

    def __init__(self, root_agent: Any, dispatcher: EventDispatcher | None, user_id: str) -> None:
        self._app = f"lockstep_{root_agent.name}"
        self._user_id = user_id
        self._sessions = InMemorySessionService()
        self._runner = Runner(app_name=self._app, agent=root_agent, session_service=self._sessions)
        if dispatcher is not None:
            from lockstep_integrations.adk.attachment import instrument

            instrument(self._runner, dispatcher)

    async def say(self, message: str, session_id: str) -> str:
        """The agent's final text. Raises what the agent raises."""
        where: dict[str, Any] = {"app_name": self._app, "user_id": self._user_id, "session_id": session_id}
        if await self._sessions.get_session(**where) is None:
            await self._sessions.create_session(**where)
        content = types.Content(role="user", parts=[types.Part(text=message)])
        config = RunConfig.model_validate({"streaming_mode": "sse"})
        text = ""
        async for event in self._runner.run_async(
            user_id=self._user_id, session_id=session_id, new_message=content, run_config=config
        ):
            if event.is_final_response() and not event.partial and event.content is not None:
                parts = event.content.parts or ()
                text = "".join(part.text for part in parts if part.text and not part.thought) or text
        return text
