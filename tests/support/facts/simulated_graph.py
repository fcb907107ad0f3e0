"""A client of the simulator for its tests: plain HTTP, with the token and proof of a name of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from graph_simulator.world.tokens import proof_of
from graph_simulator.world.world import World

Json = dict[str, Any]


@dataclass
class Graph:
    """Asks a simulator that serves `world`."""

    world: World
    http: httpx.Client
    version: str = "v25.0"

    @property
    def page(self) -> str:
        return self.world.pages()[0].id

    @property
    def gram(self) -> str:
        return self.world.instagram_users()[0].id

    def get(self, path: str, token: str = "page", **params: Any) -> httpx.Response:
        """GET with a token by its name, or by its value."""
        value = token if token.startswith("EAAG") else self.world.token(token)
        sent = {name: str(value) for name, value in params.items()} | {"appsecret_proof": proof_of(self.world.app_secret, value)}
        return self.http.get(f"/{self.version}/{path}", params=sent, headers={"Authorization": f"Bearer {value}"})

    def ok(self, path: str, token: str = "page", **params: Any) -> Json:
        """The body of an answer that must be no error."""
        response = self.get(path, token, **params)
        assert response.status_code == 200, response.text
        body: Json = response.json()
        return body

    def error(self, path: str, token: str = "page", **params: Any) -> Json:
        """The error of an answer that must be one; its code, subcode and message."""
        response = self.get(path, token, **params)
        assert response.status_code != 200, response.text
        error: Json = response.json()["error"]
        assert {"message", "type", "code", "fbtrace_id"} <= error.keys()
        return error

    def batch(self, *urls: str, token: str = "page", **form: str) -> httpx.Response:
        """POST a batch of GETs."""
        value = self.world.token(token)
        items = orjson.dumps([{"method": "GET", "relative_url": url} for url in urls]).decode()
        data = {"access_token": value, "appsecret_proof": proof_of(self.world.app_secret, value), "batch": items, **form}
        return self.http.post(f"/{self.version}/", data=data)

    def control(self, name: str, /, **params: object) -> Any:
        response = self.http.get(f"/_control/{name}", params={key: str(value) for key, value in params.items()})
        assert response.status_code == 200, response.text
        return response.json()

    def steer(self, name: str, /, **body: object) -> Any:
        response = self.http.post(f"/_control/{name}", content=orjson.dumps(body))
        assert response.status_code == 200, response.text
        return response.json()

    def truth(self, metric: str, object_id: str, **more: object) -> Any:
        return self.control("truth", metric=metric, object=object_id, **more)["value"]

    def objects(self, account_id: str, kind: str) -> list[Json]:
        """Objects of a kind that are there, newest first."""
        found = [its for its in self.control("objects", account=account_id) if its["kind"] == kind and its["is_there"]]
        return sorted(found, key=lambda its: its["published_at"], reverse=True)


def points(body: Json, metric: str, period: str = "day") -> list[tuple[str, Any]]:
    """(end_time, value) of a series in an answer."""
    found = [one for one in body["data"] if (one["name"], one["period"]) == (metric, period)]
    assert len(found) == 1, f"{len(found)} answers for {metric} {period}"
    return [(value["end_time"], value["value"]) for value in found[0]["values"]]


def names(body: Json) -> list[str]:
    """Metrics that were answered."""
    return [one["name"] for one in body["data"]]


def figure(body: Json, metric: str) -> Any:
    """The one value of a lifetime answer or of a total value."""
    found = next(one for one in body["data"] if one["name"] == metric)
    return found["values"][0]["value"] if "values" in found else found["total_value"]["value"]


def split(body: Json, metric: str) -> dict[tuple[str, ...], int]:
    """Breakdown values of a total value."""
    found = next(one for one in body["data"] if one["name"] == metric)
    rows = found["total_value"]["breakdowns"][0]["results"]
    return {tuple(row["dimension_values"]): row["value"] for row in rows}
