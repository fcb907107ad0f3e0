-- The Meta Graph collector: which accounts it reads, what Meta answered, what the answers say, what was asked in vain, and what may still be sent.
set local role am_owner;

create table raw.graph_accounts (
  tenant_id uuid not null references raw.tenants,
  account_id uuid not null default gen_random_uuid(),
  platform text not null check (platform in ('facebook', 'instagram')),
  graph_id text collate "C" not null check (graph_id ~ '^[0-9A-Za-z_]{1,64}$'),
  parent_graph_id text collate "C",
  display_name text,
  login_kind text not null check (login_kind in ('facebook_login', 'instagram_login')),
  api_version text not null default 'v25.0' check (api_version ~ '^v[0-9]{1,3}\.[0-9]$'),
  -- Tokens of Meta are longer than this: a secret put here by mistake is refused.
  token_ref text not null check (token_ref ~ '^[A-Za-z_][A-Za-z0-9_]{0,59}$'),
  token_kind text not null check (token_kind in ('page', 'system_user', 'user')),
  token_fingerprint text check (length(token_fingerprint) <= 64),
  token_state text not null default 'unknown' check (token_state in ('ok', 'expiring', 'invalid', 'missing_scope', 'unknown')),
  token_scopes text[],
  token_expires_at timestamptz,
  data_access_expires_at timestamptz,
  token_checked_at timestamptz,
  ig_day_shift smallint check (ig_day_shift in (0, -1)),
  ig_day_boundary text check (ig_day_boundary in ('utc', 'account', 'pacific')),
  day_rule_source text not null default 'default' check (day_rule_source in ('default', 'calibrated', 'manual')),
  collect_from date,
  is_active boolean not null default true,
  updated_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, account_id),
  unique (tenant_id, platform, graph_id),
  constraint graph_accounts_day_rule_is_of_instagram
    check ((platform = 'instagram') = (ig_day_shift is not null) and (platform = 'instagram') = (ig_day_boundary is not null))
);
create index on raw.graph_accounts (ingest_xid);
comment on table raw.graph_accounts is
  'Configuration: one row per Facebook Page or Instagram professional account that is collected, with the last news of its token.';
comment on column raw.graph_accounts.account_id is 'Our own id: it enters fact_id, so it never changes.';
comment on column raw.graph_accounts.graph_id is 'Id of the Page or of the Instagram user at Meta.';
comment on column raw.graph_accounts.parent_graph_id is 'The Page an Instagram account hangs on. NULL for Pages and with Instagram Login.';
comment on column raw.graph_accounts.api_version is 'The version that is asked for. Which one answered stands in graph_responses.served_version.';
comment on column raw.graph_accounts.token_ref is 'Name under which the secret store keeps the token; never the token.';
comment on column raw.graph_accounts.token_fingerprint is 'Beginning of the token''s SHA-256, to see that it was exchanged. NULL before the first check.';
comment on column raw.graph_accounts.token_expires_at is 'As /debug_token says. NULL: never, or not checked yet (token_checked_at).';
comment on column raw.graph_accounts.data_access_expires_at is 'When Meta stops answering unless the person logs in again. NULL: never, or not checked yet.';
comment on column raw.graph_accounts.ig_day_shift is 'Days from the UTC date of a series'' stamp to the day it stands for. NULL for Facebook, whose rule is no question.';
comment on column raw.graph_accounts.ig_day_boundary is 'Where a day of this account ends. NULL for Facebook: Pacific midnight.';
comment on column raw.graph_accounts.day_rule_source is 'default: not measured; calibrated: Meta''s own answers agreed with it; manual: a person said so, and calibration leaves it alone.';
comment on column raw.graph_accounts.collect_from is 'First day of interest; objects published since count from 0. NULL: as far back as Meta keeps.';
comment on column raw.graph_accounts.ingest_xid is
  'The transaction that last changed what the account''s facts mean (day rule, first day, activity). News of the token leave it alone.';

