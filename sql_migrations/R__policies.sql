-- Row level security: enabled and forced on every table of raw and marts with tenant rows.
set local role am_owner;

do $$
declare
  t record;
  p record;
  everybody text;
begin
  for p in select schemaname, tablename, policyname from pg_policies where schemaname in ('raw', 'marts', 'ops') loop
    execute format('drop policy %I on %I.%I', p.policyname, p.schemaname, p.tablename);
  end loop;
  for t in
    select n.nspname as s, c.relname as r
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('raw', 'marts') and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
  loop
    execute format('alter table %I.%I enable row level security', t.s, t.r);
    execute format('alter table %I.%I force row level security', t.s, t.r);
    if t.s = 'raw' then
      execute format('create policy owner_all on raw.%I to am_owner using (true) with check (true)', t.r);
      execute format('create policy ingest on raw.%I to am_ingest using (true) with check (true)', t.r);
      execute format('create policy transform on raw.%I for select to am_transform using (true)', t.r);
      execute format('create policy publish on raw.%I for select to am_publish using (true)', t.r);
    else
      -- publish_log has rows of shared marts too; they belong to everybody.
      everybody := case when t.r = 'publish_log' then 'tenant_id is null or ' else '' end;
      execute format('create policy owner_all on marts.%I to am_owner, am_publish using (true) with check (true)', t.r);
      execute format($f$create policy api on marts.%I for select to api_reader
        using (%stenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)$f$, t.r, everybody);
      execute format($f$create policy portfolio on marts.%I for select to api_portfolio_reader
        using (%stenant_id = any (array(select p.tenant_id from ops.portfolio_tenants p
               where p.portfolio_id = nullif(current_setting('app.portfolio_id', true), '')::uuid)))$f$, t.r, everybody);
      -- A setting does not isolate whoever can write SQL, hence the map on current_user.
      execute format($f$create policy bi on marts.%I for select to bi_reader
        using (%stenant_id = any (array(select b.tenant_id from ops.bi_tenants b where b.role_name = current_user)))$f$, t.r, everybody);
    end if;
  end loop;
end $$;

alter table ops.bi_tenants enable row level security;
alter table ops.bi_tenants force row level security;
create policy owner_all on ops.bi_tenants to am_owner using (true) with check (true);
create policy own_rows on ops.bi_tenants for select to bi_reader using (role_name = current_user);
