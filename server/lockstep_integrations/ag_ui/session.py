"""Threads and sessions: one session for each thread, under the thread's own name where that is a session's name."""

import re
from hashlib import sha256

SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}\Z")


def session_id_of(thread_id: str) -> str:
    """The session of a thread: its id, or, when no session can be called that, a name made of its digest."""
    if SESSION_ID.match(thread_id):
        return thread_id
    return f"thread-{sha256(thread_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
