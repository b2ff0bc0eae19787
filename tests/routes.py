"""Every address the product answers at, for the tests that walk them all."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def all_routes() -> list[Route]:
    """Named routes once each; a nameless one is listed under its pattern, and so fails for want of a rule."""
    found: dict[str, Route] = {}
    for prefix, pattern in _walk(get_resolver().url_patterns, ""):
        name = prefix + (pattern.name or str(pattern.pattern))
        parameters = tuple(sorted(pattern.pattern.regex.groupindex))
        if "format" not in parameters:
            found.setdefault(name, Route(name, parameters))
    return sorted(found.values(), key=lambda route: route.name)


def _walk(patterns, prefix: str):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield prefix, pattern
