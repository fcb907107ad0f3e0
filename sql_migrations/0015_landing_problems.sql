-- Landing files that could not be read: the others go on without them.
set local role am_owner;

create table ops.landing_problems (
  url text primary key,
  fingerprint text not null,
  problem text not null,
  tried_at timestamptz not null
);
comment on table ops.landing_problems is
  'Landing files that could not be read to their end, as they were then. They are tried again when they change, and after an hour.';
comment on column ops.landing_problems.fingerprint is 'As in ops.landed_files: a file with another one is another file.';
