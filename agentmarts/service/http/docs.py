"""/docs: the endpoints for people to read, from the OpenAPI description, without scripts and without another server."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "code{font-family:ui-monospace,monospace}h2{margin-top:2.5rem;font-size:1.1rem}td{padding:.1rem 1rem .1rem 0;vertical-align:top}"
)


def docs_page(openapi: dict[str, Any]) -> str:
    """An HTML page of all operations with their parameters."""
    parts = [f"<h1>{escape(openapi['info']['title'])} {escape(openapi['info']['version'])}</h1>"]
    parts += [f"<p>{escape(paragraph)}</p>" for paragraph in openapi["info"]["description"].split("\n\n")]
    parts.append('<p>For programs: <a href="/openapi.json">openapi.json</a>.</p>')
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(method.upper(), path, operation))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(openapi["info"]["title"])}</title>'
        f"<style>{STYLE}</style>{''.join(parts)}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code>{'' if not parameter.get('required') else ' *'}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", ())
    )
    description = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in operation.get("description", "").split("\n\n"))
    return f"<h2><code>{method} {escape(path)}</code> {escape(operation.get('summary', ''))}</h2>{description}<table>{rows}</table>"
