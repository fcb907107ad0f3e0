"""Clients of the service for a module's tenant `acme`: `client` may change what it finds, `reader` only reads, for the whole module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from agentmarts.settings import Settings
from tests.support.serving import Customer, register, service


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    """Makes the tenant: one that is known and has nothing in any mart, where the module says no other."""
    return lambda settings: register(settings, "acme")


@pytest.fixture(scope="module")
def reader(reading_settings: Settings, publish_acme: Callable[[Settings], Customer]) -> Iterator[httpx.Client]:
    """A client for tests that change nothing."""
    with service(reading_settings) as client:
        client.headers.update(publish_acme(reading_settings).headers)
        yield client


@pytest.fixture
def acme(settings: Settings, publish_acme: Callable[[Settings], Customer]) -> Customer:
    return publish_acme(settings)


@pytest.fixture
def client(settings: Settings, acme: Customer) -> Iterator[httpx.Client]:
    with service(settings) as client:
        client.headers.update(acme.headers)
        yield client
