"""A process that uses the embedded Valkey: publishes notes, prints each acknowledged number, and waits to be killed."""

import asyncio
import sys
from pathlib import Path

from lockstep_bus import BusSettings, EventBus
from support.events import Note, NoteContract


async def main(folder: Path, session: str, count: int) -> None:
    bus = EventBus(NoteContract(), BusSettings(data_dir=folder, redis_url=None))
    for number in range(count):
        await bus.publish(Note(session, number))
        print(number, flush=True)  # noqa: T201 - the test reads it
    print("done", flush=True)  # noqa: T201 - the test reads it
    await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
