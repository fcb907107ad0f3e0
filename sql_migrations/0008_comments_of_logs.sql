-- What the two logs beside the marts hold. They are written by publish, not by dbt, so their words stand here.
set local role am_owner;

comment on table marts.publish_log is
  'One row per version, mart and tenant with a change (tenant NULL for shared marts). What each publish changed. Kept 90 days, the newest row of each tenant and mart always.';
comment on column marts.publish_log.publish_id is 'Number of the row.';
comment on column marts.publish_log.version is 'Version of the marts: rises by 1 with every publish that changed a row, in order of commit.';
comment on column marts.publish_log.mart is 'Name of the mart.';
comment on column marts.publish_log.tenant_id is 'The tenant whose rows changed. NULL for shared marts.';
comment on column marts.publish_log.run_id is 'The refresh that published.';
comment on column marts.publish_log.as_of is 'The one instant the refresh looked at: nothing after it exists in this version.';
comment on column marts.publish_log.published_at is 'When the version became visible.';
comment on column marts.publish_log.rows_inserted is 'New rows.';
comment on column marts.publish_log.rows_updated is 'Rows of which at least one column changed.';
comment on column marts.publish_log.rows_deleted is 'Rows that are gone.';
comment on column marts.publish_log.cells_from is 'First local day among the changed rows. NULL for marts without dates.';
comment on column marts.publish_log.cells_to is 'Last local day among the changed rows. NULL for marts without dates.';
comment on column marts.publish_log.data_through is
  'Everything acknowledged before this instant is in the version. NULL when a stream it rests on has no complete part yet.';
comment on column marts.publish_log.cause is 'Why rows changed: events, or what was asked for.';

comment on table marts.restatements is
  'One row per column of a mart row that changed after its period had been published as complete. Kept for ever; maturing of provisional columns is no restatement.';
comment on column marts.restatements.restatement_id is 'Number of the row.';
comment on column marts.restatements.version is 'Version that brought the new value.';
comment on column marts.restatements.mart is 'Name of the mart.';
comment on column marts.restatements.tenant_id is 'The tenant whose number changed.';
comment on column marts.restatements.row_key is 'Key of the row without the tenant, as k=v;…';
comment on column marts.restatements.metric_date is 'Local day (or first day of the week or month) of the row.';
comment on column marts.restatements.column_name is 'The column that changed.';
comment on column marts.restatements.old_value is 'Value before, as text. NULL when it was unknown.';
comment on column marts.restatements.new_value is 'Value after, as text. NULL when it is unknown, or the row is gone.';
comment on column marts.restatements.old_number is 'Value before, if it was a number.';
comment on column marts.restatements.new_number is 'Value after, if it is a number.';
comment on column marts.restatements.cause is
  'Why: late_event, correction, recalculation, zone_change, definition, erasure or drift.';
comment on column marts.restatements.restated_at is 'When the new value became visible.';
