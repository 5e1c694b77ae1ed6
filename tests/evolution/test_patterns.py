"""Portable patterns: what is made from them matches, and what is not portable is refused with a place."""

import re
from random import Random

import pytest
from lockstep_codegen.patterns import PatternError, complement, parse, ranges_of
from lockstep_codegen.samples import Ends, matching, text

PORTABLE = [
    "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$",
    "^(/([^/~]|~[01])*)*$",
    r"^[0-9]{4}-(0[1-9]|1[0-2])T[0-5][0-9]\.[0-9]{3}Z$",
    r"^[0-9]+\.[0-9]{2,}?$",
    "^(?:a|b|)c?$",
    "needle",
    "^start",
    "end$",
    "^a$|^bb$",
    r"^[A-Za-z_.-]+@[^\n@]+$",
    r"^é漢\n$",
    "",
]


@pytest.mark.parametrize("pattern", PORTABLE)
def test_samples_match(pattern: str) -> None:
    sample = matching(parse(pattern))
    random = Random(2)
    for _ in range(200):
        made = sample(random)
        assert re.search(pattern, made, re.ASCII), made


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("^(?=a)b$", "look-around"),
        (r"^a\b$", "b' is not portable"),
        (r"^\d$", "d' is not portable"),
        (r"^(a)\1$", "1' is not portable"),
        ("a^b", "cannot stand at character 2"),
        ("(a", "group is not closed"),
        ("[b-a]", "runs backwards"),
        ("[a", "ends too early"),
        ("a{,2}", "a count is not"),
        ("*a", "cannot stand at character 1"),
        (r"\u00g1", "hexadecimal"),
    ],
)
def test_what_is_not_portable_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        parse(pattern)


def test_a_complement_has_no_surrogates_and_is_its_own_inverse() -> None:
    vowels = ranges_of((0x61, 0x61), (0x65, 0x65))
    assert complement(complement(vowels)) == vowels
    assert not any(low <= 0xD800 <= high for low, high in complement(vowels))


def test_a_pattern_and_a_length_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(PatternError, match="within 4 to 5 characters"):
        text("^a{2}$", Ends(4, 5))(Random(1))
