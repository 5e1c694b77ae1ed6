"""The rules about the course of a contract: deprecation, versions, releases, and what only people read."""

from lockstep_codegen.evolution.rule import Kind, Rule

POLICY_RULES = (
    Rule(
        "REMOVED_WITHOUT_DEPRECATION",
        "Something is gone that was not marked `deprecated` before.",
        "Bring it back with `deprecated: true` and `x-replaced-by`, release that, and remove it later.",
        kind=Kind.POLICY,
    ),
    Rule(
        "DEPRECATED_WITHOUT_REPLACEMENT",
        "Something is newly `deprecated` and does not say what to use instead.",
        'Add "x-replaced-by" with the name of its replacement.',
        kind=Kind.POLICY,
    ),
    Rule(
        "DEPRECATED_REPLACEMENT_UNKNOWN",
        "`x-replaced-by` names something that the contract does not have.",
        "Name an event type, a definition, or a member of the same object.",
        kind=Kind.POLICY,
    ),
    Rule(
        "VERSION_NOT_BUMPED",
        "The contract differs from a release that has the same version.",
        "Write the version that `lockstep next-version` prints into VERSION.",
        kind=Kind.POLICY,
    ),
    Rule(
        "VERSION_DECREASED",
        "The version is lower than that of a release.",
        "Write the version that `lockstep next-version` prints into VERSION.",
        kind=Kind.POLICY,
    ),
    Rule(
        "VERSION_MAJOR_REQUIRED",
        "The contract breaks readers or code, and the version does not say so.",
        "Write the version that `lockstep next-version` prints into VERSION, or take the breaking change back.",
        kind=Kind.POLICY,
    ),
    Rule(
        "VERSION_MINOR_REQUIRED",
        "The contract has grown, and the version does not say so.",
        "Write the version that `lockstep next-version` prints into VERSION.",
        kind=Kind.POLICY,
    ),
    Rule(
        "FROZEN_VERSION_EDITED",
        "A released schema is not what was released.",
        "Restore the file from the release; what is released never changes.",
        kind=Kind.POLICY,
    ),
    Rule(
        "X_TRANSLATION_CHANGED",
        "The translation to AG-UI (`x-ag-ui`) differs: viewers of AG-UI streams see something else.",
        "Check both forms with `lockstep examples`, and say it in the changelog.",
        kind=Kind.NOTE,
    ),
    Rule("ANNOTATION_CHANGED", "An annotation differs.", "Nothing to do.", kind=Kind.NOTE),
    Rule("DEPRECATED_ADDED", "Something is deprecated now.", "Move to its replacement.", kind=Kind.NOTE),
    Rule("DEPRECATED_REMOVED", "Something is no longer deprecated.", "Nothing to do.", kind=Kind.NOTE),
    Rule("DESCRIPTION_CHANGED", "A description differs.", "Nothing to do.", kind=Kind.NOTE),
    Rule("EXAMPLE_CHANGED", "The examples differ.", "Nothing to do.", kind=Kind.NOTE),
)
