-- One line per fact of the catalogue, sorted: what `agentmarts migrate verify` compares. Partitions are data and left out, and of
-- schema build only what migrations own (dbt makes and drops the rest).
with rel as (
  select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.relowner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('raw', 'marts', 'ops', 'build') and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    and c.relowner = 'am_owner'::regrole
),
fact as (
  select format('table %s kind=%s rls=%s forced=%s', name, relkind, relrowsecurity, relforcerowsecurity) as line from rel
  union all
  select format('column %s.%s %s%s%s%s', rel.name, a.attname, format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then ' not null' else '' end,
                coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
                case when a.attidentity <> '' then ' identity' else '' end)
  from rel join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = rel.oid and d.adnum = a.attnum
  union all
  -- PostgreSQL 18 lists NOT NULL among the constraints; the column lines say it already.
  select format('constraint %s %s', rel.name, pg_get_constraintdef(c.oid))
  from rel join pg_constraint c on c.conrelid = rel.oid where c.contype <> 'n'
  union all
  select 'index ' || pg_get_indexdef(i.indexrelid) from rel join pg_index i on i.indrelid = rel.oid
  union all
  select format('policy %s %s for %s to %s using %s check %s', rel.name, p.polname, p.polcmd,
                (select string_agg(r::regrole::text, ',' order by r::regrole::text) from unnest(p.polroles) r),
                pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  from rel join pg_policy p on p.polrelid = rel.oid
  union all
  select format('grant %s %s to %s', rel.name, string_agg(g.privilege_type, ',' order by g.privilege_type), g.grantee::regrole)
  from rel, aclexplode(rel.relacl) g where g.grantee <> rel.relowner group by rel.name, g.grantee
  union all
  select format('grant schema %s %s to %s', n.nspname, string_agg(g.privilege_type, ',' order by g.privilege_type), g.grantee::regrole)
  from pg_namespace n, aclexplode(n.nspacl) g
  where n.nspname in ('raw', 'marts', 'ops', 'build') and g.grantee <> n.nspowner group by n.nspname, g.grantee
  union all
  select format('function %s md5=%s definer=%s', p.oid::regprocedure, md5(p.prosrc), p.prosecdef)
  from pg_proc p where p.pronamespace::regnamespace::text in ('raw', 'marts', 'ops', 'build')
  union all
  select format('comment %s%s %s', rel.name, coalesce('.' || a.attname, ''), quote_literal(d.description))
  from rel join pg_description d on d.objoid = rel.oid and d.classoid = 'pg_class'::regclass
  left join pg_attribute a on a.attrelid = rel.oid and a.attnum = d.objsubid and d.objsubid > 0
)
select flat.line
from fact cross join lateral (select regexp_replace(fact.line, '\s+', ' ', 'g') as line) as flat
order by flat.line collate "C"
