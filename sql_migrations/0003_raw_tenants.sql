-- Tenants and their parameters, each with the local date from which it holds.
set local role am_owner;

create table raw.tenants (
  tenant_id uuid primary key,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  industry_vertical text,
  created_at timestamptz not null default now(),
  -- An exclusion, not a unique key: every unique key of raw begins with tenant_id (catalogue lint).
  constraint tenants_slug_is_unique exclude (slug with =)
);
comment on table raw.tenants is 'One row per tenant.';

create table raw.tenant_parameters (
  tenant_id uuid not null references raw.tenants,
  parameter text not null check (parameter in (
    'timezone', 'assume_after_hours', 'abandon_after_hours', 'durable_days', 'repeat_days', 'verified_threshold', 'small_sample',
    'gap_confidence_threshold', 'gap_window_days', 'gap_distance', 'business_hours', 'holidays',
    'avg_human_agent_cost_per_hour', 'avg_conversation_time_minutes', 'ai_cost_per_conversation', 'rework_minutes')),
  valid_from date,
  value jsonb not null,
  recorded_at timestamptz not null default now(),
  ingest_xid xid8 not null default pg_current_xact_id(),
  parameter_id bigint generated always as identity primary key
);
create index on raw.tenant_parameters (tenant_id, parameter, valid_from);
create index on raw.tenant_parameters (ingest_xid);
comment on table raw.tenant_parameters is 'Append-only: of rows with the same tenant, parameter and valid_from the newest parameter_id holds.';
comment on column raw.tenant_parameters.valid_from is 'Local date from which the value holds; NULL = since ever.';
comment on column raw.tenant_parameters.value is
  'A JSON string (timezone), number, or for business_hours [{"weekday":1,"opens":"09:00","closes":"17:00"}], for holidays ["2025-06-09"].';
