"""printf's directives. The expected texts are those of Go 1.27."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat.gotemplate import JSONMap, Struct
from omm.chat.gotemplate.printf import sprintf

DIRECTIVES: list[tuple[str, list[Any], str]] = [
    ("plain", [], "plain"),
    ("%s %d %v", ["a", 1, True], "a 1 true"),
    ("100%%", [], "100%"),
    ("%5s|%-5s|%05d|%+d|% d", ["ab", "ab", 7, 3, 5], "   ab|ab   |00007|+3| 5"),
    ("%05d|%-5d|%5d", [-7, -7, -7], "-0007|-7   |   -7"),
    ("%x %X %#x %x %X", [255, 255, 255, "hi", "hi"], "ff FF 0xff 6869 6869"),
    ("% x", ["hey"], "68 65 79"),
    ("%b %o %O %#o", [5, 8, 8, 8], "101 10 0o10 010"),
    ("%c%c %U %q", [65, 0x65E5, 65, 65], "A日 U+0041 'A'"),
    ("%t", [True], "true"),
    ("%T %T %T %T %T", ["", 1, 1.5, True, None], "string int float64 bool <nil>"),
    ("%f %.2f %6.1f|%-7.2f|%07.2f", [1.5, 1.255, 1.25, 1.5, -1.5], "1.500000 1.25    1.2|1.50   |-001.50"),
    ("%e %g %G %.3g", [1234.5, 1e21, 1e-7, 1234.5], "1.234500e+03 1e+21 1E-07 1.23e+03"),
    ("%v %v %v %v", [1e6, 1e5, 1e-5, 123456789.0], "1e+06 100000 1e-05 1.23456789e+08"),
    ("%q", ['a"b\n\t\\é日\x01\u00a0\U0001f600'], '"a\\"b\\n\\t\\\\é日\\x01\\u00a0😀"'),
    ("%#q %#q", ["raw", "a`b"], '`raw` "a`b"'),
    ("%.2s|%5.1s|%.s", ["hello", "hello", "hello"], "he|    h|"),
    ("%v %s", [["a", "b"], ["a", "b"]], "[a b] [a b]"),
    ("%v %q", [{"b": 1, "a": [None]}, {"k": "v"}], 'map[a:[<nil>] b:1] map["k":"v"]'),
    ("%3d", [[1, 2]], "[  1   2]"),
    ("%*d|%-*d|", [4, 1, 4, 1], "   1|1   |"),
    ("%.*f", [1, 2.55], "2.5"),
    ("%[2]s %[1]s %s", ["a", "b"], "b a b"),
    ("%[1]d %[1]x", [255], "255 ff"),
    ("%v", [None], "<nil>"),
    # mistakes show
    ("%d", ["a"], "%!d(string=a)"),
    ("%s %s", [1, True], "%!s(int=1) %!s(bool=true)"),
    ("%d", [1.5], "%!d(float64=1.5)"),
    ("%t", [1], "%!t(int=1)"),
    ("%s", [None], "%!s(<nil>)"),
    ("%d", [], "%!d(MISSING)"),
    ("%z", [1], "%!z(int=1)"),
    ("%s", ["a", 2, "c"], "a%!(EXTRA int=2, string=c)"),
    ("50%", [], "50%!(NOVERB)"),
    ("%[5]d", [1], "%!d(BADINDEX)"),
]


@pytest.mark.parametrize(("pattern", "values", "expected"), DIRECTIVES)
def test_a_directive_prints_as_in_go(pattern: str, values: list[Any], expected: str) -> None:
    assert sprintf(pattern, values) == expected


def test_ollamas_types_print_as_json() -> None:
    values = [JSONMap(a=1), Struct({}, {"b": "x"}), JSONMap(a="q")]
    assert sprintf("%v %s %q", values) == '{"a":1} {"b":"x"} "{\\"a\\":\\"q\\"}"'


def test_a_wide_field_is_cut_to_go_s_width() -> None:
    assert len(sprintf("%99999999999999d", [1])) == 1_000_000
    assert len(sprintf("%*d", [10**12, 1])) == 1_000_000


@pytest.mark.parametrize("pattern", ["%" + "0" * 200_000 + "_", "%[" + "1" * 200_000, "%." * 100_000, "%[1" * 70_000])
def test_an_odd_pattern_takes_no_time(pattern: str) -> None:
    assert len(sprintf(pattern, [1])) < 10_000_000
