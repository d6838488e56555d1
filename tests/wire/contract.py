"""Holds requests, and our own answers, against Discord's own OpenAPI description."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DESCRIPTION = Path(__file__).resolve().parents[3] / "shared" / "discord-openapi.json"
"""In the reference folder ../shared."""


class ContractBrokenError(AssertionError):
    """Something was sent that Discord's API description does not allow."""


class Contract:
    """Collects what breaks Discord's API description."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.violations: list[str] = []
        self.checked = 0
        self._paths = description["paths"]
        self._patterns = _patterns(self._paths)
        resource = Resource.from_contents(description, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:discord", resource)

    def check(self, method: str, path: str, query: set[str], body: Any) -> None:
        """Note what is wrong with a request; `path` is what follows the API's version."""
        self.checked += 1
        template = self._template(path)
        operation = self._operation(method, template)
        if not operation:
            self.violations.append(f"{method} {path} is no route of Discord's")
            return
        known = {each["name"] for each in operation.get("parameters", ())}
        for name in query - known:
            self.violations.append(f"{method} {template}: unknown query parameter {name}")
        if "requestBody" in operation and body is not None:
            self._validate(body, template, method.lower(), "requestBody")

    def check_answer(self, method: str, path: str, status: int, body: Any) -> None:
        """Note where the loopback itself does not answer as Discord would."""
        template = self._template(path)
        described = self._operation(method, template).get("responses", {}).get(str(status), {})
        if "content" in described:
            self._validate(body, template, method.lower(), "responses", str(status))

    def raise_if_broken(self) -> None:
        """Raise ContractBrokenError with every violation so far."""
        if self.violations:
            raise ContractBrokenError("\n".join(self.violations))

    def _validate(self, body: Any, *path: str) -> None:
        steps = ("paths", *path, "content", "application/json", "schema")
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        validator = Draft202012Validator(
            {"$ref": f"urn:discord#/{pointer}"}, registry=self._registry
        )
        for error in validator.iter_errors(body):
            self.violations.append(f"{' '.join(path)}: {_deepest(error)}")

    def _operation(self, method: str, template: str) -> dict[str, Any]:
        operation: dict[str, Any] = self._paths.get(template, {}).get(method.lower(), {})
        return operation

    def _template(self, path: str) -> str:
        matching = (template for pattern, template in self._patterns if pattern.fullmatch(path))
        return next(matching, path)


@cache
def read_description() -> dict[str, Any] | None:
    """Read Discord's API description; None where the reference folder is absent."""
    if not DESCRIPTION.exists():
        return None
    description: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    schemas = description["components"]["schemas"]
    # What discord.py sends and Discord takes, and what Discord sends for a forward.
    schemas["SnowflakeType"]["type"] = ["string", "integer"]
    schemas["MessageReferenceType"]["oneOf"].append({"title": "FORWARD", "const": 1})
    return description


def _patterns(paths: dict[str, Any]) -> list[tuple[re.Pattern[str], str]]:
    """Compile the path templates; those with fewer parameters are tried first."""
    templates = sorted(paths, key=lambda template: template.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", each)), each) for each in templates]


def _deepest(error: Any) -> str:
    """Name the innermost cause: of alternatives, the one that came nearest."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{error.json_path}: {error.message}"
