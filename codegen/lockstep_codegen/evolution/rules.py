"""All rules of evolution, by id."""

from collections.abc import Mapping

from lockstep_codegen.evolution.event_rules import EVENT_RULES
from lockstep_codegen.evolution.field_rules import FIELD_RULES
from lockstep_codegen.evolution.policy_rules import POLICY_RULES
from lockstep_codegen.evolution.rule import Rule
from lockstep_codegen.evolution.value_rules import VALUE_RULES

RULES: Mapping[str, Rule] = {rule.id: rule for rule in (*EVENT_RULES, *FIELD_RULES, *VALUE_RULES, *POLICY_RULES)}
