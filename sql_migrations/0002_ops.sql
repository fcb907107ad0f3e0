-- State of the warehouse that is neither fact nor mart.
set local role am_owner;

create table ops.publish_cursor (
  only_row boolean primary key default true check (only_row),
  xid_to xid8 not null default '3',
  version bigint not null default 0,
  as_of timestamptz,
  run_id text,
  definition_hash text,
  published_at timestamptz
);
comment on table ops.publish_cursor is 'One row: the next window begins at xid_to; version is the newest published one.';
comment on column ops.publish_cursor.definition_hash is 'Checksum of the dbt models and macros of the last publish; another one makes a recalculation (cause definition).';
insert into ops.publish_cursor default values;

create table ops.stream_marks (
  stream text not null,
  tenant_id uuid not null,
  complete_through timestamptz not null,
  primary key (stream, tenant_id)
);
comment on table ops.stream_marks is 'Everything a tenant''s stream acknowledged before complete_through is in the marts.';

create table ops.refresh_state (
  only_row boolean primary key default true check (only_row),
  run_id text,
  started_at timestamptz,
  finished_at timestamptz,
  status text check (status in ('running', 'published', 'unchanged', 'failed', 'needs_approval')),
  reason text
);
comment on table ops.refresh_state is 'One row: how the last refresh ended, and why if it did not publish.';
insert into ops.refresh_state default values;

create table ops.api_keys (
  key_id text primary key check (key_id ~ '^[0-9A-Za-z]{8}$'),
  secret_sha256 bytea not null,
  name text not null,
  tenant_ids uuid[] not null,
  scopes text[] not null check (scopes <@ array['read', 'write', 'portfolio', 'admin']),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
comment on table ops.api_keys is 'API keys. The secret has 256 random bits, so one SHA-256 is enough; the key itself is stored nowhere.';

create table ops.idempotency (
  tenant_id uuid not null,
  path text not null,
  idempotency_key text not null check (length(idempotency_key) <= 255),
  body_sha256 bytea not null,
  status integer not null,
  response text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, path, idempotency_key)
);
create index on ops.idempotency (created_at);
comment on table ops.idempotency is 'First answer to each POST that carried an Idempotency-Key; kept 24 hours.';

create table ops.bi_tenants (
  role_name name not null,
  tenant_id uuid not null,
  all_tenants boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (role_name, tenant_id)
);
comment on table ops.bi_tenants is 'Which BI login sees which tenant; all_tenants logins get a row for each later tenant too.';

create table ops.portfolio_tenants (
  portfolio_id uuid not null,
  tenant_id uuid not null,
  primary key (portfolio_id, tenant_id)
);
comment on table ops.portfolio_tenants is 'Which tenants a key of scope portfolio sees.';

create table ops.cluster (
  only_row boolean primary key default true check (only_row),
  system_identifier bigint not null
);
comment on table ops.cluster is 'Transaction ids belong to one cluster: a restore into another one rebases the cursor.';

create table ops.landed_files (
  stream text not null,
  url text not null,
  fingerprint text not null,
  size_bytes bigint,
  tenant_id uuid not null,
  accepted bigint not null,
  duplicates bigint not null,
  quarantined bigint not null,
  loaded_at timestamptz not null,
  primary key (stream, url, fingerprint)
);
comment on table ops.landed_files is 'Landing files loaded to their end. A file that is not here is loaded (again): that is harmless.';
comment on column ops.landed_files.fingerprint is 'Changes when the file does: fsspec''s ukey (ETag on S3, name, size and time on a disk).';
