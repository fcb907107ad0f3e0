-- What a dashboard asks right after a publish, when nothing of it is remembered yet.
set local role am_owner;

-- Few conversations have several episodes; these are found without reading the others.
create index on marts.conversations (tenant_id, start_date) where episode_no > 1;
create index on marts.conversations (tenant_id, resolved_date) where episode_no > 1;
create index on marts.conversations (tenant_id, escalated_date) where episode_no > 1;
create index on marts.conversations (tenant_id, abandoned_date) where episode_no > 1;

-- Every answer says through when its data are complete.
create index on ops.stream_marks (tenant_id);