create table raw.graph_objects (
  tenant_id uuid not null,
  account_id uuid not null,
  object_id text collate "C" not null check (object_id <> ''),
  revision integer not null check (revision >= 1),
  object_type text not null check (object_type in ('post', 'reel', 'video', 'ig_media', 'story')),
  media_product text,
  media_type text,
  published_at timestamptz,
  permalink text,
  message text,
  is_deleted boolean not null default false,
  observed_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, account_id, object_id, revision),
  foreign key (tenant_id, account_id) references raw.graph_accounts
);
create index on raw.graph_objects (ingest_xid);
comment on table raw.graph_objects is
  'Append-only: posts, reels, media and stories as lists show them. A change, or the deletion, is a new revision; the newest holds.';
comment on column raw.graph_objects.media_product is 'FEED, REELS, STORY … as Meta writes it: decides which metrics there are. NULL where the platform has none.';
comment on column raw.graph_objects.published_at is 'NULL when no list has told it yet.';
comment on column raw.graph_objects.is_deleted is 'Meta no longer knows it. It may come back: then a later revision says false.';

create table raw.graph_responses (
  tenant_id uuid not null,
  account_id uuid not null,
  response_id uuid not null,
  run_id text not null,
  plan_key text collate "C" not null,
  attempt smallint not null check (attempt >= 1),
  batch_index smallint check (batch_index >= 0),
  edge text not null,
  method text not null,
  path text not null,
  params jsonb not null,
  requested_version text not null,
  served_version text,
  http_status smallint,
  error_code integer,
  error_subcode integer,
  usage jsonb,
  body jsonb,
  fetched_at timestamptz not null,
  duration_ms integer check (duration_ms >= 0),
  is_purged boolean not null default false,
  ingest_xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, response_id),
  foreign key (tenant_id, account_id) references raw.graph_accounts,
  -- The proof only with a value: Meta's own error "Invalid appsecret_proof" may be kept.
  constraint graph_responses_body_holds_no_token check (body::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}'),
  constraint graph_responses_path_holds_no_token check (path !~ '[?#]'),
  -- Other parameters with a secret may keep their names, masked: no mask is as long as a token.
  constraint graph_responses_params_hold_no_token check (
    params::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}'
    and greatest(length(params ->> 'input_token'), length(params ->> 'client_secret'), length(params ->> 'fb_exchange_token'), 0) < 24)
);
create index on raw.graph_responses (ingest_xid);
create index on raw.graph_responses (fetched_at);
create index graph_responses_to_purge on raw.graph_responses (fetched_at) where not is_purged;
comment on table raw.graph_responses is
  'Append-only: what Meta answered, without anything secret, for replay and evidence. What was asked and answered is kept for a time, no fact depends on it; when, by which version and at what usage stays, which collection_health tells of all its days.';
comment on column raw.graph_responses.plan_key is 'What was asked for: see raw.collection_ledger.';
comment on column raw.graph_responses.batch_index is 'Place in a batch. NULL when the request was sent alone.';
comment on column raw.graph_responses.path is 'Below host and version, without the query.';
comment on column raw.graph_responses.served_version is 'Header facebook-api-version: the only witness that a dead version was replaced by another. NULL when it was missing.';
comment on column raw.graph_responses.http_status is 'Of the item in a batch. NULL when nothing came back.';
comment on column raw.graph_responses.usage is 'Headers of usage. NULL when there were none, which is not zero.';
comment on column raw.graph_responses.body is 'NULL when there was none that could be read, or when it was purged.';
comment on column raw.graph_responses.is_purged is 'Whether path, params and body are gone because the answer is old.';

