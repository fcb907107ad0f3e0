"""What PostgreSQL reads from our COPY text is what we wrote: separators, escapes, NULL and the empty text, every float."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmarts.settings import Settings
from agentmarts.streams.contract.copy_text import copy_text
from agentmarts.warehouse.connection import Role, connect

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8) | st.text("\\N\t\n\r.é", max_size=6)
rows = st.tuples(
    texts,
    texts | st.none(),
    st.integers(-(2**63), 2**63 - 1) | st.none(),
    st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    st.booleans() | st.none(),
    st.none(),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(rows, min_size=1, max_size=6))
def test_copy_reads_what_was_written(settings: Settings, written: list[tuple[object, ...]]) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("create temporary table copied (a text, b text, c bigint, d double precision, e boolean, f text) on commit drop")
        with connection.cursor().copy("copy copied from stdin") as copy:
            copy.write(copy_text(list(zip(*written, strict=True))))
        assert connection.execute("select * from copied order by ctid").fetchall() == written
        connection.rollback()
