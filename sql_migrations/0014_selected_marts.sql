-- What a run builds beside all: publishing looks at these marts only, also when a person approves the run later.
set local role am_owner;

alter table build.run_window
  add column follows_published boolean not null default false,
  add column marts text[];
comment on column build.run_window.follows_published is
  'Whether the run before this one was published: only then is all that it left in build known to be whole.';
comment on column build.run_window.marts is 'Marts that this run builds, because something of them is touched; NULL: all.';