-- Who collects may not take back what was collected; only answers, which are evidence and no facts, may be emptied when they are old.
create function raw.purge_graph_responses(older_than timestamptz, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  emptied integer;
begin
  if older_than is null or at_most is null then
    raise exception 'raw.purge_graph_responses wants an instant and a number of rows';
  end if;
  update raw.graph_responses set path = '', params = '{}', body = null, is_purged = true
  where ctid = any (array(
    select r.ctid from raw.graph_responses r
    where r.fetched_at < older_than and not r.is_purged order by r.fetched_at limit at_most for update skip locked));
  get diagnostics emptied = row_count;
  return emptied;
end $$;
comment on function raw.purge_graph_responses(timestamptz, integer) is
  'Empties up to so many answers of Meta that were fetched before an instant, the oldest first; returns how many.';
revoke all on function raw.purge_graph_responses(timestamptz, integer) from public;

create table raw.metric_observations (
  tenant_id uuid not null,
  account_id uuid not null,
  fact_id uuid not null,
  revision integer not null check (revision >= 1),
  group_name text not null,
  platform text not null check (platform in ('facebook', 'instagram')),
  object_type text not null check (object_type in ('page', 'post', 'reel', 'video', 'ig_user', 'ig_media', 'story')),
  object_id text collate "C" not null,
  media_product text,
  metric text collate "C" not null,
  period text not null,
  dim_key text collate "C" not null default '',
  dim_value text collate "C" not null default '',
  window_start timestamptz,
  window_end timestamptz,
  raw_end_time text,
  sample_slot text collate "C" not null default '',
  value numeric check (value not in ('NaN', 'Infinity', '-Infinity')),
  state text not null check (state in ('ok', 'empty', 'zero_provisional', 'below_threshold')),
  is_final boolean not null,
  observed_at timestamptz not null,
  response_id uuid not null,
  catalogue_version text not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, fact_id, revision),
  foreign key (tenant_id, account_id) references raw.graph_accounts,
  constraint metric_observations_unknown_is_null check ((value is null) = (state in ('empty', 'below_threshold'))),
  constraint metric_observations_provisional_is_zero check (state <> 'zero_provisional' or value = 0),
  constraint metric_observations_window_has_length check (window_start < window_end)
);
create index on raw.metric_observations (tenant_id, account_id, metric, window_end);
create index on raw.metric_observations (tenant_id, object_id, observed_at);
create index on raw.metric_observations (ingest_xid);
-- Whether the last sample of a metric was empty too, whatever its slot.
create index metric_observations_samples on raw.metric_observations (tenant_id, object_id, metric, observed_at) where sample_slot <> '';
comment on table raw.metric_observations is
  'Append-only: values as Meta gave them. Of a window''s revisions the newest with observed_at up to an instant is what was known then; of samples every revision is one.';
comment on column raw.metric_observations.fact_id is
  'What the value is about: UUIDv5 of account, group, object, metric, period, dimensions, window and slot. A restated value keeps it.';
comment on column raw.metric_observations.revision is '1, 2, … in order of arrival; a new one only when value, state or is_final differ from the one before.';
comment on column raw.metric_observations.dim_key is 'Names of the dimensions, sorted and joined by |; key for a dictionary of values; empty without.';
comment on column raw.metric_observations.window_start is 'Start of the asked window, inclusive. NULL for series, whose window staging derives, and for samples.';
comment on column raw.metric_observations.window_end is 'End of the asked window, exclusive; of a series its stamp. NULL for samples.';
comment on column raw.metric_observations.raw_end_time is 'The stamp as Meta wrote it, so that another day rule can date it anew. NULL where none came.';
comment on column raw.metric_observations.sample_slot is 'day:YYYY-MM-DD (the tenant''s day) or age:24h; empty for windows.';
comment on column raw.metric_observations.value is 'NULL is unknown: see state. Never 0 for want of an answer.';
comment on column raw.metric_observations.state is
  'ok; empty: Meta had nothing to say; zero_provisional: a 0 soon after the window''s end, perhaps not counted yet; below_threshold: too few people.';
comment on column raw.metric_observations.is_final is 'Observed long enough after the window''s end that Meta restates it no more. Samples are final at once.';
comment on column raw.metric_observations.response_id is 'The answer it was read from; that row may have been dropped by age.';

