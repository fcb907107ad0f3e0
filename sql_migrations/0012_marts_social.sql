-- Social marts: daily metrics and unique accounts of Pages and Instagram accounts.
set local role am_owner;

create table marts.account_reach (
  tenant_id uuid not null,
  account_id uuid not null,
  metric_name text collate "C" not null,
  window_days integer not null,
  window_end_date date not null,
  window_start_date date not null,
  platform text not null,
  source_metric text collate "C" not null,
  source_period text not null,
  unique_accounts double precision,
  paid_scope text,
  sum_of_days double precision,
  overstatement_pct double precision,
  day_basis text not null,
  is_provisional boolean not null,
  state text not null,
  observed_at timestamptz not null,
  published_version bigint not null,
  primary key (tenant_id, account_id, metric_name, window_days, window_end_date),
  foreign key (tenant_id) references marts.dim_tenant deferrable initially deferred,
  foreign key (window_end_date) references marts.dim_date deferrable initially deferred,
  check (platform in ('facebook', 'instagram')),
  check (metric_name in ('reach', 'accounts_engaged')),
  check (window_days in (1, 7, 28)),
  check (day_basis in ('pacific', 'utc', 'account')),
  check (paid_scope in ('organic', 'paid', 'all', 'unstated')),
  check (state in ('ok', 'empty', 'zero_provisional', 'below_threshold'))
);
create index on marts.account_reach using brin (published_version);

create table marts.engagement_metrics (
  tenant_id uuid not null,
  account_id uuid not null,
  object_level text not null,
  object_id text collate "C" not null,
  metric_name text collate "C" not null,
  dim_key text collate "C" not null,
  dim_value text collate "C" not null,
  metric_date date not null,
  platform text not null,
  platform_post_id text collate "C",
  source_metric text collate "C" not null,
  metric_value double precision,
  value_increment double precision,
  value_cumulative double precision,
  value_level double precision,
  days_covered integer,
  day_basis text not null,
  period text not null,
  additive boolean not null,
  algorithm_class text,
  is_algorithm_dependent boolean,
  paid_scope text,
  unit text,
  is_estimated boolean not null,
  is_correction boolean not null,
  is_partial boolean not null,
  is_provisional boolean not null,
  state text not null,
  observed_at timestamptz,
  published_version bigint not null,
  primary key (tenant_id, account_id, object_level, object_id, metric_name, dim_key, dim_value, metric_date),
  foreign key (tenant_id) references marts.dim_tenant deferrable initially deferred,
  foreign key (metric_date) references marts.dim_date deferrable initially deferred,
  check (object_level in ('account', 'post')),
  check (platform in ('facebook', 'instagram')),
  check (day_basis in ('pacific', 'utc', 'account', 'tenant')),
  check (algorithm_class in ('dependent', 'independent', 'neutral')),
  check (paid_scope in ('organic', 'paid', 'all', 'unstated')),
  check (days_covered >= 1),
  check (state in ('ok', 'empty', 'zero_provisional', 'below_threshold', 'no_sample', 'first_sample'))
);
create index on marts.engagement_metrics (tenant_id, metric_date, metric_name);
create index on marts.engagement_metrics using brin (published_version);

-- What an earlier as_of had not seen yet, and the windows of an account's days.
create index on raw.metric_observations using brin (observed_at);
create index on raw.graph_objects using brin (observed_at);
create index on raw.metric_observations (tenant_id, account_id, window_end) where window_end is not null;
