-- Raw streams of the learning domain: what agents did and predicted, evidence of what came of it, and what people thought of it.
set local role am_owner;

insert into raw.streams (stream) values ('agent_actions'), ('outcome_signals'), ('feedback');

create table raw.agent_actions (
  tenant_id uuid not null,
  event_id text collate "C" not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  predicted_confidence double precision not null,
  window_hours integer,
  naive_timestamp boolean not null default false,
  conversation_id text collate "C",
  action_type text collate "C" not null,
  outcome_type text collate "C" not null,
  rep_id text collate "C",
  event_data jsonb not null default '{}',
  primary key (tenant_id, event_id)
);
create index on raw.agent_actions (ingest_xid);
create index on raw.agent_actions (occurred_at);
create index on raw.agent_actions (tenant_id, conversation_id) where conversation_id is not null;
comment on table raw.agent_actions is 'An agent acted and predicted how likely success is; event_id is the action''s id.';
comment on column raw.agent_actions.predicted_confidence is 'As sent; values outside 0..1 are clamped in the marts and marked there.';

create table raw.outcome_signals (
  tenant_id uuid not null,
  event_id text collate "C" not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  outcome_score double precision,
  naive_timestamp boolean not null default false,
  action_id text collate "C" not null,
  outcome_status text not null,
  signal_source text not null,
  event_data jsonb not null default '{}',
  primary key (tenant_id, event_id)
);
create index on raw.outcome_signals (ingest_xid);
create index on raw.outcome_signals (occurred_at);
create index on raw.outcome_signals (tenant_id, action_id);
comment on table raw.outcome_signals is
  'Evidence on an action, by a detector or a person. A later human label supersedes an earlier one; both stay. May arrive before its action.';

create table raw.feedback (
  tenant_id uuid not null,
  event_id text collate "C" not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  ingest_xid xid8 not null default pg_current_xact_id(),
  rating integer not null,
  naive_timestamp boolean not null default false,
  source text not null,
  target_type text not null,
  target_id text collate "C" not null,
  conversation_id text collate "C",
  action_id text collate "C",
  reviewer_id text collate "C",
  reviewer_role text,
  comment text,
  event_data jsonb not null default '{}',
  primary key (tenant_id, event_id)
);
create index on raw.feedback (ingest_xid);
create index on raw.feedback (occurred_at);
create index on raw.feedback (tenant_id, target_type, target_id);
comment on table raw.feedback is 'A person rated something: inline -1, 0 or 1, dashboard 1 to 5.';

alter table raw.tenant_parameters
  drop constraint tenant_parameters_parameter_check,
  add constraint tenant_parameters_parameter_check check (parameter in (
    'timezone', 'assume_after_hours', 'abandon_after_hours', 'durable_days', 'repeat_days', 'verified_threshold', 'small_sample',
    'gap_confidence_threshold', 'gap_window_days', 'gap_distance', 'business_hours', 'holidays',
    'avg_human_agent_cost_per_hour', 'avg_conversation_time_minutes', 'ai_cost_per_conversation', 'rework_minutes',
    'minutes_per_action', 'calibration_since'));