create table raw.collection_ledger (
  ledger_id bigint generated always as identity primary key,
  tenant_id uuid not null,
  account_id uuid not null,
  run_id text not null,
  plan_key text collate "C" not null,
  attempt smallint not null check (attempt >= 1),
  group_name text not null,
  edge text not null,
  object_type text not null,
  media_product text,
  object_id text collate "C" not null default '',
  metric text collate "C" not null,
  period text not null,
  window_start timestamptz,
  window_end timestamptz,
  sample_slot text collate "C" not null default '',
  asked_count integer not null check (asked_count >= 0),
  answered_count integer not null check (answered_count >= 0),
  state text not null check (state in (
    'ok', 'empty', 'zero_provisional', 'not_supported', 'below_threshold', 'not_permitted', 'deprecated', 'deleted', 'throttled', 'error')),
  error_code integer,
  error_subcode integer,
  retry_after timestamptz,
  http_calls integer not null check (http_calls >= 0),
  counted_calls integer not null check (counted_calls >= 0),
  response_id uuid,
  finished_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  unique (tenant_id, plan_key, attempt, metric, state, object_id),
  foreign key (tenant_id, account_id) references raw.graph_accounts
);
create index on raw.collection_ledger (tenant_id, account_id, plan_key) where state not in ('throttled', 'error');
create index on raw.collection_ledger (tenant_id, account_id, retry_after) where retry_after is not null;
create index on raw.collection_ledger (tenant_id, account_id, metric, ledger_id);
create index on raw.collection_ledger (tenant_id, account_id, finished_at);
create index on raw.collection_ledger (ingest_xid);
comment on table raw.collection_ledger is
  'Append-only: asked versus answered. A plan key with a row in any state but throttled and error is settled and not sent again.';
comment on column raw.collection_ledger.plan_key is
  'Hash of account, group, window or slot, objects, and for restated windows the date: the same need has the same key in every run.';
comment on column raw.collection_ledger.object_id is 'Set for age slots and for exceptions of one object; empty when the row speaks of all.';
comment on column raw.collection_ledger.metric is '* when the row speaks of all metrics asked for.';
comment on column raw.collection_ledger.retry_after is
  'Not to be asked before this; infinity: never again. For one object where object_id is set, otherwise for the metric. NULL: no reason to wait.';
comment on column raw.collection_ledger.http_calls is 'Round trips booked on this row; a request with several rows books them once, so sums are true.';
comment on column raw.collection_ledger.counted_calls is 'What Meta counts: every item of a batch. Booked like http_calls.';
comment on column raw.collection_ledger.response_id is 'NULL when no answer came; the answer may have been dropped by age.';

create table raw.graph_budgets (
  app_id text collate "C" not null,
  scope text not null check (scope in ('app', 'user', 'page', 'instagram')),
  scope_id text collate "C" not null,
  use_case text not null default '',
  tenant_id uuid,
  call_pct numeric check (call_pct >= 0),
  cpu_pct numeric check (cpu_pct >= 0),
  time_pct numeric check (time_pct >= 0),
  used_at timestamptz,
  next_send_at timestamptz,
  blocked_until timestamptz,
  blocked_by_code integer,
  last_usage jsonb,
  updated_at timestamptz not null,
  primary key (app_id, scope, scope_id, use_case),
  constraint graph_budgets_app_is_shared check ((scope = 'app') = (tenant_id is null)),
  constraint graph_budgets_usage_holds_no_token check (last_usage::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}')
);
comment on table raw.graph_budgets is
  'Present state, not history: how much of each of Meta''s call budgets is used, and until when nothing may be sent on it.';
comment on column raw.graph_budgets.scope_id is 'Id of the app, the user of the token, the Page or the Instagram account at Meta.';
comment on column raw.graph_budgets.use_case is 'Type of X-Business-Use-Case-Usage, e.g. pages; empty for the other counters.';
comment on column raw.graph_budgets.tenant_id is 'NULL for the app, whose budget all tenants share.';
comment on column raw.graph_budgets.call_pct is 'Share of the budget used, in percent, as a header last said. NULL until one did: Meta sends it only after enough calls.';
comment on column raw.graph_budgets.cpu_pct is 'Share of the CPU time used, in percent. NULL until a header said.';
comment on column raw.graph_budgets.time_pct is 'Share of the total time used, in percent. NULL until a header said.';
comment on column raw.graph_budgets.used_at is 'When the percentages were true. After an hour they say nothing any more.';
comment on column raw.graph_budgets.next_send_at is 'Pacing: the next send may not be earlier. Moved on with each permission, so two collectors never take the same slot. NULL: at once.';
comment on column raw.graph_budgets.blocked_until is 'Nothing is sent before this. NULL: never blocked.';
comment on column raw.graph_budgets.blocked_by_code is 'Meta''s error code behind blocked_until. NULL: our own stop at high usage, or a throttle without a code.';
