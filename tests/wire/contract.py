"""Holds requests against Discord's own description, and what the loopback itself says, too.

Requests and answers follow its OpenAPI description, and what the gateway sends follows a schema
of its events. In answers and events no property is allowed that these do not name.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7, DRAFT202012

_SHARED = Path(__file__).resolve().parents[3] / "shared"
DESCRIPTION = _SHARED / "discord-openapi.json"
EVENTS = _SHARED / "discord-gateway.schema.json"
"""In the reference folder ../shared."""


class ContractBrokenError(AssertionError):
    """Something was sent that Discord's API description does not allow."""


@dataclass(frozen=True, slots=True)
class Description:
    """What Discord says of its API and of its gateway's events."""

    paths: dict[str, Any]
    events: dict[str, Any]
    registry: Registry[Any]


class Contract:
    """Collects what breaks Discord's API description, or the schema of its events."""

    def __init__(self, description: Description) -> None:
        self.violations: list[str] = []
        self.checked = 0
        self._paths = description.paths
        self._patterns = _patterns(self._paths)
        self._events = description.events
        self._registry = description.registry

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
            self._validate("urn:requests", body, template, method.lower(), "requestBody")

    def check_answer(self, method: str, path: str, status: int, body: Any) -> None:
        """Note where the loopback itself does not answer as Discord would."""
        template = self._template(path)
        described = self._operation(method, template).get("responses", {}).get(str(status), {})
        if "content" in described:
            self._validate("urn:answers", body, template, method.lower(), "responses", str(status))

    def check_event(self, name: str, payload: Any) -> None:
        """Note where the loopback's gateway does not say it as Discord would."""
        definition = f"Gateway{name.title().replace('_', '')}DispatchData"
        if definition not in self._events:
            self.violations.append(f"{name} is no event of Discord's that carries anything")
            return
        reference = {"$ref": f"urn:events#/definitions/{definition}"}
        validator = Draft7Validator(reference, registry=self._registry)
        for error in validator.iter_errors(payload):
            self.violations.append(f"{name}: {_deepest(error)}")

    def raise_if_broken(self) -> None:
        """Raise ContractBrokenError with every violation so far."""
        if self.violations:
            raise ContractBrokenError("\n".join(self.violations))

    def _validate(self, document: str, body: Any, *path: str) -> None:
        steps = ("paths", *path, "content", "application/json", "schema")
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        validator = Draft202012Validator(
            {"$ref": f"{document}#/{pointer}"}, registry=self._registry
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
def read_description() -> Description | None:
    """Read what describes Discord's API and events; None where the reference folder is absent."""
    if not (DESCRIPTION.exists() and EVENTS.exists()):
        return None
    api: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    events: dict[str, Any] = json.loads(EVENTS.read_text(encoding="utf-8"))
    schemas = api["components"]["schemas"]
    # What discord.py sends and Discord takes, and what Discord sends for a forward.
    schemas["SnowflakeType"]["type"] = ["string", "integer"]
    schemas["MessageReferenceType"]["oneOf"].append({"title": "FORWARD", "const": 1})
    # The schema was made by a tool that could not follow one type.
    events["definitions"]["APIMessageSnapshotFields"] = {
        "type": "object",
        "properties": events["definitions"]["APIMessage"]["properties"],
    }
    resources = {
        "urn:requests": Resource.from_contents(api, DRAFT202012),
        "urn:answers": Resource.from_contents(forbid_unnamed(api), DRAFT202012),
        "urn:events": Resource.from_contents(forbid_unnamed(events), DRAFT7),
    }
    registry: Registry[Any] = Registry().with_resources(resources.items())
    return Description(api["paths"], events["definitions"], registry)


def forbid_unnamed(schema: Any) -> Any:
    """Copy a schema so that objects have no other properties than those that it names."""
    if isinstance(schema, list):
        return [forbid_unnamed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # Parts of an allOf name the properties together.
    copy = {
        name: part if name == "allOf" else forbid_unnamed(part) for name, part in schema.items()
    }
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        copy.setdefault("additionalProperties", False)
    return copy


def _patterns(paths: dict[str, Any]) -> list[tuple[re.Pattern[str], str]]:
    """Compile the path templates; those with fewer parameters are tried first."""
    templates = sorted(paths, key=lambda template: template.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", each)), each) for each in templates]


def _deepest(error: Any) -> str:
    """Name the innermost cause: of alternatives, the one that came nearest."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{error.json_path}: {error.message}"
