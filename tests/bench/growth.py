"""How generation grows: the time an event takes in contracts of 250 to 2,000 events."""

import json
import sys
import tempfile
from pathlib import Path

from bench.pairs import seconds

ROOT = Path(__file__).parents[2]
LOCKSTEP = Path(sys.executable).parent / "lockstep"
SIZES = (250, 500, 1000, 2000)
LINEAR = 1.5  # an event of the largest contract may take so many times what one of the smallest takes


def contract(count: int) -> str:
    """The real contract and copies of one of its events, up to `count`."""
    schema = json.loads((ROOT / "schema/events.schema.json").read_text("utf-8"))
    defs = schema["$defs"]
    for number in range(len(schema["oneOf"]), count):
        name = f"Thing{number}Happened"
        event = json.loads(json.dumps(defs["ToolCallStartedEvent"]))
        event["properties"]["type"]["const"] = f"thing{number}_happened"
        event["properties"]["payload"]["$ref"] = f"#/$defs/{name}Payload"
        event["x-ag-ui"] = {"custom": f"lockstep/thing{number}_happened"}
        defs |= {f"{name}Event": event, f"{name}Payload": defs["ToolCallStartedPayload"]}
        schema["oneOf"].append({"$ref": f"#/$defs/{name}Event"})
    return json.dumps(schema, indent=2)


def main() -> None:
    per_event: list[float] = []
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "events.schema.json")
            path.write_text(contract(count), "utf-8")
            Path(folder, "VERSION").write_text("0.1.0\n", "utf-8")
            took = seconds([str(LOCKSTEP), "generate", "--schema", str(path), "--out", str(Path(folder, "out"))])
        per_event.append(took / count)
        print(f"generate {count:5} events: {took:6.1f} s, {took / count * 1e3:5.1f} ms an event")
    ratio = per_event[-1] / per_event[0]
    verdict = "ok" if ratio <= LINEAR else "MISSED"
    print(f"an event of {SIZES[-1]} beside one of {SIZES[0]}: {ratio:.2f} (at most {LINEAR}) {verdict}")


if __name__ == "__main__":
    main()
