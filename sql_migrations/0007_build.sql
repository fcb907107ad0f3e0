-- The two tables of build that dbt reads but does not make: the window of the run and the cells of runs that never published.
set local role am_owner;

create table build.run_window (
  only_row boolean primary key default true check (only_row),
  run_id text not null,
  xid_from xid8 not null,
  xid_to xid8 not null,
  as_of_from timestamptz,
  as_of timestamptz not null,
  mode text not null check (mode in ('incremental', 'full')),
  cause text check (cause in ('recalculation', 'definition', 'zone_change', 'erasure', 'drift')),
  opened_at timestamptz not null,
  definition_hash text not null,
  built_at timestamptz
);
comment on table build.run_window is 'One row: raw rows with xid_from <= ingest_xid < xid_to are new in this run; nothing after as_of exists.';
comment on column build.run_window.as_of_from is 'as_of of the last publish; NULL before the first.';

create table build.touched_backlog (
  relation text not null,
  tenant_id uuid not null,
  keys jsonb not null
);
comment on table build.touched_backlog is 'Touched cells of runs that never published: they join the cells of the next run.';
comment on column build.run_window.cause is 'Why the whole history is recomputed, where that is not explained by new rows.';
comment on column build.run_window.built_at is 'When all models of this run were built and all tests had passed; NULL before. Only then may the run publish.';
