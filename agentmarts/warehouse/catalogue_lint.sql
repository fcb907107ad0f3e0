-- Rules of access to the warehouse; any row is an error.
with rel as (
  select
    c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
    coalesce(c.reloptions::text, '') as opts,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
      and (n.nspname <> 'ops' or c.relname = 'bi_tenants') as tenant,
    exists (select 1 from aclexplode(c.relacl) g where g.grantee <> c.relowner and g.privilege_type = 'SELECT') as readable
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('raw', 'build', 'marts', 'ops') and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
)
select oid::regclass::text as object, problem
from rel, lateral (values
  (relkind in ('r', 'p') and tenant and nspname <> 'build' and not rls, 'row level security off'),
  (relkind in ('r', 'p') and tenant and nspname <> 'build' and not forced, 'not forced'),
  (rls and not exists (select 1 from pg_policy p where p.polrelid = rel.oid), 'no policy'),
  (relkind = 'm' and readable and nspname <> 'build', 'readable materialized view'),
  (relkind = 'v' and readable and nspname <> 'build' and opts !~ 'security_invoker=(true|on|1)', 'view runs as its owner'),
  (nspname <> 'marts' and relname <> 'bi_tenants' and has_table_privilege('bi_reader', oid, 'select'), 'bi_reader can read it')
) as v (bad, problem)
where bad
union all
-- Otherwise the error of the key tells of another tenant's row.
select i.indexrelid::regclass::text, 'unique key does not begin with tenant_id'
from pg_index i
join rel on rel.oid = i.indrelid
join pg_attribute k on k.attrelid = rel.oid and k.attnum = i.indkey[0]
where i.indisunique and rel.nspname = 'raw' and k.attname <> 'tenant_id' and k.attidentity = '' and rel.relname <> 'graph_budgets'
union all
select p.oid::regprocedure::text, 'security definer without search_path'
from pg_proc p
where p.prosecdef and p.pronamespace::regnamespace::text in ('raw', 'build', 'marts', 'ops')
  and coalesce(p.proconfig::text, '') !~ 'search_path='
order by 1, 2
