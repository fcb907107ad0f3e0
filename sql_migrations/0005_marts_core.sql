-- Core marts: dimensions, the dictionary of metrics, the log of publishes and what they restated.
set local role am_owner;

create table marts.dim_date (
  metric_date date primary key,
  iso_weekday integer not null,
  day_name text not null,
  week_start date not null,
  month_start date not null,
  quarter_start date not null,
  year_start date not null,
  iso_week integer not null,
  iso_year integer not null,
  is_weekend boolean not null,
  published_version bigint not null
);

create table marts.dim_tenant (
  tenant_id uuid primary key,
  slug text not null,
  name text not null,
  timezone text not null,
  currency text not null,
  industry_vertical text,
  small_sample integer not null,
  created_at timestamptz not null,
  first_event_at timestamptz,
  published_version bigint not null
);

create table marts.dim_tenant_parameters (
  tenant_id uuid not null,
  parameter text not null,
  valid_from date not null,
  value text not null,
  number_value double precision,
  is_default boolean not null,
  published_version bigint not null,
  primary key (tenant_id, parameter, valid_from),
  foreign key (tenant_id) references marts.dim_tenant deferrable initially deferred
);

create table marts.metric_definitions (
  mart text not null,
  column_name text not null,
  position integer not null,
  data_type text not null,
  grain text not null,
  unit text,
  formula text,
  description text not null,
  is_key boolean not null,
  is_provisional boolean not null,
  published_version bigint not null,
  primary key (mart, column_name)
);

create table marts.publish_log (
  publish_id bigint generated always as identity primary key,
  version bigint not null,
  mart text not null,
  tenant_id uuid,
  run_id text not null,
  as_of timestamptz not null,
  published_at timestamptz not null,
  rows_inserted bigint not null,
  rows_updated bigint not null,
  rows_deleted bigint not null,
  cells_from date,
  cells_to date,
  data_through timestamptz,
  cause text not null,
  unique nulls not distinct (version, mart, tenant_id)
);
create index on marts.publish_log (tenant_id, mart, version desc);

create table marts.restatements (
  restatement_id bigint generated always as identity primary key,
  version bigint not null,
  mart text not null,
  tenant_id uuid not null,
  row_key text not null,
  metric_date date,
  column_name text not null,
  old_value text,
  new_value text,
  old_number numeric,
  new_number numeric,
  cause text not null check (cause in ('late_event', 'correction', 'recalculation', 'zone_change', 'definition', 'erasure', 'drift')),
  restated_at timestamptz not null
);
create index on marts.restatements (tenant_id, mart, metric_date);
