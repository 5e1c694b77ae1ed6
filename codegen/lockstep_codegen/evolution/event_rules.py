"""The rules about events as wholes: their types, their definitions, their unions."""

from lockstep_codegen.evolution.rule import Kind, Rule

EVENT_RULES = (
    Rule(
        "EVENT_TYPE_REMOVED",
        "An event type is gone: old logs hold events that a new reader no longer knows.",
        "Keep the event, marked `deprecated` with `x-replaced-by`, for as long as logs hold it.",
        strict="B",
        tolerant="B",
        source="breaks",
    ),
    Rule(
        "EVENT_TYPE_ADDED",
        "There is a new event type: strict old readers refuse it, tolerant ones keep it as unknown.",
        "Upgrade strict readers before the first agent publishes it.",
        strict="F",
        source="warns",
    ),
    Rule(
        "EVENT_TYPE_RENAMED",
        "An event type has another name: logs still say the old one.",
        "Add the new event beside the old one, and mark the old one `deprecated` with `x-replaced-by`.",
        strict="BF",
        tolerant="B",
        source="breaks",
    ),
    Rule(
        "EVENT_DEF_RENAMED",
        "The definition of an event has another name: the wire is the same, its class is not.",
        "Keep the name; an event's class follows its type.",
        source="breaks",
    ),
    Rule(
        "DEF_RENAMED",
        "A field is made of a definition with another name: the wire is the same, its class is not.",
        "Keep the name, or say in the changelog which class to use.",
        source="breaks",
    ),
    Rule(
        "DISCRIMINATOR_CHANGED",
        "The member that tells a union's variants apart is another one.",
        "Keep the discriminator; a new union may have a new one.",
        strict="BF",
        tolerant="BF",
        source="breaks",
    ),
    Rule(
        "PART_VARIANT_ADDED",
        "A nested union has a new variant: old readers refuse the whole event.",
        "Upgrade every reader before the first writer uses it.",
        strict="F",
        tolerant="F",
        source="warns",
    ),
    Rule(
        "PART_VARIANT_REMOVED",
        "A nested union lost a variant that old logs hold.",
        "Keep the variant, marked `deprecated`.",
        strict="B",
        tolerant="B",
        source="breaks",
    ),
    Rule(
        "EVENT_TYPE_REUSED",
        "An event type that was given up and reserved is back.",
        "Choose a name that no log has ever used.",
        kind=Kind.POLICY,
    ),
    Rule(
        "EVENT_RESERVED_DELETED",
        "A name left `x-reserved-types`: nothing keeps it from being used for something else now.",
        "Put the name back; the list only grows.",
        kind=Kind.POLICY,
    ),
    Rule(
        "EVENT_LOGGED_CHANGED",
        "Whether the log keeps the event has changed (`x-logged`): replays will differ.",
        "Make a new event with the other fate.",
        kind=Kind.POLICY,
    ),
)
