"""Addresses of databases: read and written as SQLAlchemy does, which Dagster and BI tools go by; passwords stay hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL, make_url

from agentmarts.warehouse.postgres_url import PostgresUrl, PostgresUrlError

ADDRESSES = [
    "postgresql://localhost/db",
    "postgresql://me@localhost/db",
    "postgresql://me:@localhost/db",
    "postgres://me:p%40ss%2Fw%3Ard+x y@db.example.com:5433/warehouse?sslmode=require&application_name=a%20b",
    "postgresql+psycopg2://me:secret@[::1]:5432/db",
    "postgresql://me:secret@/db?host=/var/run/postgresql",
    "postgresql://me:secret@/db?host=a&host=b&connect_timeout=3",
    "postgresql:///db",
    "postgresql://me:secret@localhost",
    "postgresql://me:secret@localhost/",
    "postgresql://me:secret@localhost:5432/db?sslmode=",
]


def parts(url: URL) -> tuple[object, ...]:
    return (url.drivername, url.username, url.password, url.host, url.port, url.database)


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_means_what_sqlalchemy_takes_it_for(text: str) -> None:
    ours, theirs = PostgresUrl.parse(text), make_url(text)
    assert (ours.drivername, ours.username, ours.password, ours.host, ours.port, ours.database) == parts(theirs)
    for hide in (True, False):
        assert ours.render_as_string(hide_password=hide) == theirs.render_as_string(hide_password=hide)


@given(username=st.text(min_size=1), password=st.text(min_size=1), database=st.from_regex(r"[\w-]+", fullmatch=True))
def test_every_name_and_password_survives_writing_and_reading(username: str, password: str, database: str) -> None:
    url = PostgresUrl("postgresql", username, password, "127.0.0.1", 5432, database)
    assert PostgresUrl.parse(url.render_as_string(hide_password=False)) == url


def test_none_takes_a_part_away() -> None:
    url = PostgresUrl.parse("postgresql://me:secret@localhost:5432/db")
    assert url.set(password=None).render_as_string(hide_password=False) == "postgresql://me@localhost:5432/db"


def test_a_password_is_shown_only_on_request() -> None:
    url = PostgresUrl.parse("postgresql://me:secret@localhost/db")
    assert "secret" not in repr(url) + str(url) + url.render_as_string()


@pytest.mark.parametrize("text", ["", "host=localhost password=secret", "/secret", "postgresql://me:a@secret:b@localhost:5432/db"])
def test_a_text_that_is_no_address_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(PostgresUrlError) as caught:
        PostgresUrl.parse(text)
    assert "secret" not in str(caught.value)
