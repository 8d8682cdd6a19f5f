"""Go's text/template as Ollama uses it: parse a template, then execute it over data as often as wanted.

Templates come from strangers: parsing and running are bounded, and reach nothing but the data handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from omm.chat.gotemplate import executor, functions, parser, survey
from omm.chat.gotemplate.errors import TemplateError
from omm.chat.gotemplate.values import JSONList, JSONMap, OrderedMap, Struct

__all__ = ["JSONList", "JSONMap", "OrderedMap", "Struct", "Template", "TemplateError", "parse"]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template; safe to share between threads."""

    tree: parser.Tree

    def execute(self, data: Mapping[str, Any]) -> str:
        """The text the template makes of its data. Raises TemplateError."""
        return executor.execute(self.tree, data)

    def fields(self) -> frozenset[str]:
        """The names of all fields and variables in it, in lower case, as Ollama lists them."""
        trees = (self.tree.statements, *self.tree.defined.values())
        return frozenset(name.lower() for statements in trees for name in survey.names(statements))

    def until(self, field: str) -> Template:
        """The template cut behind the first place that prints a field."""
        return Template(replace(self.tree, statements=survey.until(self.tree.statements, field)))

    def around(self, field: str, *, within: str) -> tuple[str, str]:
        """The texts before and after where a field is printed inside a range over another; empty if nowhere."""
        return survey.around(self.tree.statements, field, within=within)


def parse(source: str) -> Template:
    """Parse a template.

    Raises:
        TemplateError: with line and column of what is wrong.
    """
    try:
        return Template(parser.parse(source, functions.NAMES))
    except RecursionError:
        raise TemplateError("nested too deep") from None
