-- Raw streams, the event ledger, quarantine and explicit marks.
set local role am_owner;

create table raw.streams (
  stream_id smallint primary key generated always as identity,
  stream text not null
);
comment on table raw.streams is 'Short numbers for stream names, so that the ledger stays slim.';
insert into raw.streams (stream) values ('conversation_events'), ('quality_scores');

create table raw.event_ledger (
  tenant_id uuid not null,
  stream_id smallint not null,
  event_id text collate "C" not null,
  body_hash uuid not null,
  occurred_month date not null,
  primary key (tenant_id, stream_id, event_id)
);
comment on table raw.event_ledger is
  'Every event id ever accepted, with 128 bits of its body''s SHA-256: the one arbiter of duplicates; outlives retention of the events.';

create table raw.conversation_events (
  tenant_id uuid not null,
  event_id text collate "C" not null,
  conversation_id text collate "C" not null,
  event_type text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  response_time_ms bigint,
  confidence double precision,
  naive_timestamp boolean not null default false,
  customer_id text collate "C",
  channel text,
  agent_id text,
  agent_kind text,
  model text,
  closed_by text,
  message_kind text,
  text text,
  event_data jsonb not null default '{}',
  primary key (tenant_id, conversation_id, event_id, occurred_at)
) partition by range (occurred_at);
create index on raw.conversation_events (ingest_xid);
comment on table raw.conversation_events is
  'Something that happened in a conversation, as sent. Day partitions by UTC day of occurred_at; days long past share a month partition.';
comment on column raw.conversation_events.naive_timestamp is 'occurred_at was sent without a zone and read as UTC.';
comment on column raw.conversation_events.event_data is 'Everything that has no column of its own, unknown keys included.';

create table raw.quality_scores (
  tenant_id uuid not null,
  event_id text collate "C" not null,
  conversation_id text collate "C" not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  naive_timestamp boolean not null default false,
  scorer_kind text not null,
  scorer text not null,
  helpfulness double precision,
  accuracy double precision,
  politeness double precision,
  completeness double precision,
  error text,
  event_data jsonb not null default '{}',
  primary key (tenant_id, conversation_id, event_id)
);
create index on raw.quality_scores (ingest_xid);
comment on table raw.quality_scores is 'A judge, rule or human scored a conversation; error instead of scores when the attempt failed.';

create table raw.quarantine (
  quarantine_id bigint generated always as identity primary key,
  tenant_id uuid,
  stream text not null,
  event_id text,
  reason text not null,
  detail text not null,
  payload text not null,
  payload_encoding text not null default 'json' check (payload_encoding in ('json', 'base64')),
  payload_hash uuid not null,
  source text,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  times_seen integer not null default 1,
  replayed_at timestamptz,
  ingest_xid xid8 not null default pg_current_xact_id(),
  unique nulls not distinct (tenant_id, stream, payload_hash, reason)
);
comment on table raw.quarantine is 'Rows that were refused, once per payload and reason, with what a person needs to mend them.';
comment on column raw.quarantine.payload is 'The row as sent: JSON text, ASCII-escaped; base64 when it is not JSON.';
comment on column raw.quarantine.source is 'File and line, or the endpoint, where it was first seen.';

create table raw.touch_marks (
  mark_id bigint generated always as identity primary key,
  tenant_id uuid,
  scope text not null check (scope in ('days')),
  date_from date not null,
  date_to date not null check (date_to >= date_from),
  cause text not null check (cause in ('recalculation', 'definition', 'zone_change', 'erasure', 'drift', 'restore')),
  created_at timestamptz not null default now(),
  ingest_xid xid8 not null default pg_current_xact_id()
);
create index on raw.touch_marks (ingest_xid);
comment on table raw.touch_marks is 'Cells to recompute, asked for explicitly; tenant_id NULL means every tenant. Local dates, both inclusive.';

create table ops.event_partitions (
  partition_name name primary key,
  day_from date not null unique,
  day_to date not null check (day_to > day_from)
);
comment on table ops.event_partitions is 'Which UTC days [day_from, day_to) each partition of raw.conversation_events holds.';

-- Writers must not own tables, so partitions are made by the owner's function. ATTACH takes SHARE UPDATE EXCLUSIVE on the parent:
-- readers and other writers go on. Days older than 100 days share one partition a month: a few events from years ago must not
-- make thousands of tables.
create function raw.ensure_event_partitions(days date[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted date;
  first_day date;
  next_day date;
  whole_month boolean;
  partition_name text;
  made integer := 0;
begin
  for wanted in
    select distinct d from unnest(days) as d
    where not exists (select from ops.event_partitions p where d >= p.day_from and d < p.day_to) order by d
  loop
    perform pg_advisory_xact_lock(hashtextextended('raw.conversation_events.partition', 0));
    continue when exists (select from ops.event_partitions p where wanted >= p.day_from and wanted < p.day_to);
    first_day := date_trunc('month', wanted)::date;
    next_day := (first_day + interval '1 month')::date;
    whole_month := next_day <= current_date - 100
      and not exists (select from ops.event_partitions p where p.day_from < next_day and p.day_to > first_day);
    if not whole_month then
      first_day := wanted;
      next_day := wanted + 1;
    end if;
    partition_name := 'conversation_events_' || to_char(first_day, case when whole_month then 'YYYYMM' else 'YYYYMMDD' end);
    execute format('create table raw.%I (like raw.conversation_events including defaults including constraints)', partition_name);
    execute format('alter table raw.conversation_events attach partition raw.%I for values from (%L) to (%L)', partition_name,
                   first_day::timestamp at time zone 'UTC', next_day::timestamp at time zone 'UTC');
    insert into ops.event_partitions values (partition_name, first_day, next_day);
    made := made + 1;
  end loop;
  return made;
end $$;
comment on function raw.ensure_event_partitions(date[]) is 'Makes the partitions of raw.conversation_events for these UTC days; returns how many were new.';
revoke all on function raw.ensure_event_partitions(date[]) from public;
