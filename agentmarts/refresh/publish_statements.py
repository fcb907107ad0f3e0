"""The one statement that publishes a mart: it compares, writes what differs, notes restatements and logs counts per tenant."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from agentmarts.refresh.marts import PERIOD_LENGTH, Mart

NOTHING_RESTATED = "select null::uuid as tenant_id where false"

# Counts per tenant go to the log, with what the mart is complete through.
_LOGGED = sql.SQL(
    """
        logged as (
            insert into marts.publish_log (version, mart, tenant_id, run_id, as_of, published_at, rows_inserted, rows_updated, rows_deleted,
                                           cells_from, cells_to, data_through, cause)
            select %(version)s, %(mart)s, c.tenant_id, %(run_id)s, %(as_of)s, %(published_at)s, c.inserted, c.updated, c.deleted,
                   c.cells_from, c.cells_to,
                   (select min(s.complete_through) from ops.stream_marks s
                    where s.stream = any (%(streams)s::text[]) and (c.tenant_id is null or s.tenant_id = c.tenant_id)),
                   coalesce(%(cause)s, 'events')
            from counts c
        )
    """
)


def first_publish_statement(mart: Mart) -> sql.Composed:
    """As `publish_statement`, into an empty mart: nothing to compare with, no conflict to expect, in less than half the time."""
    tenant, date = _tenant_and_date(mart)
    return sql.SQL(
        """
        with written as (
            insert into marts.{name} ({columns}, published_version) select {columns}, %(version)s from build.{name}
        ),
        counts as (
            select {tenant} as tenant_id, count(*) as inserted, 0::bigint as updated, 0::bigint as deleted,
                   min({date}) as cells_from, max({date}) as cells_to
            from build.{name} group by 1
        ),
        {logged}
        select tenant_id, inserted, updated, deleted, 0::bigint from counts
        """
    ).format(
        name=sql.Identifier(mart.name), columns=sql.SQL(", ").join(_identifiers(mart.columns)), tenant=tenant, date=date, logged=_LOGGED
    )


def _tenant_and_date(mart: Mart) -> tuple[sql.Composable, sql.Composable]:
    return (
        sql.Identifier("tenant_id") if mart.has_tenant else sql.SQL("null::uuid"),
        sql.Identifier(mart.date_column) if mart.date_column else sql.SQL("null::date"),
    )


def publish_statement(mart: Mart, *, whole: bool) -> sql.Composed:
    """The one statement that publishes a mart: compare, write what differs, note restatements, log counts per tenant.

    With `whole` (or for a mart without touched cells) all rows are compared, otherwise those of the touched cells.
    Returns rows (tenant_id, inserted, updated, deleted, restated).
    """
    cells = None if whole or mart.touched_by is None else mart.touched_by
    columns, key = _identifiers(mart.columns), _identifiers(mart.key)
    values = [column for column in mart.columns if column not in mart.key]
    tenant, date = _tenant_and_date(mart)

    def touched(alias: str) -> sql.Composable:
        if cells is None:
            return sql.SQL("")
        pairs = sql.SQL(" and ").join(
            sql.SQL("c.{k} = {a}.{k}").format(k=sql.Identifier(k), a=sql.Identifier(alias)) for k in mart.touched_keys
        )
        return sql.SQL("where exists (select from build.{cells} c where {pairs})").format(cells=sql.Identifier(cells), pairs=pairs)

    def tuple_of(alias: str, names: Iterable[str]) -> sql.Composed:
        return sql.SQL("row({})").format(
            sql.SQL(", ").join(sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(n)) for n in names)
        )

    same_key = sql.SQL(" and ").join(sql.SQL("m.{k} = d.{k}").format(k=sql.Identifier(k)) for k in mart.key)
    assignments = sql.SQL(", ").join(sql.SQL("{c} = excluded.{c}").format(c=sql.Identifier(c)) for c in (*values, "published_version"))
    row_key = sql.SQL(" || ';' || ").join(
        sql.SQL("{} || {}::text").format(sql.Literal(f"{k}="), sql.Identifier(k)) for k in mart.key if k != "tenant_id"
    ) if any(k != "tenant_id" for k in mart.key) else sql.SQL("''")  # fmt: skip
    return sql.SQL(
        """
        with new as (select {columns} from build.{name} b {touched_new}),
        old as (select m.* from marts.{name} m {touched_old}),
        diff as materialized (
            select {diff_columns}, {key},
                   old.{first_key} is not null as was, new.{first_key} is not null as is_now,
                   case when old.{first_key} is not null then to_jsonb(old) - 'published_version' end as old_row,
                   case when old.{first_key} is not null and new.{first_key} is not null then to_jsonb(new) end as new_row
            from new full join old using ({key})
            where old.{first_key} is null or new.{first_key} is null or {new_values} is distinct from {old_values}
        ),
        upserted as (
            insert into marts.{name} as m ({columns}, published_version)
            select {columns}, %(version)s from diff where is_now
            on conflict ({key}) do update set {assignments}
        ),
        deleted as (
            delete from marts.{name} m using diff d where not d.is_now and {same_key}
        ),
        restated as ({restated}),
        counts as (
            select {tenant} as tenant_id, count(*) filter (where not was) as inserted, count(*) filter (where was and is_now) as updated,
                   count(*) filter (where not is_now) as deleted, min({date}) as cells_from, max({date}) as cells_to
            from diff group by 1
        ),
        restated_counts as (select tenant_id, count(*) as n from restated group by tenant_id),
        {logged}
        select c.tenant_id, c.inserted, c.updated, c.deleted, coalesce(r.n, 0)
        from counts c left join restated_counts r on r.tenant_id is not distinct from c.tenant_id
        """
    ).format(
        name=sql.Identifier(mart.name),
        columns=sql.SQL(", ").join(columns),
        key=sql.SQL(", ").join(key),
        first_key=sql.Identifier(mart.key[0]),
        # A deleted hour still belongs to its day.
        diff_columns=sql.SQL(", ").join(
            (sql.SQL("coalesce(new.{c}, old.{c}) as {c}") if c == mart.date_column else sql.SQL("new.{c}")).format(c=sql.Identifier(c))
            for c in values
        ),
        new_values=tuple_of("new", values),
        old_values=tuple_of("old", values),
        touched_new=touched("b"),
        touched_old=touched("m"),
        assignments=assignments,
        same_key=same_key,
        tenant=tenant,
        date=date,
        logged=_LOGGED,
        restated=_restated(mart, row_key) if mart.has_tenant and mart.date_column else sql.SQL(NOTHING_RESTATED),
    )  # fmt: skip


def _restated(mart: Mart, row_key: sql.Composable) -> sql.Composed:
    """Rows for marts.restatements: changed values of cells whose period had ended by an earlier data_through."""
    assert mart.date_column is not None
    return sql.SQL(
        """
            insert into marts.restatements (version, mart, tenant_id, row_key, metric_date, column_name,
                                            old_value, new_value, old_number, new_number, cause, restated_at)
            select %(version)s, %(mart)s, d.tenant_id, {row_key}, d.{date}, k.name, d.old_row ->> k.name, d.new_row ->> k.name,
                   case when jsonb_typeof(d.old_row -> k.name) = 'number' then (d.old_row ->> k.name)::numeric end,
                   case when jsonb_typeof(d.new_row -> k.name) = 'number' then (d.new_row ->> k.name)::numeric end,
                   coalesce(
                       %(cause)s,
                       (select max(t.cause) from raw.touch_marks t
                        where t.ingest_xid >= %(xid_from)s::text::xid8 and t.ingest_xid < %(xid_to)s::text::xid8
                          and (t.tenant_id is null or t.tenant_id = d.tenant_id)
                          and t.date_from < d.{date} + {length}::interval and t.date_to >= d.{date}),
                       (select 'zone_change' from raw.tenant_parameters p
                        where p.ingest_xid >= %(xid_from)s::text::xid8 and p.ingest_xid < %(xid_to)s::text::xid8
                          and p.tenant_id = d.tenant_id and p.parameter = 'timezone' limit 1),
                       'late_event'),
                   %(published_at)s
            from diff d
            join previous_marks q on q.tenant_id = d.tenant_id
            join marts.dim_tenant z on z.tenant_id = d.tenant_id
            cross join lateral jsonb_object_keys(d.old_row) as k (name)
            where d.was
              and (d.{date} + {length}::interval) at time zone z.timezone <= q.complete_through
              and d.old_row ->> k.name is distinct from d.new_row ->> k.name
              and not (k.name = any (%(never_restated)s::text[]))
              and not (k.name = any (%(provisional)s::text[])
                       -- Where platforms restate what they call final later, only a day that is not over matures.
                       and coalesce((d.old_row ->> 'is_partial')::boolean, (d.old_row ->> 'is_provisional')::boolean,
                                    not (d.old_row ->> 'is_matured')::boolean, false))
            returning tenant_id
        """
    ).format(row_key=row_key, date=sql.Identifier(mart.date_column), length=sql.Literal(PERIOD_LENGTH[mart.date_column]))


def _identifiers(names: Iterable[str]) -> list[sql.Identifier]:
    return [sql.Identifier(name) for name in names]
