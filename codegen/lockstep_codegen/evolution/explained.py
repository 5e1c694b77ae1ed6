"""A rule of evolution in words: whom it may break, and what to do."""

from lockstep_codegen.evolution.rule import Kind, Rule

WHO = {
    "BF": "new readers of old logs and old readers of new writers",
    "B": "new readers of old logs",
    "F": "old readers of new writers",
}
CODE = {"breaks": "Code that uses the generated names must change.", "warns": "Exhaustive code wants a new branch."}
FATE = {
    Kind.REVIEW: "It cannot be decided: it fails until somebody approves it with a reason.",
    Kind.POLICY: "It is a matter of policy: it fails until somebody approves it with a reason.",
    Kind.NOTE: "It breaks nobody, and is noted in the change log.",
}


def explained(rule: Rule) -> list[str]:
    """Paragraphs."""
    broken: list[str] = []
    if rule.tolerant:
        broken.append(f"It may break {WHO[rule.tolerant]}, tolerant ones too.")
    if rule.strict and rule.strict != rule.tolerant:
        broken.append(f"It may break {WHO[rule.strict]} when they hold events to the schema.")
    if rule.source:
        broken.append(CODE[rule.source])
    if rule.kind in FATE:
        broken.append(FATE[rule.kind])
    elif rule.risks:
        broken.append("`lockstep breaking` shows an event for everyone it does break.")
    return [f"{rule.id}: {rule.summary}", " ".join(broken), f"To do: {rule.fix}"]
