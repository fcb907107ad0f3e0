-- Who may do what. The owner grants; login roles own nothing but what dbt builds.
-- dbt makes its tables anew; whatever it makes, the publisher may read.
alter default privileges for role am_transform in schema build grant select on tables to am_publish;

set local role am_owner;

grant usage on schema raw to am_ingest, am_transform, am_publish;
grant usage on schema ops to am_ingest, am_transform, am_publish, am_api, api_reader, api_portfolio_reader, bi_reader;
grant usage, create on schema build to am_transform;
grant usage on schema build to am_publish;
grant usage on schema marts to am_publish, api_reader, api_portfolio_reader, bi_reader;

grant select, insert on all tables in schema raw to am_ingest;
revoke insert on raw.tenants, raw.streams, raw.touch_marks, raw.tenant_parameters from am_ingest;
grant update on raw.quarantine to am_ingest;
-- What the Meta Graph collector knows at present; what it learned is only ever added to.
grant update on raw.graph_accounts, raw.graph_budgets to am_ingest;
grant execute on function raw.ensure_event_partitions(date[]) to am_ingest;
grant execute on function raw.purge_graph_responses(timestamptz, integer) to am_ingest;
grant select on all tables in schema raw to am_transform, am_publish;
-- Partitions are reached through their parent only.
do $$
declare
  p record;
begin
  for p in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'raw' and c.relispartition and c.relkind = 'r'
  loop
    execute format('revoke all on raw.%I from am_ingest, am_transform, am_publish', p.relname);
  end loop;
end $$;

grant select, insert, update, delete on build.run_window, build.touched_backlog to am_transform;
grant select, insert, delete on build.touched_backlog to am_publish;
grant select on build.run_window to am_publish;

grant select, insert, update, delete on all tables in schema marts to am_publish;
-- REFERENCES lets information_schema show keys to BI tools; without CREATE anywhere it permits nothing.
grant select, references on all tables in schema marts to bi_reader;
grant select on all tables in schema marts to api_reader, api_portfolio_reader;

grant select, update on ops.publish_cursor to am_publish;
grant select, insert, update, delete on ops.stream_marks to am_publish;
grant select, update on ops.refresh_state to am_publish;
grant select, insert, update, delete on ops.idempotency to am_ingest;
grant select, insert on ops.landed_files to am_ingest;
grant select, insert, update, delete on ops.landing_problems to am_ingest;
grant select on ops.publish_cursor, ops.refresh_state, ops.stream_marks to am_transform, am_ingest, api_reader, api_portfolio_reader;
grant select on ops.api_keys, ops.publish_cursor, ops.refresh_state, ops.migrations to am_api;
grant update (last_used_at) on ops.api_keys to am_api;
grant select on ops.migrations to am_publish, am_ingest, am_transform;
grant select on ops.portfolio_tenants to api_portfolio_reader;
grant select on ops.bi_tenants to bi_reader;
