-- Roles and schemas. Runs as the role of DATABASE_URL, which must be able to create roles and own the database.
-- Login roles get their passwords from `agentmarts migrate up`, never from a file.
do $$
declare
  r text;
begin
  foreach r in array array['am_owner', 'api_reader', 'api_portfolio_reader', 'bi_reader'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I nologin', r);
    end if;
  end loop;
  foreach r in array array['am_ingest', 'am_transform', 'am_publish'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I login', r);
    end if;
  end loop;
  -- NOINHERIT: the service holds no right until it says which reader it is (SET LOCAL ROLE).
  if not exists (select 1 from pg_roles where rolname = 'am_api') then
    create role am_api login noinherit;
  end if;
  foreach r in array array['am_owner', 'am_transform'] loop
    execute format('grant %I to current_user', r);
  end loop;
  execute format('revoke create, temporary on database %I from public', current_database());
  execute format('grant create, connect on database %I to am_owner', current_database());
  execute format('grant connect on database %I to am_ingest, am_transform, am_publish, am_api, bi_reader', current_database());
  execute format('grant temporary on database %I to am_ingest, am_transform, am_publish', current_database());
end $$;

grant api_reader, api_portfolio_reader to am_api;

-- A writer that stays open holds back every ingest window, so none may.
alter role am_ingest set idle_in_transaction_session_timeout = '60s';
alter role am_transform set idle_in_transaction_session_timeout = '60s';
alter role am_publish set idle_in_transaction_session_timeout = '60s';
alter role am_api set idle_in_transaction_session_timeout = '60s';

create schema raw authorization am_owner;
create schema build authorization am_owner;
create schema marts authorization am_owner;
create schema ops authorization am_owner;

comment on schema raw is 'Append-only facts as they were sent, and what was refused (quarantine).';
comment on schema build is 'Where dbt builds and tests. Nothing here is for readers.';
comment on schema marts is 'The published marts: stable tables, changed only row by row by the publish transaction.';
comment on schema ops is 'State that is neither fact nor mart: migrations, publish cursor, API keys.';

set local role am_owner;
create table ops.migrations (
  version text primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  ms integer not null,
  app_version text not null
);
comment on table ops.migrations is 'What `agentmarts migrate up` applied: numbered files once, R__ files again whenever they change.';
