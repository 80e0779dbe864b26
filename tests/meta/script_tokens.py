"""Divide the page's scripts into tokens: enough of JavaScript's to see where a string stands."""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<template>`(?:\\.|[^`\\])*`)
    |(?P<name>[\w$#]+)
    |(?P<operator>.)""",
    re.DOTALL | re.VERBOSE,
)

REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")

BEFORE_A_REGEX = re.compile(r"[(,=:\[!&|?{};>]|return")
"""After anything else, a stroke divides."""


class Token(NamedTuple):
    """Hold one token, where it stands, and what it is: string, template, regex, name or operator."""

    kind: str
    value: str
    line: int


def tokens_of(script: str) -> list[Token]:
    """Read a script; comments and spaces are left out."""
    return list(_tokens(script))


def _tokens(script: str) -> Iterator[Token]:
    at, before = 0, ";"
    while at < len(script):
        found = TOKEN.match(script, at)
        assert found is not None
        kind = found.lastgroup or ""
        if found[0] == "/" and BEFORE_A_REGEX.fullmatch(before) and (regex := REGEX.match(script, at)):
            found, kind = regex, "regex"
        if kind != "space":
            before = found[0]
            yield Token(kind, before, script.count("\n", 0, at) + 1)
        at = found.end()
