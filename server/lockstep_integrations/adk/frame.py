"""How an invocation begins and ends: as a run, or as a subagent of the run around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from lockstep_events import (
    ErrorDetail,
    Interrupt,
    ResumeEntry,
    RunAgentInput,
    RunCancelledOutcome,
    RunInterruptOutcome,
    RunSuccessOutcome,
    SubagentSuccessOutcome,
    SubagentSuspendedOutcome,
    SyncEventDispatcher,
    SyncRunDispatcher,
    SyncSessionDispatcher,
    TokenUsage,
    UserMessage,
)

from lockstep_integrations.adk.plain import plain

Usage = list[TokenUsage] | None


class Frame(Protocol):
    """What surrounds everything that an invocation publishes."""

    @property
    def session_id(self) -> str:
        """The session that it publishes to."""
        ...

    @property
    def run_id(self) -> str:
        """The run that it is, or is part of."""
        ...

    @property
    def subagent_run_id(self) -> str | None:
        """The subagent that it is; None for a run."""
        ...

    def session(self, agent: str) -> SyncSessionDispatcher:
        """What publishes for an agent inside."""
        ...

    def begin(self, message: Any, /) -> None:
        """Publish that it began, with what the user said (a `types.Content`), if anything."""
        ...

    def complete(self, questions: list[Interrupt], usage: Usage, /) -> None:
        """Publish that it did its work, or stopped to ask."""
        ...

    def cancel(self, usage: Usage, /) -> None:
        """Publish that it was stopped from outside."""
        ...

    def fail(self, error: ErrorDetail, usage: Usage, /) -> None:
        """Publish that it failed."""
        ...


@dataclass(frozen=True, slots=True)
class RunFrame:
    """The invocation is a run of its own."""

    dispatcher: SyncEventDispatcher
    session_id: str
    run_id: str
    agent: str
    resumes: str | None = None

    @property
    def subagent_run_id(self) -> None:
        return None

    def session(self, agent: str) -> SyncRunDispatcher:
        return self.dispatcher.session(self.session_id, run_id=self.run_id, agent=agent)

    def begin(self, message: Any, /) -> None:
        text, answers = _heard(message)
        said = [UserMessage(id=f"{self.run_id}:input", role="user", content=text)] if text else []
        given = RunAgentInput(
            thread_id=self.session_id, run_id=self.run_id, messages=list(said), resume=answers or None
        )
        self.session(self.agent).run_started(parent_run_id=self.resumes, input=given if said or answers else None)

    def complete(self, questions: list[Interrupt], usage: Usage, /) -> None:
        asked = RunInterruptOutcome(type="interrupt", interrupts=questions) if questions else None
        self.session(self.agent).run_completed(outcome=asked or RunSuccessOutcome(type="success"), usage=usage)

    def cancel(self, usage: Usage, /) -> None:
        self.session(self.agent).run_completed(outcome=RunCancelledOutcome(type="cancelled"), usage=usage)

    def fail(self, error: ErrorDetail, usage: Usage, /) -> None:
        self.session(self.agent).run_failed(message=error.message, code=error.code or error.type, usage=usage)


@dataclass(frozen=True, slots=True)
class SubagentFrame:
    """The invocation answers a tool call of the run around it, as ADK's `AgentTool` does."""

    dispatcher: SyncEventDispatcher
    session_id: str
    run_id: str
    agent: str
    subagent_run_id: str
    tool_call_id: str | None

    def session(self, agent: str) -> SyncSessionDispatcher:
        return self.dispatcher.session(
            self.session_id, run_id=self.run_id, agent=agent, subagent_run_id=self.subagent_run_id
        )

    def begin(self, _message: Any, /) -> None:
        self._own.subagent_started(
            subagent_run_id=self.subagent_run_id, name=self.agent, parent_tool_call_id=self.tool_call_id
        )

    def complete(self, questions: list[Interrupt], _usage: Usage, /) -> None:
        waits = [each.id for each in questions]
        asked = SubagentSuspendedOutcome(type="suspended", interrupt_ids=waits) if waits else None
        self._own.subagent_completed(
            subagent_run_id=self.subagent_run_id, outcome=asked or SubagentSuccessOutcome(type="success")
        )

    def cancel(self, _usage: Usage, /) -> None:
        self._own.subagent_failed(subagent_run_id=self.subagent_run_id, message="cancelled", code="cancelled")

    def fail(self, error: ErrorDetail, _usage: Usage, /) -> None:
        self._own.subagent_failed(
            subagent_run_id=self.subagent_run_id, message=error.message, code=error.code or error.type
        )

    @property
    def _own(self) -> SyncSessionDispatcher:
        return self.session(self.agent)


def _heard(message: Any) -> tuple[str, list[ResumeEntry]]:
    """The text that the user said, and the answers to earlier questions."""
    parts: Iterable[Any] = (message.parts or ()) if message is not None else ()
    text, answers = "", list[ResumeEntry]()
    for part in parts:
        text += part.text or ""
        if part.function_response is not None and part.function_response.id:
            answer = part.function_response
            answers.append(ResumeEntry(interrupt_id=answer.id, status="resolved", payload=plain(answer.response)))
    return text, answers
