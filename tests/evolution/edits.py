"""Random edits of a contract, as people make them and as they would not: each turns one schema into another."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

Schema = dict[str, Any]
Node = dict[str, Any]

TYPES: list[Node] = [
    {"type": "string"},
    {"type": "string", "minLength": 1},
    {"type": "string", "maxLength": 8},
    {"type": "string", "enum": ["on", "off"]},
    {"type": "string", "pattern": "^[a-z]+$"},
    {"const": "fixed"},
    {"type": "boolean"},
    {"type": "integer", "minimum": 0, "maximum": 100},
    {"type": "integer", "minimum": -5, "maximum": 9007199254740991},
    {"type": "number"},
    {"type": "number", "minimum": 0.5},
    {"type": "array", "items": {"type": "string"}},
    {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "maxItems": 2},
    {"type": "object", "additionalProperties": {"type": "string"}},
    {"$ref": "#/$defs/Json"},
    {"$ref": "#/$defs/JsonNotNull"},
    {"$ref": "#/$defs/JsonObject"},
    {"$ref": "#/$defs/Identifier"},
    {"$ref": "#/$defs/ErrorDetail"},
    {"$ref": "#/$defs/ContentPart"},
    {"$ref": "#/$defs/Content"},
    {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "boolean"}}]},
    {"type": ["string", "null"]},
    {"type": "string", "format": "uuid"},
    {"anyOf": [{"type": "string"}, {"type": "integer"}]},
]
PATTERNS = ["^[a-z]{1,4}$", "^[a-z]+$", "^[a-z0-9]*$", "^(a|b)+$", "x", "^[^/]*$"]
KEYWORDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


def edit(schema: Schema, seed: int) -> Schema:
    """The schema after one random edit; the same one for the same seed."""
    edited = copy.deepcopy(schema)
    random = Random(seed)
    random.choice(EDITS)(edited, random)
    return edited


def objects(schema: Schema) -> list[Node]:
    return [node for node in schema["$defs"].values() if node.get("properties")]


def fields(schema: Schema) -> list[tuple[Node, str]]:
    return [(node, name) for node in objects(schema) for name in node["properties"]]


def scalars(schema: Schema) -> list[Node]:
    """Every node that describes a value: definitions, members, items, values of maps."""
    nodes = [node for node in schema["$defs"].values() if "oneOf" not in node and "properties" not in node]
    nodes += [node["properties"][name] for node, name in fields(schema)]
    nodes += [node["items"] for node in nodes if "items" in node]
    return [node for node in nodes if "$ref" not in node]


def without_event(schema: Schema, random: Random) -> None:
    del schema["oneOf"][random.randrange(len(schema["oneOf"]))]


def with_event(schema: Schema, random: Random) -> None:
    name = str(random.choice(schema["oneOf"])["$ref"]).removeprefix("#/$defs/")
    twin = copy.deepcopy(schema["$defs"][name])
    twin["properties"]["type"]["const"] = f"{twin['properties']['type']['const']}_too"
    schema["$defs"][f"Twin{name}"] = twin
    schema["oneOf"].append({"$ref": f"#/$defs/Twin{name}"})


def renamed_event(schema: Schema, random: Random) -> None:
    name = str(random.choice(schema["oneOf"])["$ref"]).removeprefix("#/$defs/")
    schema["$defs"][name]["properties"]["type"]["const"] += "_now"


def without_field(schema: Schema, random: Random) -> None:
    node, name = random.choice(fields(schema))
    del node["properties"][name]
    node["required"] = [one for one in node.get("required", []) if one != name]


def with_field(schema: Schema, random: Random) -> None:
    node = random.choice(objects(schema))
    name = random.choice(["extra", "note", "kind"])
    node["properties"][name] = copy.deepcopy(random.choice(TYPES))
    if random.random() < 0.4:
        node["required"] = [*node.get("required", []), name]


def renamed_field(schema: Schema, random: Random) -> None:
    node, name = random.choice(fields(schema))
    node["properties"][f"{name}_2"] = node["properties"].pop(name)
    node["required"] = [f"{name}_2" if one == name else one for one in node.get("required", [])]


def other_requirement(schema: Schema, random: Random) -> None:
    node, name = random.choice(fields(schema))
    required = node.get("required", [])
    node["required"] = [one for one in required if one != name] if name in required else [*required, name]


def other_type(schema: Schema, random: Random) -> None:
    node, name = random.choice(fields(schema))
    node["properties"][name] = copy.deepcopy(random.choice(TYPES))


def other_definition(schema: Schema, random: Random) -> None:
    node = random.choice(scalars(schema))
    node.clear()
    node.update(copy.deepcopy(random.choice([one for one in TYPES if "$ref" not in one])))


def other_values(schema: Schema, random: Random) -> None:
    listed = [node for node in scalars(schema) if "enum" in node]
    if not listed:
        return
    node = random.choice(listed)
    if random.random() < 0.5 and len(node["enum"]) > 1:
        node["enum"].remove(random.choice(node["enum"]))
    elif random.random() < 0.7:
        node["enum"].append("novel")
    else:
        del node["enum"]


def closed_list(schema: Schema, random: Random) -> None:
    texts = [node for node in scalars(schema) if node.get("type") == "string" and "pattern" not in node]
    node = random.choice(texts)
    node.pop("minLength", None)
    node.pop("maxLength", None)
    node["enum"] = ["on", "off"]


def other_bound(schema: Schema, random: Random) -> None:
    of_type = {"string": KEYWORDS[2:4], "integer": KEYWORDS[:2], "number": KEYWORDS[:2], "array": KEYWORDS[4:]}
    able = [one for one in scalars(schema) if str(one.get("type")) in of_type and "enum" not in one]
    node = random.choice(able)
    keyword = random.choice(of_type[node["type"]])
    if keyword in node and random.random() < 0.3:
        del node[keyword]
    elif keyword.startswith("min"):
        node[keyword] = random.choice([0, 1, 2])
    else:
        node[keyword] = random.choice([3, 40, 100])


def other_pattern(schema: Schema, random: Random) -> None:
    texts = [node for node in scalars(schema) if node.get("type") == "string" and "enum" not in node]
    random.choice(texts)["pattern"] = random.choice(PATTERNS)


def other_variants(schema: Schema, random: Random) -> None:
    unions = [node for node in schema["$defs"].values() if all("$ref" in arm for arm in node.get("oneOf", [{}]))]
    union = random.choice(unions)
    if random.random() < 0.5 and len(union["oneOf"]) > 1:
        del union["oneOf"][random.randrange(len(union["oneOf"]))]
    else:
        name = str(random.choice(union["oneOf"])["$ref"]).removeprefix("#/$defs/")
        twin = copy.deepcopy(schema["$defs"][name])
        for node in twin["properties"].values():
            if isinstance(node.get("const"), str):
                node["const"] += "_too"
        schema["$defs"][f"Twin{name}"] = twin
        union["oneOf"].append({"$ref": f"#/$defs/Twin{name}"})


def other_items(schema: Schema, random: Random) -> None:
    arrays = [node for node in scalars(schema) if "items" in node]
    random.choice(arrays)["items"] = copy.deepcopy(random.choice(TYPES))


def other_words(schema: Schema, random: Random) -> None:
    random.choice(list(schema["$defs"].values()))["description"] = "Other words."


EDITS: list[Callable[[Schema, Random], None]] = [
    without_event,
    with_event,
    renamed_event,
    without_field,
    with_field,
    renamed_field,
    other_requirement,
    other_type,
    other_definition,
    other_values,
    closed_list,
    other_bound,
    other_pattern,
    other_variants,
    other_items,
    other_words,
]
