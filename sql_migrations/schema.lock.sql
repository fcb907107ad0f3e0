column build.run_window.as_of timestamp with time zone not null
column build.run_window.as_of_from timestamp with time zone
column build.run_window.built_at timestamp with time zone
column build.run_window.cause text
column build.run_window.definition_hash text not null
column build.run_window.follows_published boolean not null default false
column build.run_window.marts text[]
column build.run_window.mode text not null
column build.run_window.only_row boolean not null default true
column build.run_window.opened_at timestamp with time zone not null
column build.run_window.run_id text not null
column build.run_window.xid_from xid8 not null
column build.run_window.xid_to xid8 not null
column build.touched_backlog.keys jsonb not null
column build.touched_backlog.relation text not null
column build.touched_backlog.tenant_id uuid not null
column marts.account_reach.account_id uuid not null
column marts.account_reach.day_basis text not null
column marts.account_reach.is_provisional boolean not null
column marts.account_reach.metric_name text not null
column marts.account_reach.observed_at timestamp with time zone not null
column marts.account_reach.overstatement_pct double precision
column marts.account_reach.paid_scope text
column marts.account_reach.platform text not null
column marts.account_reach.published_version bigint not null
column marts.account_reach.source_metric text not null
column marts.account_reach.source_period text not null
column marts.account_reach.state text not null
column marts.account_reach.sum_of_days double precision
column marts.account_reach.tenant_id uuid not null
column marts.account_reach.unique_accounts double precision
column marts.account_reach.window_days integer not null
column marts.account_reach.window_end_date date not null
column marts.account_reach.window_start_date date not null
column marts.calibration_adjustments.action_type text not null
column marts.calibration_adjustments.avg_gap double precision
column marts.calibration_adjustments.direction text
column marts.calibration_adjustments.has_opposing_gaps boolean not null
column marts.calibration_adjustments.label_policy text not null
column marts.calibration_adjustments.magnitude double precision
column marts.calibration_adjustments.new_threshold double precision
column marts.calibration_adjustments.old_threshold double precision not null
column marts.calibration_adjustments.published_version bigint not null
column marts.calibration_adjustments.qualifying_bins integer not null
column marts.calibration_adjustments.qualifying_samples integer not null
column marts.calibration_adjustments.reason text
column marts.calibration_adjustments.recommended_by text not null
column marts.calibration_adjustments.tenant_id uuid not null
column marts.calibration_bins.action_type text not null
column marts.calibration_bins.actual_rate double precision
column marts.calibration_bins.actual_rate_high double precision
column marts.calibration_bins.actual_rate_low double precision
column marts.calibration_bins.ambiguous_count integer not null
column marts.calibration_bins.bin_index integer not null
column marts.calibration_bins.bin_lower double precision not null
column marts.calibration_bins.bin_midpoint double precision not null
column marts.calibration_bins.bin_upper double precision not null
column marts.calibration_bins.brier_contribution double precision
column marts.calibration_bins.calibration_gap double precision
column marts.calibration_bins.expired_count integer not null
column marts.calibration_bins.gap_midpoint double precision
column marts.calibration_bins.isotonic_rate double precision
column marts.calibration_bins.label_policy text not null
column marts.calibration_bins.last_updated timestamp with time zone
column marts.calibration_bins.mean_confidence double precision
column marts.calibration_bins.meets_min_samples boolean not null
column marts.calibration_bins.outcome_sum integer not null
column marts.calibration_bins.pending_count integer not null
column marts.calibration_bins.published_version bigint not null
column marts.calibration_bins.sample_count integer not null
column marts.calibration_bins.sample_count_matured integer not null
column marts.calibration_bins.sum_squared_error double precision
column marts.calibration_bins.tenant_id uuid not null
column marts.calibration_history.action_type text not null
column marts.calibration_history.as_of_date date not null
column marts.calibration_history.base_rate double precision
column marts.calibration_history.binned_calibration_error double precision
column marts.calibration_history.brier_score double precision
column marts.calibration_history.citl_z double precision
column marts.calibration_history.debiased_rmsce double precision
column marts.calibration_history.e_value double precision
column marts.calibration_history.ece double precision
column marts.calibration_history.is_calibrated boolean
column marts.calibration_history.mean_confidence double precision
column marts.calibration_history.n integer not null
column marts.calibration_history.positives integer not null
column marts.calibration_history.published_version bigint not null
column marts.calibration_history.spiegelhalter_z double precision
column marts.calibration_history.tenant_id uuid not null
column marts.calibration_map.action_type text not null
column marts.calibration_map.block_high double precision
column marts.calibration_map.block_low double precision
column marts.calibration_map.block_n integer
column marts.calibration_map.block_rate double precision
column marts.calibration_map.n integer not null
column marts.calibration_map.p_calibrated double precision not null
column marts.calibration_map.p_raw numeric(3,2) not null
column marts.calibration_map.published_version bigint not null
column marts.calibration_map.status text not null
column marts.calibration_map.tenant_id uuid not null
column marts.calibration_summary.action_type text not null
column marts.calibration_summary.auc double precision
column marts.calibration_summary.auc_se double precision
column marts.calibration_summary.base_rate double precision
column marts.calibration_summary.base_rate_anytime_high double precision
column marts.calibration_summary.base_rate_anytime_low double precision
column marts.calibration_summary.base_rate_high double precision
column marts.calibration_summary.base_rate_low double precision
column marts.calibration_summary.binned_calibration_error double precision
column marts.calibration_summary.brier_score double precision
column marts.calibration_summary.brier_skill_score double precision
column marts.calibration_summary.citl double precision
column marts.calibration_summary.citl_z double precision
column marts.calibration_summary.corp_discrimination double precision
column marts.calibration_summary.corp_is_rounded boolean not null
column marts.calibration_summary.corp_miscalibration double precision
column marts.calibration_summary.debiased_rmsce double precision
column marts.calibration_summary.debiased_squared_error double precision
column marts.calibration_summary.direction text not null
column marts.calibration_summary.e_alarm_at timestamp with time zone
column marts.calibration_summary.e_alarm_n integer
column marts.calibration_summary.e_value double precision
column marts.calibration_summary.e_value_max double precision
column marts.calibration_summary.ece double precision
column marts.calibration_summary.ece_midpoint double precision
column marts.calibration_summary.is_calibrated boolean
column marts.calibration_summary.label_policy text not null
column marts.calibration_summary.log_loss double precision
column marts.calibration_summary.mce double precision
column marts.calibration_summary.mean_confidence double precision
column marts.calibration_summary.n integer not null
column marts.calibration_summary.positives integer not null
column marts.calibration_summary.published_version bigint not null
column marts.calibration_summary.reliability double precision
column marts.calibration_summary.resolution double precision
column marts.calibration_summary.seed_is_calibrated boolean
column marts.calibration_summary.spiegelhalter_p double precision
column marts.calibration_summary.spiegelhalter_z double precision
column marts.calibration_summary.status text not null
column marts.calibration_summary.tenant_id uuid not null
column marts.calibration_summary.uncertainty double precision
column marts.calibration_summary.within_bin_covariance double precision
column marts.calibration_summary.within_bin_variance double precision
column marts.coaching_patterns.confidence double precision
column marts.coaching_patterns.description text not null
column marts.coaching_patterns.difference double precision
column marts.coaching_patterns.difference_high double precision
column marts.coaching_patterns.difference_low double precision
column marts.coaching_patterns.dimension text not null
column marts.coaching_patterns.eb_rate double precision
column marts.coaching_patterns.is_actionable boolean not null
column marts.coaching_patterns.is_improvement_area boolean not null
column marts.coaching_patterns.mh_difference double precision
column marts.coaching_patterns.n integer not null
column marts.coaching_patterns.outcome_type text not null
column marts.coaching_patterns.p_value double precision
column marts.coaching_patterns.pattern_id text not null
column marts.coaching_patterns.pattern_type text not null
column marts.coaching_patterns.positives integer not null
column marts.coaching_patterns.published_version bigint not null
column marts.coaching_patterns.q_value double precision
column marts.coaching_patterns.rank integer not null
column marts.coaching_patterns.recommendation text not null
column marts.coaching_patterns.rest_n integer not null
column marts.coaching_patterns.rest_positives integer not null
column marts.coaching_patterns.rest_rate double precision
column marts.coaching_patterns.sample_adequacy double precision not null
column marts.coaching_patterns.seed_difference double precision
column marts.coaching_patterns.seed_is_improvement_area boolean not null
column marts.coaching_patterns.seed_is_pattern boolean not null
column marts.coaching_patterns.seed_success_rate double precision
column marts.coaching_patterns.segment text not null
column marts.coaching_patterns.simpson_flag boolean
column marts.coaching_patterns.success_rate double precision not null
column marts.coaching_patterns.success_rate_high double precision not null
column marts.coaching_patterns.success_rate_low double precision not null
column marts.coaching_patterns.tenant_id uuid not null
column marts.coaching_patterns.test text
column marts.coaching_patterns.window_days integer not null
column marts.coaching_patterns.z double precision
column marts.collection_health.account_id uuid not null
column marts.collection_health.answered_count integer
column marts.collection_health.answered_rate double precision
column marts.collection_health.asked_count integer
column marts.collection_health.below_threshold_count integer not null
column marts.collection_health.collection_date date not null
column marts.collection_health.counted_calls integer
column marts.collection_health.data_through date
column marts.collection_health.day_rule_source text
column marts.collection_health.days_to_token_expiry integer
column marts.collection_health.days_to_version_end integer
column marts.collection_health.days_without_value integer
column marts.collection_health.deleted_count integer not null
column marts.collection_health.deprecated_count integer not null
column marts.collection_health.empty_count integer not null
column marts.collection_health.error_count integer not null
column marts.collection_health.http_calls integer
column marts.collection_health.is_version_mismatch boolean
column marts.collection_health.last_value_at timestamp with time zone
column marts.collection_health.max_usage_pct double precision
column marts.collection_health.metric_name text not null
column marts.collection_health.not_permitted_count integer not null
column marts.collection_health.not_supported_count integer not null
column marts.collection_health.ok_count integer not null
column marts.collection_health.pinned_version text
column marts.collection_health.published_version bigint not null
column marts.collection_health.quarantined_until timestamp with time zone
column marts.collection_health.served_version text
column marts.collection_health.status text not null
column marts.collection_health.tenant_id uuid not null
column marts.collection_health.throttled_count integer not null
column marts.collection_health.token_state text
column marts.collection_health.zero_provisional_count integer not null
column marts.conversation_quality_scores.accuracy_score numeric(3,2)
column marts.conversation_quality_scores.attempts integer not null
column marts.conversation_quality_scores.completeness_score numeric(3,2)
column marts.conversation_quality_scores.conversation_id text not null
column marts.conversation_quality_scores.dimensions_scored integer not null
column marts.conversation_quality_scores.failed_attempts integer not null
column marts.conversation_quality_scores.helpfulness_score numeric(3,2)
column marts.conversation_quality_scores.is_headline boolean not null
column marts.conversation_quality_scores.last_error text
column marts.conversation_quality_scores.overall_score numeric(3,2)
column marts.conversation_quality_scores.politeness_score numeric(3,2)
column marts.conversation_quality_scores.published_version bigint not null
column marts.conversation_quality_scores.scored_at timestamp with time zone
column marts.conversation_quality_scores.scorer text not null
column marts.conversation_quality_scores.scorer_kind text not null
column marts.conversation_quality_scores.tenant_id uuid not null
column marts.conversations.abandon_kind text
column marts.conversations.abandoned_at timestamp with time zone
column marts.conversations.abandoned_date date
column marts.conversations.agent_id text
column marts.conversations.ai_messages integer not null
column marts.conversations.avg_confidence double precision
column marts.conversations.channel text
column marts.conversations.citation_clicks integer not null
column marts.conversations.closed_by text
column marts.conversations.conversation_id text not null
column marts.conversations.csat_at timestamp with time zone
column marts.conversations.csat_rating integer
column marts.conversations.customer_confirmed boolean
column marts.conversations.customer_id text
column marts.conversations.customer_messages integer not null
column marts.conversations.ended_at timestamp with time zone
column marts.conversations.episode_no integer not null
column marts.conversations.escalated_date date
column marts.conversations.event_count integer not null
column marts.conversations.first_ai_reply_at timestamp with time zone
column marts.conversations.first_customer_message_at timestamp with time zone
column marts.conversations.first_human_reply_at timestamp with time zone
column marts.conversations.first_human_response_ms bigint
column marts.conversations.first_response_business_ms bigint
column marts.conversations.first_response_ms bigint
column marts.conversations.handoff_at timestamp with time zone
column marts.conversations.handoff_reason text
column marts.conversations.has_clock_skew boolean not null
column marts.conversations.human_messages integer not null
column marts.conversations.human_resolution_ms bigint
column marts.conversations.initiated_by text
column marts.conversations.is_ai_involved boolean not null
column marts.conversations.is_ai_resolution boolean
column marts.conversations.is_assisted boolean
column marts.conversations.is_assumed boolean
column marts.conversations.is_confirmed boolean
column marts.conversations.is_contained boolean
column marts.conversations.is_durable boolean
column marts.conversations.is_no_repeat boolean
column marts.conversations.is_verified boolean
column marts.conversations.knowledge_retrievals integer not null
column marts.conversations.language text
column marts.conversations.last_message_at timestamp with time zone
column marts.conversations.min_confidence double precision
column marts.conversations.model text
column marts.conversations.outcome text not null
column marts.conversations.published_version bigint not null
column marts.conversations.quality_score double precision
column marts.conversations.quality_scorer_kind text
column marts.conversations.reassess_at timestamp with time zone
column marts.conversations.reopen_reason text
column marts.conversations.reopened_at timestamp with time zone
column marts.conversations.resolution_business_ms bigint
column marts.conversations.resolution_ms bigint
column marts.conversations.resolve_event_count integer not null
column marts.conversations.resolved_at timestamp with time zone
column marts.conversations.resolved_date date
column marts.conversations.response_time_sum_ms bigint not null
column marts.conversations.responses integer not null
column marts.conversations.responses_explicit integer not null
column marts.conversations.start_date date not null
column marts.conversations.start_inferred boolean not null
column marts.conversations.started_at timestamp with time zone not null
column marts.conversations.tenant_id uuid not null
column marts.conversations.total_messages integer not null
column marts.conversations.unanswered_turns integer not null
column marts.conversations.zero_hit_retrievals integer not null
column marts.customer_days.conversations_started integer not null
column marts.customer_days.customer_id text not null
column marts.customer_days.first_seen_at timestamp with time zone not null
column marts.customer_days.is_new_customer boolean not null
column marts.customer_days.messages_received integer not null
column marts.customer_days.metric_date date not null
column marts.customer_days.published_version bigint not null
column marts.customer_days.tenant_id uuid not null
column marts.daily_metrics.abandoned_cohort integer not null
column marts.daily_metrics.abandoned_conversations integer not null
column marts.daily_metrics.abandonment_rate double precision
column marts.daily_metrics.abandonment_rate_denominator integer not null
column marts.daily_metrics.abandonment_rate_high double precision
column marts.daily_metrics.abandonment_rate_low double precision
column marts.daily_metrics.abandonment_rate_numerator integer not null
column marts.daily_metrics.ai_involved integer not null
column marts.daily_metrics.ai_resolved_conversations integer not null
column marts.daily_metrics.anonymous_conversations integer not null
column marts.daily_metrics.assumed_pending integer not null
column marts.daily_metrics.assumed_rate double precision
column marts.daily_metrics.assumed_rate_denominator integer not null
column marts.daily_metrics.assumed_rate_high double precision
column marts.daily_metrics.assumed_rate_low double precision
column marts.daily_metrics.assumed_rate_numerator integer not null
column marts.daily_metrics.avg_conversation_length double precision
column marts.daily_metrics.avg_csat double precision
column marts.daily_metrics.avg_first_response_ms double precision
column marts.daily_metrics.avg_resolution_ms double precision
column marts.daily_metrics.avg_response_time_ms bigint
column marts.daily_metrics.confirmed_pending integer not null
column marts.daily_metrics.confirmed_rate double precision
column marts.daily_metrics.confirmed_rate_denominator integer not null
column marts.daily_metrics.confirmed_rate_high double precision
column marts.daily_metrics.confirmed_rate_low double precision
column marts.daily_metrics.confirmed_rate_numerator integer not null
column marts.daily_metrics.contained_pending integer not null
column marts.daily_metrics.contained_rate double precision
column marts.daily_metrics.contained_rate_denominator integer not null
column marts.daily_metrics.contained_rate_high double precision
column marts.daily_metrics.contained_rate_low double precision
column marts.daily_metrics.contained_rate_numerator integer not null
column marts.daily_metrics.csat_rate double precision
column marts.daily_metrics.csat_rate_denominator integer not null
column marts.daily_metrics.csat_rate_high double precision
column marts.daily_metrics.csat_rate_low double precision
column marts.daily_metrics.csat_rate_numerator integer not null
column marts.daily_metrics.csat_response_rate double precision
column marts.daily_metrics.csat_response_rate_denominator integer not null
column marts.daily_metrics.csat_response_rate_high double precision
column marts.daily_metrics.csat_response_rate_low double precision
column marts.daily_metrics.csat_response_rate_numerator integer not null
column marts.daily_metrics.day_hours double precision not null
column marts.daily_metrics.durable_pending integer not null
column marts.daily_metrics.durable_rate double precision
column marts.daily_metrics.durable_rate_denominator integer not null
column marts.daily_metrics.durable_rate_high double precision
column marts.daily_metrics.durable_rate_low double precision
column marts.daily_metrics.durable_rate_numerator integer not null
column marts.daily_metrics.episodes_started integer not null
column marts.daily_metrics.escalated_cohort integer not null
column marts.daily_metrics.escalated_conversations integer not null
column marts.daily_metrics.escalation_rate double precision
column marts.daily_metrics.escalation_rate_denominator integer not null
column marts.daily_metrics.escalation_rate_high double precision
column marts.daily_metrics.escalation_rate_low double precision
column marts.daily_metrics.escalation_rate_numerator integer not null
column marts.daily_metrics.is_partial boolean not null
column marts.daily_metrics.is_provisional boolean not null
column marts.daily_metrics.low_confidence_replies integer not null
column marts.daily_metrics.metric_date date not null
column marts.daily_metrics.no_repeat_pending integer not null
column marts.daily_metrics.no_repeat_rate double precision
column marts.daily_metrics.no_repeat_rate_denominator integer not null
column marts.daily_metrics.no_repeat_rate_high double precision
column marts.daily_metrics.no_repeat_rate_low double precision
column marts.daily_metrics.no_repeat_rate_numerator integer not null
column marts.daily_metrics.open_cohort integer not null
column marts.daily_metrics.open_rate double precision
column marts.daily_metrics.open_rate_denominator integer not null
column marts.daily_metrics.open_rate_high double precision
column marts.daily_metrics.open_rate_low double precision
column marts.daily_metrics.open_rate_numerator integer not null
column marts.daily_metrics.p50_first_response_business_ms double precision
column marts.daily_metrics.p50_first_response_ms double precision
column marts.daily_metrics.p50_resolution_business_ms double precision
column marts.daily_metrics.p50_resolution_ms double precision
column marts.daily_metrics.p50_response_time_ms double precision
column marts.daily_metrics.p90_first_response_ms double precision
column marts.daily_metrics.p90_resolution_ms double precision
column marts.daily_metrics.p90_response_time_ms double precision
column marts.daily_metrics.p95_first_response_ms double precision
column marts.daily_metrics.p95_response_time_ms double precision
column marts.daily_metrics.published_version bigint not null
column marts.daily_metrics.reopened_conversations integer not null
column marts.daily_metrics.replies_with_confidence integer not null
column marts.daily_metrics.resolution_rate double precision
column marts.daily_metrics.resolution_rate_denominator integer not null
column marts.daily_metrics.resolution_rate_high double precision
column marts.daily_metrics.resolution_rate_low double precision
column marts.daily_metrics.resolution_rate_numerator integer not null
column marts.daily_metrics.resolutions integer not null
column marts.daily_metrics.resolved_cohort integer not null
column marts.daily_metrics.resolved_conversations integer not null
column marts.daily_metrics.response_time_hist jsonb not null
column marts.daily_metrics.response_time_sum_ms bigint not null
column marts.daily_metrics.responses integer not null
column marts.daily_metrics.responses_explicit integer not null
column marts.daily_metrics.seed_resolution_rate double precision
column marts.daily_metrics.silence_rate double precision
column marts.daily_metrics.silence_rate_denominator integer not null
column marts.daily_metrics.silence_rate_high double precision
column marts.daily_metrics.silence_rate_low double precision
column marts.daily_metrics.silence_rate_numerator integer not null
column marts.daily_metrics.silent_cohort integer not null
column marts.daily_metrics.tenant_id uuid not null
column marts.daily_metrics.total_conversations integer not null
column marts.daily_metrics.total_messages integer not null
column marts.daily_metrics.unanswered_conversations integer not null
column marts.daily_metrics.unique_customers integer not null
column marts.daily_metrics.verified_of_contained_rate double precision
column marts.daily_metrics.verified_of_contained_rate_denominator integer not null
column marts.daily_metrics.verified_of_contained_rate_high double precision
column marts.daily_metrics.verified_of_contained_rate_low double precision
column marts.daily_metrics.verified_of_contained_rate_numerator integer not null
column marts.daily_metrics.verified_pending integer not null
column marts.daily_metrics.verified_rate double precision
column marts.dim_date.day_name text not null
column marts.dim_date.is_weekend boolean not null
column marts.dim_date.iso_week integer not null
column marts.dim_date.iso_weekday integer not null
column marts.dim_date.iso_year integer not null
column marts.dim_date.metric_date date not null
column marts.dim_date.month_start date not null
column marts.dim_date.published_version bigint not null
column marts.dim_date.quarter_start date not null
column marts.dim_date.week_start date not null
column marts.dim_date.year_start date not null
column marts.dim_tenant.created_at timestamp with time zone not null
column marts.dim_tenant.currency text not null
column marts.dim_tenant.first_event_at timestamp with time zone
column marts.dim_tenant.industry_vertical text
column marts.dim_tenant.name text not null
column marts.dim_tenant.published_version bigint not null
column marts.dim_tenant.slug text not null
column marts.dim_tenant.small_sample integer not null
column marts.dim_tenant.tenant_id uuid not null
column marts.dim_tenant.timezone text not null
column marts.dim_tenant_parameters.is_default boolean not null
column marts.dim_tenant_parameters.number_value double precision
column marts.dim_tenant_parameters.parameter text not null
column marts.dim_tenant_parameters.published_version bigint not null
column marts.dim_tenant_parameters.tenant_id uuid not null
column marts.dim_tenant_parameters.valid_from date not null
column marts.dim_tenant_parameters.value text not null
column marts.engagement_metrics.account_id uuid not null
column marts.engagement_metrics.additive boolean not null
column marts.engagement_metrics.algorithm_class text
column marts.engagement_metrics.day_basis text not null
column marts.engagement_metrics.days_covered integer
column marts.engagement_metrics.dim_key text not null
column marts.engagement_metrics.dim_value text not null
column marts.engagement_metrics.is_algorithm_dependent boolean
column marts.engagement_metrics.is_correction boolean not null
column marts.engagement_metrics.is_estimated boolean not null
column marts.engagement_metrics.is_partial boolean not null
column marts.engagement_metrics.is_provisional boolean not null
column marts.engagement_metrics.metric_date date not null
column marts.engagement_metrics.metric_name text not null
column marts.engagement_metrics.metric_value double precision
column marts.engagement_metrics.object_id text not null
column marts.engagement_metrics.object_level text not null
column marts.engagement_metrics.observed_at timestamp with time zone
column marts.engagement_metrics.paid_scope text
column marts.engagement_metrics.period text not null
column marts.engagement_metrics.platform text not null
column marts.engagement_metrics.platform_post_id text
column marts.engagement_metrics.published_version bigint not null
column marts.engagement_metrics.source_metric text not null
column marts.engagement_metrics.state text not null
column marts.engagement_metrics.tenant_id uuid not null
column marts.engagement_metrics.unit text
column marts.engagement_metrics.value_cumulative double precision
column marts.engagement_metrics.value_increment double precision
column marts.engagement_metrics.value_level double precision
column marts.feedback_entries.action_id text
column marts.feedback_entries.comment text
column marts.feedback_entries.conversation_id text
column marts.feedback_entries.feedback_id text not null
column marts.feedback_entries.is_current boolean not null
column marts.feedback_entries.metric_date date not null
column marts.feedback_entries.occurred_at timestamp with time zone not null
column marts.feedback_entries.published_version bigint not null
column marts.feedback_entries.rating integer not null
column marts.feedback_entries.rating_normalized double precision not null
column marts.feedback_entries.reviewer_id text
column marts.feedback_entries.reviewer_role text
column marts.feedback_entries.revision_number integer not null
column marts.feedback_entries.source text not null
column marts.feedback_entries.target_id text not null
column marts.feedback_entries.target_type text not null
column marts.feedback_entries.tenant_id uuid not null
column marts.feedback_summary.average_rating double precision
column marts.feedback_summary.average_rating_se double precision
column marts.feedback_summary.entries integer not null
column marts.feedback_summary.metric_date date not null
column marts.feedback_summary.normalized_sum double precision
column marts.feedback_summary.positive_count integer not null
column marts.feedback_summary.positive_share double precision
column marts.feedback_summary.positive_share_high double precision
column marts.feedback_summary.positive_share_low double precision
column marts.feedback_summary.published_version bigint not null
column marts.feedback_summary.rating_0 integer not null
column marts.feedback_summary.rating_1 integer not null
column marts.feedback_summary.rating_2 integer not null
column marts.feedback_summary.rating_3 integer not null
column marts.feedback_summary.rating_4 integer not null
column marts.feedback_summary.rating_5 integer not null
column marts.feedback_summary.rating_m1 integer not null
column marts.feedback_summary.rating_sum integer
column marts.feedback_summary.ratings integer not null
column marts.feedback_summary.reviewer_role text not null
column marts.feedback_summary.source text not null
column marts.feedback_summary.target_type text not null
column marts.feedback_summary.tenant_id uuid not null
column marts.hourly_metrics.abandoned_conversations integer not null
column marts.hourly_metrics.avg_response_time_ms bigint
column marts.hourly_metrics.escalated_conversations integer not null
column marts.hourly_metrics.hour_start timestamp with time zone not null
column marts.hourly_metrics.local_hour integer not null
column marts.hourly_metrics.metric_date date not null
column marts.hourly_metrics.p50_response_time_ms double precision
column marts.hourly_metrics.p90_response_time_ms double precision
column marts.hourly_metrics.p95_response_time_ms double precision
column marts.hourly_metrics.published_version bigint not null
column marts.hourly_metrics.resolved_conversations integer not null
column marts.hourly_metrics.response_time_sum_ms bigint not null
column marts.hourly_metrics.responses integer not null
column marts.hourly_metrics.tenant_id uuid not null
column marts.hourly_metrics.total_conversations integer not null
column marts.hourly_metrics.total_messages integer not null
column marts.hourly_metrics.unique_customers integer not null
column marts.metric_definitions.column_name text not null
column marts.metric_definitions.data_type text not null
column marts.metric_definitions.description text not null
column marts.metric_definitions.formula text
column marts.metric_definitions.grain text not null
column marts.metric_definitions.is_key boolean not null
column marts.metric_definitions.is_provisional boolean not null
column marts.metric_definitions.mart text not null
column marts.metric_definitions.position integer not null
column marts.metric_definitions.published_version bigint not null
column marts.metric_definitions.unit text
column marts.monthly_metrics.abandoned_cohort integer not null
column marts.monthly_metrics.abandoned_conversations integer not null
column marts.monthly_metrics.abandonment_rate double precision
column marts.monthly_metrics.abandonment_rate_denominator integer not null
column marts.monthly_metrics.abandonment_rate_high double precision
column marts.monthly_metrics.abandonment_rate_low double precision
column marts.monthly_metrics.abandonment_rate_numerator integer not null
column marts.monthly_metrics.ai_involved integer not null
column marts.monthly_metrics.ai_resolved_conversations integer not null
column marts.monthly_metrics.anonymous_conversations integer not null
column marts.monthly_metrics.assumed_pending integer not null
column marts.monthly_metrics.assumed_rate double precision
column marts.monthly_metrics.assumed_rate_denominator integer not null
column marts.monthly_metrics.assumed_rate_high double precision
column marts.monthly_metrics.assumed_rate_low double precision
column marts.monthly_metrics.assumed_rate_numerator integer not null
column marts.monthly_metrics.avg_conversation_length double precision
column marts.monthly_metrics.avg_csat double precision
column marts.monthly_metrics.avg_first_response_ms double precision
column marts.monthly_metrics.avg_resolution_ms double precision
column marts.monthly_metrics.avg_response_time_ms bigint
column marts.monthly_metrics.complete_days integer not null
column marts.monthly_metrics.confirmed_pending integer not null
column marts.monthly_metrics.confirmed_rate double precision
column marts.monthly_metrics.confirmed_rate_denominator integer not null
column marts.monthly_metrics.confirmed_rate_high double precision
column marts.monthly_metrics.confirmed_rate_low double precision
column marts.monthly_metrics.confirmed_rate_numerator integer not null
column marts.monthly_metrics.contained_pending integer not null
column marts.monthly_metrics.contained_rate double precision
column marts.monthly_metrics.contained_rate_denominator integer not null
column marts.monthly_metrics.contained_rate_high double precision
column marts.monthly_metrics.contained_rate_low double precision
column marts.monthly_metrics.contained_rate_numerator integer not null
column marts.monthly_metrics.csat_rate double precision
column marts.monthly_metrics.csat_rate_denominator integer not null
column marts.monthly_metrics.csat_rate_high double precision
column marts.monthly_metrics.csat_rate_low double precision
column marts.monthly_metrics.csat_rate_numerator integer not null
column marts.monthly_metrics.csat_response_rate double precision
column marts.monthly_metrics.csat_response_rate_denominator integer not null
column marts.monthly_metrics.csat_response_rate_high double precision
column marts.monthly_metrics.csat_response_rate_low double precision
column marts.monthly_metrics.csat_response_rate_numerator integer not null
column marts.monthly_metrics.durable_pending integer not null
column marts.monthly_metrics.durable_rate double precision
column marts.monthly_metrics.durable_rate_denominator integer not null
column marts.monthly_metrics.durable_rate_high double precision
column marts.monthly_metrics.durable_rate_low double precision
column marts.monthly_metrics.durable_rate_numerator integer not null
column marts.monthly_metrics.episodes_started integer not null
column marts.monthly_metrics.escalated_cohort integer not null
column marts.monthly_metrics.escalated_conversations integer not null
column marts.monthly_metrics.escalation_rate double precision
column marts.monthly_metrics.escalation_rate_denominator integer not null
column marts.monthly_metrics.escalation_rate_high double precision
column marts.monthly_metrics.escalation_rate_low double precision
column marts.monthly_metrics.escalation_rate_numerator integer not null
column marts.monthly_metrics.is_partial boolean not null
column marts.monthly_metrics.is_provisional boolean not null
column marts.monthly_metrics.low_confidence_replies integer not null
column marts.monthly_metrics.month_start date not null
column marts.monthly_metrics.no_repeat_pending integer not null
column marts.monthly_metrics.no_repeat_rate double precision
column marts.monthly_metrics.no_repeat_rate_denominator integer not null
column marts.monthly_metrics.no_repeat_rate_high double precision
column marts.monthly_metrics.no_repeat_rate_low double precision
column marts.monthly_metrics.no_repeat_rate_numerator integer not null
column marts.monthly_metrics.open_cohort integer not null
column marts.monthly_metrics.open_rate double precision
column marts.monthly_metrics.open_rate_denominator integer not null
column marts.monthly_metrics.open_rate_high double precision
column marts.monthly_metrics.open_rate_low double precision
column marts.monthly_metrics.open_rate_numerator integer not null
column marts.monthly_metrics.p50_first_response_business_ms double precision
column marts.monthly_metrics.p50_first_response_ms double precision
column marts.monthly_metrics.p50_resolution_business_ms double precision
column marts.monthly_metrics.p50_resolution_ms double precision
column marts.monthly_metrics.p50_response_time_ms double precision
column marts.monthly_metrics.p90_first_response_ms double precision
column marts.monthly_metrics.p90_resolution_ms double precision
column marts.monthly_metrics.p90_response_time_ms double precision
column marts.monthly_metrics.p95_first_response_ms double precision
column marts.monthly_metrics.p95_response_time_ms double precision
column marts.monthly_metrics.published_version bigint not null
column marts.monthly_metrics.reopened_conversations integer not null
column marts.monthly_metrics.replies_with_confidence integer not null
column marts.monthly_metrics.resolution_rate double precision
column marts.monthly_metrics.resolution_rate_denominator integer not null
column marts.monthly_metrics.resolution_rate_high double precision
column marts.monthly_metrics.resolution_rate_low double precision
column marts.monthly_metrics.resolution_rate_numerator integer not null
column marts.monthly_metrics.resolutions integer not null
column marts.monthly_metrics.resolved_cohort integer not null
column marts.monthly_metrics.resolved_conversations integer not null
column marts.monthly_metrics.response_time_hist jsonb not null
column marts.monthly_metrics.response_time_sum_ms bigint not null
column marts.monthly_metrics.responses integer not null
column marts.monthly_metrics.responses_explicit integer not null
column marts.monthly_metrics.seed_resolution_rate double precision
column marts.monthly_metrics.silence_rate double precision
column marts.monthly_metrics.silence_rate_denominator integer not null
column marts.monthly_metrics.silence_rate_high double precision
column marts.monthly_metrics.silence_rate_low double precision
column marts.monthly_metrics.silence_rate_numerator integer not null
column marts.monthly_metrics.silent_cohort integer not null
column marts.monthly_metrics.tenant_id uuid not null
column marts.monthly_metrics.total_conversations integer not null
column marts.monthly_metrics.total_messages integer not null
column marts.monthly_metrics.unanswered_conversations integer not null
column marts.monthly_metrics.unique_customers integer not null
column marts.monthly_metrics.verified_of_contained_rate double precision
column marts.monthly_metrics.verified_of_contained_rate_denominator integer not null
column marts.monthly_metrics.verified_of_contained_rate_high double precision
column marts.monthly_metrics.verified_of_contained_rate_low double precision
column marts.monthly_metrics.verified_of_contained_rate_numerator integer not null
column marts.monthly_metrics.verified_pending integer not null
column marts.monthly_metrics.verified_rate double precision
column marts.outcome_daily.action_type text not null
column marts.outcome_daily.actions integer not null
column marts.outcome_daily.aj_at_risk integer
column marts.outcome_daily.aj_n integer
column marts.outcome_daily.aj_success_rate double precision
column marts.outcome_daily.ambiguous integer not null
column marts.outcome_daily.expired integer not null
column marts.outcome_daily.is_provisional boolean not null
column marts.outcome_daily.matured integer not null
column marts.outcome_daily.matured_labelled integer not null
column marts.outcome_daily.matured_positive integer not null
column marts.outcome_daily.metric_date date not null
column marts.outcome_daily.negative integer not null
column marts.outcome_daily.outcome_type text not null
column marts.outcome_daily.pending integer not null
column marts.outcome_daily.positive integer not null
column marts.outcome_daily.published_version bigint not null
column marts.outcome_daily.success_rate double precision
column marts.outcome_daily.success_rate_all_closed double precision
column marts.outcome_daily.success_rate_all_created double precision
column marts.outcome_daily.success_rate_high double precision
column marts.outcome_daily.success_rate_low double precision
column marts.outcome_daily.success_rate_resolved double precision
column marts.outcome_daily.tenant_id uuid not null
column marts.outcomes.action_id text not null
column marts.outcomes.action_type text not null
column marts.outcomes.bin_index integer not null
column marts.outcomes.channel text
column marts.outcomes.closed_won_at timestamp with time zone
column marts.outcomes.confidence double precision not null
column marts.outcomes.conversation_id text
column marts.outcomes.created_at timestamp with time zone not null
column marts.outcomes.deal_stage_at_creation text
column marts.outcomes.detected_at timestamp with time zone
column marts.outcomes.escalation_trigger text not null
column marts.outcomes.evidence_event_id text
column marts.outcomes.evidence_kind text
column marts.outcomes.hours_to_resolution double precision
column marts.outcomes.is_confidence_clamped boolean not null
column marts.outcomes.is_matured boolean not null
column marts.outcomes.is_window_default boolean not null
column marts.outcomes.label integer
column marts.outcomes.label_expired_as_negative integer
column marts.outcomes.label_resolved_only integer
column marts.outcomes.local_hour integer not null
column marts.outcomes.local_weekday integer not null
column marts.outcomes.metric_date date not null
column marts.outcomes.outcome_score double precision
column marts.outcomes.outcome_status text not null
column marts.outcomes.outcome_type text not null
column marts.outcomes.persona text
column marts.outcomes.predicted_confidence double precision not null
column marts.outcomes.published_version bigint not null
column marts.outcomes.rep_id text
column marts.outcomes.resolved_at timestamp with time zone
column marts.outcomes.signal_source text
column marts.outcomes.stage_delta integer
column marts.outcomes.tenant_id uuid not null
column marts.outcomes.touch_count integer
column marts.outcomes.touch_position integer
column marts.outcomes.window_expires_at timestamp with time zone not null
column marts.outcomes.window_expires_date date not null
column marts.outcomes.window_hours integer not null
column marts.post_performance.account_id uuid not null
column marts.post_performance.account_name text
column marts.post_performance.age_hours double precision
column marts.post_performance.average_watch_ms double precision
column marts.post_performance.checkpoint text not null
column marts.post_performance.clicks double precision
column marts.post_performance.comment_rate double precision
column marts.post_performance.comments double precision
column marts.post_performance.engagement_rate_by_reach double precision
column marts.post_performance.engagement_rate_by_views double precision
column marts.post_performance.follows double precision
column marts.post_performance.interactions double precision
column marts.post_performance.is_deleted boolean not null
column marts.post_performance.is_provisional boolean not null
column marts.post_performance.likes double precision
column marts.post_performance.link_clicks double precision
column marts.post_performance.media_product text
column marts.post_performance.media_type text
column marts.post_performance.message text
column marts.post_performance.paid_scope text
column marts.post_performance.permalink text
column marts.post_performance.platform text not null
column marts.post_performance.platform_post_id text not null
column marts.post_performance.profile_visits double precision
column marts.post_performance.published_at timestamp with time zone
column marts.post_performance.published_version bigint not null
column marts.post_performance.reach double precision
column marts.post_performance.reactions double precision
column marts.post_performance.replies double precision
column marts.post_performance.reposts double precision
column marts.post_performance.sample_at timestamp with time zone
column marts.post_performance.save_rate double precision
column marts.post_performance.saved double precision
column marts.post_performance.share_rate double precision
column marts.post_performance.shares double precision
column marts.post_performance.skip_rate double precision
column marts.post_performance.tenant_id uuid not null
column marts.post_performance.total_interactions double precision
column marts.post_performance.video_view_time_ms double precision
column marts.post_performance.views double precision
column marts.publish_log.as_of timestamp with time zone not null
column marts.publish_log.cause text not null
column marts.publish_log.cells_from date
column marts.publish_log.cells_to date
column marts.publish_log.data_through timestamp with time zone
column marts.publish_log.mart text not null
column marts.publish_log.publish_id bigint not null identity
column marts.publish_log.published_at timestamp with time zone not null
column marts.publish_log.rows_deleted bigint not null
column marts.publish_log.rows_inserted bigint not null
column marts.publish_log.rows_updated bigint not null
column marts.publish_log.run_id text not null
column marts.publish_log.tenant_id uuid
column marts.publish_log.version bigint not null
column marts.quality_daily.accuracy_mean double precision
column marts.quality_daily.agreement_n integer not null
column marts.quality_daily.attempts integer not null
column marts.quality_daily.bias double precision
column marts.quality_daily.completeness_mean double precision
column marts.quality_daily.failed integer not null
column marts.quality_daily.failure_rate double precision
column marts.quality_daily.failure_rate_denominator integer not null
column marts.quality_daily.failure_rate_high double precision
column marts.quality_daily.failure_rate_low double precision
column marts.quality_daily.failure_rate_numerator integer not null
column marts.quality_daily.helpfulness_mean double precision
column marts.quality_daily.low_quality integer not null
column marts.quality_daily.mae double precision
column marts.quality_daily.metric_date date not null
column marts.quality_daily.overall_change_28d double precision
column marts.quality_daily.overall_change_28d_z double precision
column marts.quality_daily.overall_mean double precision
column marts.quality_daily.overall_mean_28d double precision
column marts.quality_daily.overall_se double precision
column marts.quality_daily.politeness_mean double precision
column marts.quality_daily.published_version bigint not null
column marts.quality_daily.scored integer not null
column marts.quality_daily.scorer text not null
column marts.quality_daily.scorer_kind text not null
column marts.quality_daily.tenant_id uuid not null
column marts.quality_daily.weighted_kappa double precision
column marts.restatements.cause text not null
column marts.restatements.column_name text not null
column marts.restatements.mart text not null
column marts.restatements.metric_date date
column marts.restatements.new_number numeric
column marts.restatements.new_value text
column marts.restatements.old_number numeric
column marts.restatements.old_value text
column marts.restatements.restated_at timestamp with time zone not null
column marts.restatements.restatement_id bigint not null identity
column marts.restatements.row_key text not null
column marts.restatements.tenant_id uuid not null
column marts.restatements.version bigint not null
column marts.weekly_metrics.abandoned_cohort integer not null
column marts.weekly_metrics.abandoned_conversations integer not null
column marts.weekly_metrics.abandonment_rate double precision
column marts.weekly_metrics.abandonment_rate_denominator integer not null
column marts.weekly_metrics.abandonment_rate_high double precision
column marts.weekly_metrics.abandonment_rate_low double precision
column marts.weekly_metrics.abandonment_rate_numerator integer not null
column marts.weekly_metrics.ai_involved integer not null
column marts.weekly_metrics.ai_resolved_conversations integer not null
column marts.weekly_metrics.anonymous_conversations integer not null
column marts.weekly_metrics.assumed_pending integer not null
column marts.weekly_metrics.assumed_rate double precision
column marts.weekly_metrics.assumed_rate_denominator integer not null
column marts.weekly_metrics.assumed_rate_high double precision
column marts.weekly_metrics.assumed_rate_low double precision
column marts.weekly_metrics.assumed_rate_numerator integer not null
column marts.weekly_metrics.avg_conversation_length double precision
column marts.weekly_metrics.avg_csat double precision
column marts.weekly_metrics.avg_first_response_ms double precision
column marts.weekly_metrics.avg_resolution_ms double precision
column marts.weekly_metrics.avg_response_time_ms bigint
column marts.weekly_metrics.complete_days integer not null
column marts.weekly_metrics.confirmed_pending integer not null
column marts.weekly_metrics.confirmed_rate double precision
column marts.weekly_metrics.confirmed_rate_denominator integer not null
column marts.weekly_metrics.confirmed_rate_high double precision
column marts.weekly_metrics.confirmed_rate_low double precision
column marts.weekly_metrics.confirmed_rate_numerator integer not null
column marts.weekly_metrics.contained_pending integer not null
column marts.weekly_metrics.contained_rate double precision
column marts.weekly_metrics.contained_rate_denominator integer not null
column marts.weekly_metrics.contained_rate_high double precision
column marts.weekly_metrics.contained_rate_low double precision
column marts.weekly_metrics.contained_rate_numerator integer not null
column marts.weekly_metrics.csat_rate double precision
column marts.weekly_metrics.csat_rate_denominator integer not null
column marts.weekly_metrics.csat_rate_high double precision
column marts.weekly_metrics.csat_rate_low double precision
column marts.weekly_metrics.csat_rate_numerator integer not null
column marts.weekly_metrics.csat_response_rate double precision
column marts.weekly_metrics.csat_response_rate_denominator integer not null
column marts.weekly_metrics.csat_response_rate_high double precision
column marts.weekly_metrics.csat_response_rate_low double precision
column marts.weekly_metrics.csat_response_rate_numerator integer not null
column marts.weekly_metrics.durable_pending integer not null
column marts.weekly_metrics.durable_rate double precision
column marts.weekly_metrics.durable_rate_denominator integer not null
column marts.weekly_metrics.durable_rate_high double precision
column marts.weekly_metrics.durable_rate_low double precision
column marts.weekly_metrics.durable_rate_numerator integer not null
column marts.weekly_metrics.episodes_started integer not null
column marts.weekly_metrics.escalated_cohort integer not null
column marts.weekly_metrics.escalated_conversations integer not null
column marts.weekly_metrics.escalation_rate double precision
column marts.weekly_metrics.escalation_rate_denominator integer not null
column marts.weekly_metrics.escalation_rate_high double precision
column marts.weekly_metrics.escalation_rate_low double precision
column marts.weekly_metrics.escalation_rate_numerator integer not null
column marts.weekly_metrics.is_partial boolean not null
column marts.weekly_metrics.is_provisional boolean not null
column marts.weekly_metrics.low_confidence_replies integer not null
column marts.weekly_metrics.no_repeat_pending integer not null
column marts.weekly_metrics.no_repeat_rate double precision
column marts.weekly_metrics.no_repeat_rate_denominator integer not null
column marts.weekly_metrics.no_repeat_rate_high double precision
column marts.weekly_metrics.no_repeat_rate_low double precision
column marts.weekly_metrics.no_repeat_rate_numerator integer not null
column marts.weekly_metrics.open_cohort integer not null
column marts.weekly_metrics.open_rate double precision
column marts.weekly_metrics.open_rate_denominator integer not null
column marts.weekly_metrics.open_rate_high double precision
column marts.weekly_metrics.open_rate_low double precision
column marts.weekly_metrics.open_rate_numerator integer not null
column marts.weekly_metrics.p50_first_response_business_ms double precision
column marts.weekly_metrics.p50_first_response_ms double precision
column marts.weekly_metrics.p50_resolution_business_ms double precision
column marts.weekly_metrics.p50_resolution_ms double precision
column marts.weekly_metrics.p50_response_time_ms double precision
column marts.weekly_metrics.p90_first_response_ms double precision
column marts.weekly_metrics.p90_resolution_ms double precision
column marts.weekly_metrics.p90_response_time_ms double precision
column marts.weekly_metrics.p95_first_response_ms double precision
column marts.weekly_metrics.p95_response_time_ms double precision
column marts.weekly_metrics.published_version bigint not null
column marts.weekly_metrics.reopened_conversations integer not null
column marts.weekly_metrics.replies_with_confidence integer not null
column marts.weekly_metrics.resolution_rate double precision
column marts.weekly_metrics.resolution_rate_denominator integer not null
column marts.weekly_metrics.resolution_rate_high double precision
column marts.weekly_metrics.resolution_rate_low double precision
column marts.weekly_metrics.resolution_rate_numerator integer not null
column marts.weekly_metrics.resolutions integer not null
column marts.weekly_metrics.resolved_cohort integer not null
column marts.weekly_metrics.resolved_conversations integer not null
column marts.weekly_metrics.response_time_hist jsonb not null
column marts.weekly_metrics.response_time_sum_ms bigint not null
column marts.weekly_metrics.responses integer not null
column marts.weekly_metrics.responses_explicit integer not null
column marts.weekly_metrics.seed_resolution_rate double precision
column marts.weekly_metrics.silence_rate double precision
column marts.weekly_metrics.silence_rate_denominator integer not null
column marts.weekly_metrics.silence_rate_high double precision
column marts.weekly_metrics.silence_rate_low double precision
column marts.weekly_metrics.silence_rate_numerator integer not null
column marts.weekly_metrics.silent_cohort integer not null
column marts.weekly_metrics.tenant_id uuid not null
column marts.weekly_metrics.total_conversations integer not null
column marts.weekly_metrics.total_messages integer not null
column marts.weekly_metrics.unanswered_conversations integer not null
column marts.weekly_metrics.unique_customers integer not null
column marts.weekly_metrics.verified_of_contained_rate double precision
column marts.weekly_metrics.verified_of_contained_rate_denominator integer not null
column marts.weekly_metrics.verified_of_contained_rate_high double precision
column marts.weekly_metrics.verified_of_contained_rate_low double precision
column marts.weekly_metrics.verified_of_contained_rate_numerator integer not null
column marts.weekly_metrics.verified_pending integer not null
column marts.weekly_metrics.verified_rate double precision
column marts.weekly_metrics.week_start date not null
column ops.api_keys.created_at timestamp with time zone not null default now()
column ops.api_keys.expires_at timestamp with time zone
column ops.api_keys.key_id text not null
column ops.api_keys.last_used_at timestamp with time zone
column ops.api_keys.name text not null
column ops.api_keys.revoked_at timestamp with time zone
column ops.api_keys.scopes text[] not null
column ops.api_keys.secret_sha256 bytea not null
column ops.api_keys.tenant_ids uuid[] not null
column ops.bi_tenants.all_tenants boolean not null default false
column ops.bi_tenants.created_at timestamp with time zone not null default now()
column ops.bi_tenants.role_name name not null
column ops.bi_tenants.tenant_id uuid not null
column ops.cluster.only_row boolean not null default true
column ops.cluster.system_identifier bigint not null
column ops.event_partitions.day_from date not null
column ops.event_partitions.day_to date not null
column ops.event_partitions.partition_name name not null
column ops.idempotency.body_sha256 bytea not null
column ops.idempotency.created_at timestamp with time zone not null default now()
column ops.idempotency.idempotency_key text not null
column ops.idempotency.path text not null
column ops.idempotency.response text not null
column ops.idempotency.status integer not null
column ops.idempotency.tenant_id uuid not null
column ops.landed_files.accepted bigint not null
column ops.landed_files.duplicates bigint not null
column ops.landed_files.fingerprint text not null
column ops.landed_files.loaded_at timestamp with time zone not null
column ops.landed_files.quarantined bigint not null
column ops.landed_files.size_bytes bigint
column ops.landed_files.stream text not null
column ops.landed_files.tenant_id uuid not null
column ops.landed_files.url text not null
column ops.landing_problems.fingerprint text not null
column ops.landing_problems.problem text not null
column ops.landing_problems.tried_at timestamp with time zone not null
column ops.landing_problems.url text not null
column ops.migrations.app_version text not null
column ops.migrations.applied_at timestamp with time zone not null default now()
column ops.migrations.ms integer not null
column ops.migrations.name text not null
column ops.migrations.sha256 text not null
column ops.migrations.version text not null
column ops.portfolio_tenants.portfolio_id uuid not null
column ops.portfolio_tenants.tenant_id uuid not null
column ops.publish_cursor.as_of timestamp with time zone
column ops.publish_cursor.definition_hash text
column ops.publish_cursor.only_row boolean not null default true
column ops.publish_cursor.published_at timestamp with time zone
column ops.publish_cursor.run_id text
column ops.publish_cursor.version bigint not null default 0
column ops.publish_cursor.xid_to xid8 not null default '3'::xid8
column ops.refresh_state.finished_at timestamp with time zone
column ops.refresh_state.only_row boolean not null default true
column ops.refresh_state.reason text
column ops.refresh_state.run_id text
column ops.refresh_state.started_at timestamp with time zone
column ops.refresh_state.status text
column ops.stream_marks.complete_through timestamp with time zone not null
column ops.stream_marks.stream text not null
column ops.stream_marks.tenant_id uuid not null
column raw.agent_actions.action_type text not null
column raw.agent_actions.conversation_id text
column raw.agent_actions.event_data jsonb not null default '{}'::jsonb
column raw.agent_actions.event_id text not null
column raw.agent_actions.ingest_xid xid8 not null default pg_current_xact_id()
column raw.agent_actions.naive_timestamp boolean not null default false
column raw.agent_actions.occurred_at timestamp with time zone not null
column raw.agent_actions.outcome_type text not null
column raw.agent_actions.predicted_confidence double precision not null
column raw.agent_actions.received_at timestamp with time zone not null
column raw.agent_actions.rep_id text
column raw.agent_actions.tenant_id uuid not null
column raw.agent_actions.window_hours integer
column raw.collection_ledger.account_id uuid not null
column raw.collection_ledger.answered_count integer not null
column raw.collection_ledger.asked_count integer not null
column raw.collection_ledger.attempt smallint not null
column raw.collection_ledger.counted_calls integer not null
column raw.collection_ledger.edge text not null
column raw.collection_ledger.error_code integer
column raw.collection_ledger.error_subcode integer
column raw.collection_ledger.finished_at timestamp with time zone not null
column raw.collection_ledger.group_name text not null
column raw.collection_ledger.http_calls integer not null
column raw.collection_ledger.ingest_xid xid8 not null default pg_current_xact_id()
column raw.collection_ledger.ledger_id bigint not null identity
column raw.collection_ledger.media_product text
column raw.collection_ledger.metric text not null
column raw.collection_ledger.object_id text not null default ''::text
column raw.collection_ledger.object_type text not null
column raw.collection_ledger.period text not null
column raw.collection_ledger.plan_key text not null
column raw.collection_ledger.response_id uuid
column raw.collection_ledger.retry_after timestamp with time zone
column raw.collection_ledger.run_id text not null
column raw.collection_ledger.sample_slot text not null default ''::text
column raw.collection_ledger.state text not null
column raw.collection_ledger.tenant_id uuid not null
column raw.collection_ledger.window_end timestamp with time zone
column raw.collection_ledger.window_start timestamp with time zone
column raw.conversation_events.agent_id text
column raw.conversation_events.agent_kind text
column raw.conversation_events.channel text
column raw.conversation_events.closed_by text
column raw.conversation_events.confidence double precision
column raw.conversation_events.conversation_id text not null
column raw.conversation_events.customer_id text
column raw.conversation_events.event_data jsonb not null default '{}'::jsonb
column raw.conversation_events.event_id text not null
column raw.conversation_events.event_type text not null
column raw.conversation_events.ingest_xid xid8 not null default pg_current_xact_id()
column raw.conversation_events.message_kind text
column raw.conversation_events.model text
column raw.conversation_events.naive_timestamp boolean not null default false
column raw.conversation_events.occurred_at timestamp with time zone not null
column raw.conversation_events.received_at timestamp with time zone not null
column raw.conversation_events.response_time_ms bigint
column raw.conversation_events.tenant_id uuid not null
column raw.conversation_events.text text
column raw.event_ledger.body_hash uuid not null
column raw.event_ledger.event_id text not null
column raw.event_ledger.occurred_month date not null
column raw.event_ledger.stream_id smallint not null
column raw.event_ledger.tenant_id uuid not null
column raw.feedback.action_id text
column raw.feedback.comment text
column raw.feedback.conversation_id text
column raw.feedback.event_data jsonb not null default '{}'::jsonb
column raw.feedback.event_id text not null
column raw.feedback.ingest_xid xid8 not null default pg_current_xact_id()
column raw.feedback.naive_timestamp boolean not null default false
column raw.feedback.occurred_at timestamp with time zone not null
column raw.feedback.rating integer not null
column raw.feedback.received_at timestamp with time zone not null
column raw.feedback.reviewer_id text
column raw.feedback.reviewer_role text
column raw.feedback.source text not null
column raw.feedback.target_id text not null
column raw.feedback.target_type text not null
column raw.feedback.tenant_id uuid not null
column raw.graph_accounts.account_id uuid not null default gen_random_uuid()
column raw.graph_accounts.api_version text not null default 'v25.0'::text
column raw.graph_accounts.collect_from date
column raw.graph_accounts.data_access_expires_at timestamp with time zone
column raw.graph_accounts.day_rule_source text not null default 'default'::text
column raw.graph_accounts.display_name text
column raw.graph_accounts.graph_id text not null
column raw.graph_accounts.ig_day_boundary text
column raw.graph_accounts.ig_day_shift smallint
column raw.graph_accounts.ingest_xid xid8 not null default pg_current_xact_id()
column raw.graph_accounts.is_active boolean not null default true
column raw.graph_accounts.login_kind text not null
column raw.graph_accounts.parent_graph_id text
column raw.graph_accounts.platform text not null
column raw.graph_accounts.tenant_id uuid not null
column raw.graph_accounts.token_checked_at timestamp with time zone
column raw.graph_accounts.token_expires_at timestamp with time zone
column raw.graph_accounts.token_fingerprint text
column raw.graph_accounts.token_kind text not null
column raw.graph_accounts.token_ref text not null
column raw.graph_accounts.token_scopes text[]
column raw.graph_accounts.token_state text not null default 'unknown'::text
column raw.graph_accounts.updated_at timestamp with time zone not null
column raw.graph_budgets.app_id text not null
column raw.graph_budgets.blocked_by_code integer
column raw.graph_budgets.blocked_until timestamp with time zone
column raw.graph_budgets.call_pct numeric
column raw.graph_budgets.cpu_pct numeric
column raw.graph_budgets.last_usage jsonb
column raw.graph_budgets.next_send_at timestamp with time zone
column raw.graph_budgets.scope text not null
column raw.graph_budgets.scope_id text not null
column raw.graph_budgets.tenant_id uuid
column raw.graph_budgets.time_pct numeric
column raw.graph_budgets.updated_at timestamp with time zone not null
column raw.graph_budgets.use_case text not null default ''::text
column raw.graph_budgets.used_at timestamp with time zone
column raw.graph_objects.account_id uuid not null
column raw.graph_objects.ingest_xid xid8 not null default pg_current_xact_id()
column raw.graph_objects.is_deleted boolean not null default false
column raw.graph_objects.media_product text
column raw.graph_objects.media_type text
column raw.graph_objects.message text
column raw.graph_objects.object_id text not null
column raw.graph_objects.object_type text not null
column raw.graph_objects.observed_at timestamp with time zone not null
column raw.graph_objects.permalink text
column raw.graph_objects.published_at timestamp with time zone
column raw.graph_objects.revision integer not null
column raw.graph_objects.tenant_id uuid not null
column raw.graph_responses.account_id uuid not null
column raw.graph_responses.attempt smallint not null
column raw.graph_responses.batch_index smallint
column raw.graph_responses.body jsonb
column raw.graph_responses.duration_ms integer
column raw.graph_responses.edge text not null
column raw.graph_responses.error_code integer
column raw.graph_responses.error_subcode integer
column raw.graph_responses.fetched_at timestamp with time zone not null
column raw.graph_responses.http_status smallint
column raw.graph_responses.ingest_xid xid8 not null default pg_current_xact_id()
column raw.graph_responses.is_purged boolean not null default false
column raw.graph_responses.method text not null
column raw.graph_responses.params jsonb not null
column raw.graph_responses.path text not null
column raw.graph_responses.plan_key text not null
column raw.graph_responses.requested_version text not null
column raw.graph_responses.response_id uuid not null
column raw.graph_responses.run_id text not null
column raw.graph_responses.served_version text
column raw.graph_responses.tenant_id uuid not null
column raw.graph_responses.usage jsonb
column raw.metric_observations.account_id uuid not null
column raw.metric_observations.catalogue_version text not null
column raw.metric_observations.dim_key text not null default ''::text
column raw.metric_observations.dim_value text not null default ''::text
column raw.metric_observations.fact_id uuid not null
column raw.metric_observations.group_name text not null
column raw.metric_observations.ingest_xid xid8 not null default pg_current_xact_id()
column raw.metric_observations.is_final boolean not null
column raw.metric_observations.media_product text
column raw.metric_observations.metric text not null
column raw.metric_observations.object_id text not null
column raw.metric_observations.object_type text not null
column raw.metric_observations.observed_at timestamp with time zone not null
column raw.metric_observations.period text not null
column raw.metric_observations.platform text not null
column raw.metric_observations.raw_end_time text
column raw.metric_observations.response_id uuid not null
column raw.metric_observations.revision integer not null
column raw.metric_observations.sample_slot text not null default ''::text
column raw.metric_observations.state text not null
column raw.metric_observations.tenant_id uuid not null
column raw.metric_observations.value numeric
column raw.metric_observations.window_end timestamp with time zone
column raw.metric_observations.window_start timestamp with time zone
column raw.outcome_signals.action_id text not null
column raw.outcome_signals.event_data jsonb not null default '{}'::jsonb
column raw.outcome_signals.event_id text not null
column raw.outcome_signals.ingest_xid xid8 not null default pg_current_xact_id()
column raw.outcome_signals.naive_timestamp boolean not null default false
column raw.outcome_signals.occurred_at timestamp with time zone not null
column raw.outcome_signals.outcome_score double precision
column raw.outcome_signals.outcome_status text not null
column raw.outcome_signals.received_at timestamp with time zone not null
column raw.outcome_signals.signal_source text not null
column raw.outcome_signals.tenant_id uuid not null
column raw.quality_scores.accuracy double precision
column raw.quality_scores.completeness double precision
column raw.quality_scores.conversation_id text not null
column raw.quality_scores.error text
column raw.quality_scores.event_data jsonb not null default '{}'::jsonb
column raw.quality_scores.event_id text not null
column raw.quality_scores.helpfulness double precision
column raw.quality_scores.ingest_xid xid8 not null default pg_current_xact_id()
column raw.quality_scores.naive_timestamp boolean not null default false
column raw.quality_scores.occurred_at timestamp with time zone not null
column raw.quality_scores.politeness double precision
column raw.quality_scores.received_at timestamp with time zone not null
column raw.quality_scores.scorer text not null
column raw.quality_scores.scorer_kind text not null
column raw.quality_scores.tenant_id uuid not null
column raw.quarantine.detail text not null
column raw.quarantine.event_id text
column raw.quarantine.first_seen timestamp with time zone not null default now()
column raw.quarantine.ingest_xid xid8 not null default pg_current_xact_id()
column raw.quarantine.last_seen timestamp with time zone not null default now()
column raw.quarantine.payload text not null
column raw.quarantine.payload_encoding text not null default 'json'::text
column raw.quarantine.payload_hash uuid not null
column raw.quarantine.quarantine_id bigint not null identity
column raw.quarantine.reason text not null
column raw.quarantine.replayed_at timestamp with time zone
column raw.quarantine.source text
column raw.quarantine.stream text not null
column raw.quarantine.tenant_id uuid
column raw.quarantine.times_seen integer not null default 1
column raw.streams.stream text not null
column raw.streams.stream_id smallint not null identity
column raw.tenant_parameters.ingest_xid xid8 not null default pg_current_xact_id()
column raw.tenant_parameters.parameter text not null
column raw.tenant_parameters.parameter_id bigint not null identity
column raw.tenant_parameters.recorded_at timestamp with time zone not null default now()
column raw.tenant_parameters.tenant_id uuid not null
column raw.tenant_parameters.valid_from date
column raw.tenant_parameters.value jsonb not null
column raw.tenants.created_at timestamp with time zone not null default now()
column raw.tenants.currency text not null
column raw.tenants.industry_vertical text
column raw.tenants.name text not null
column raw.tenants.slug text not null
column raw.tenants.tenant_id uuid not null
column raw.touch_marks.cause text not null
column raw.touch_marks.created_at timestamp with time zone not null default now()
column raw.touch_marks.date_from date not null
column raw.touch_marks.date_to date not null
column raw.touch_marks.ingest_xid xid8 not null default pg_current_xact_id()
column raw.touch_marks.mark_id bigint not null identity
column raw.touch_marks.scope text not null
column raw.touch_marks.tenant_id uuid
comment build.run_window 'One row: raw rows with xid_from <= ingest_xid < xid_to are new in this run; nothing after as_of exists.'
comment build.run_window.as_of_from 'as_of of the last publish; NULL before the first.'
comment build.run_window.built_at 'When all models of this run were built and all tests had passed; NULL before. Only then may the run publish.'
comment build.run_window.cause 'Why the whole history is recomputed, where that is not explained by new rows.'
comment build.run_window.follows_published 'Whether the run before this one was published: only then is all that it left in build known to be whole.'
comment build.run_window.marts 'Marts that this run builds, because something of them is touched; NULL: all.'
comment build.touched_backlog 'Touched cells of runs that never published: they join the cells of the next run.'
comment marts.account_reach 'One row per account, metric, length of window and last day. Unique accounts of Pages and Instagram accounts in windows of 1, 7 and 28 days, as Meta counted them over the whole window. They cannot be added: sum_of_days shows what that would give, overstatement_pct by how much it is wrong. Calendar months are not told by Meta.'
comment marts.account_reach.account_id 'The Page or Instagram account. Unit: identifier.'
comment marts.account_reach.day_basis 'The calendar of the window: pacific for Pages, for Instagram as the account says; account is the tenant''s zone. Unit: pacific | utc | account.'
comment marts.account_reach.is_provisional 'Whether the answer came less than 72 hours after the window''s end, so that Meta may still restate it. Unit: true | false.'
comment marts.account_reach.metric_name 'reach: accounts that saw anything; accounts_engaged: accounts that did anything with it. Unit: reach | accounts_engaged.'
comment marts.account_reach.observed_at 'When Meta last gave another answer than before. Unit: UTC instant.'
comment marts.account_reach.overstatement_pct 'By how much adding days overstates the window. NULL unless both are known and the window is not empty. Formula: 100 * (sum_of_days - unique_accounts) / unique_accounts. Unit: percent.'
comment marts.account_reach.paid_scope 'Whether ads are in the number. NULL where the question makes no sense. Unit: organic | paid | all | unstated.'
comment marts.account_reach.platform 'Where the account is. Unit: facebook | instagram.'
comment marts.account_reach.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.account_reach.source_metric 'Meta''s name of the metric. Unit: name.'
comment marts.account_reach.source_period 'Meta''s period: day, week and days_28 are stamps of a Page, day of an Instagram account is the window that was asked for. Unit: name.'
comment marts.account_reach.state 'Why unique_accounts is unknown: empty (Meta had nothing to say), zero_provisional (a 0 soon after the end, perhaps not counted yet), below_threshold (too few people); ok if it is known. Unit: ok | empty | zero_provisional | below_threshold.'
comment marts.account_reach.sum_of_days 'What adding the days of the window would give, for comparison only. NULL unless every day is known. Formula: sum of unique_accounts of the single days. Unit: accounts.'
comment marts.account_reach.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.account_reach.unique_accounts 'Accounts counted once over the whole window, as Meta gave them; never computed from days. NULL while unknown: see state. Unit: accounts.'
comment marts.account_reach.window_days 'Length of the window. A week from Monday to Sunday is the row of 7 days that ends on the Sunday. Unit: 1 | 7 | 28.'
comment marts.account_reach.window_end_date 'Last day of the window, on the calendar that day_basis names. Unit: date.'
comment marts.account_reach.window_start_date 'First day of the window. Formula: window_end_date - window_days + 1. Unit: date.'
comment marts.calibration_adjustments 'One row per tenant, action type and label policy. The replaced system''s recommendation, kept for comparison: one threshold moved by the signed average of all gaps, which cancels where they oppose each other. calibration_map is the better remedy.'
comment marts.calibration_adjustments.action_type 'What the agent did, as sent. Unit: name.'
comment marts.calibration_adjustments.avg_gap 'Mean gap of the qualifying bins from their middle, with its sign. NULL without such a bin. Formula: sum of n (bin_midpoint - actual_rate) / sum of n. Unit: difference of probabilities.'
comment marts.calibration_adjustments.direction 'decrease when forecasts are too high, increase when too low. NULL while |avg_gap| does not exceed .15. Unit: name.'
comment marts.calibration_adjustments.has_opposing_gaps 'Whether one qualifying bin is more than .15 too high and another more than .15 too low: then the average hides both. Unit: true | false.'
comment marts.calibration_adjustments.label_policy 'Which outcomes count as failures: headline, resolved_only (the cohort of the replaced system) or expired_as_negative. Unit: name.'
comment marts.calibration_adjustments.magnitude 'By how much. NULL without a direction. Formula: least(|avg_gap|, 0.10). Unit: threshold.'
comment marts.calibration_adjustments.new_threshold 'The threshold recommended. NULL without a direction. Formula: old_threshold -/+ magnitude, within 0.5..1.5. Unit: threshold.'
comment marts.calibration_adjustments.old_threshold 'Always 1: the original never applied what it recommended. Unit: threshold.'
comment marts.calibration_adjustments.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.calibration_adjustments.qualifying_bins 'Bins with at least 10 labelled actions. Unit: count.'
comment marts.calibration_adjustments.qualifying_samples 'Labelled actions in them. Unit: count.'
comment marts.calibration_adjustments.reason 'The original sentence, the gap without its sign. NULL without a direction. Unit: text.'
comment marts.calibration_adjustments.recommended_by 'Always seed_rule: the rule of the replaced system. Unit: name.'
comment marts.calibration_adjustments.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.calibration_bins 'One row per tenant, action type, label policy and bin. Forecasts of an action type in ten bins, and what came of them, under each label policy. Always ten rows: an empty bin has counts of 0 and no rates.'
comment marts.calibration_bins.action_type 'What the agent did, as sent. Unit: name.'
comment marts.calibration_bins.actual_rate 'Share of the labelled actions that succeeded. NULL without labelled rows. Formula: outcome_sum / sample_count. Unit: rate 0..1.'
comment marts.calibration_bins.actual_rate_high 'Upper end of the 95 % interval of actual_rate. NULL without labelled rows. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.calibration_bins.actual_rate_low 'Lower end of the 95 % interval of actual_rate. NULL without labelled rows. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.calibration_bins.ambiguous_count 'Actions of the bin of which the evidence decides nothing. Unit: count.'
comment marts.calibration_bins.bin_index 'Bin of the forecasts: 0 holds [0, .1), 9 holds [.9, 1]. Unit: 0..9.'
comment marts.calibration_bins.bin_lower 'Lowest forecast of the bin. Formula: bin_index / 10. Unit: probability 0..1.'
comment marts.calibration_bins.bin_midpoint 'Middle of the bin, which the replaced system took for its forecast. Formula: (bin_index + 0.5) / 10. Unit: probability 0..1.'
comment marts.calibration_bins.bin_upper 'Upper end of the bin; only in the last bin a forecast of its own. Formula: (bin_index + 1) / 10. Unit: probability 0..1.'
comment marts.calibration_bins.brier_contribution 'The original figure: squared gap from the middle of the bin, no part of a Brier score. NULL without labelled rows. Formula: (bin_midpoint - actual_rate)². Unit: squared probability.'
comment marts.calibration_bins.calibration_gap 'How much too high the forecasts were; below 0 too low. NULL without labelled rows. Formula: mean_confidence - actual_rate. Unit: difference of probabilities.'
comment marts.calibration_bins.expired_count 'Actions of the bin whose window ended without evidence, labelled or not. Unit: count.'
comment marts.calibration_bins.gap_midpoint 'The gap as the replaced system saw it, from the middle of the bin. NULL without labelled rows. Formula: bin_midpoint - actual_rate. Unit: difference of probabilities.'
comment marts.calibration_bins.isotonic_rate 'Mean isotonic rate of the labelled actions: the rates that rise with the forecast and come closest to what happened. NULL without labelled rows. Formula: mean CORP fit (Dimitriadis, Gneiting and Jordan 2021). Unit: rate 0..1.'
comment marts.calibration_bins.label_policy 'Which outcomes count as failures: headline, resolved_only (the cohort of the replaced system) or expired_as_negative. Unit: name.'
comment marts.calibration_bins.last_updated 'When the newest of the labelled outcomes was known. NULL without labelled rows. Formula: max(coalesce(detected_at, window_expires_at)). Unit: instant.'
comment marts.calibration_bins.mean_confidence 'Mean forecast of the labelled actions. NULL without labelled rows. Unit: probability 0..1.'
comment marts.calibration_bins.meets_min_samples 'Whether the bin has at least 10 labelled actions. Formula: sample_count >= 10. Unit: true | false.'
comment marts.calibration_bins.outcome_sum 'Labelled actions that succeeded. Formula: sum of the labels. Unit: count.'
comment marts.calibration_bins.pending_count 'Actions of the bin without evidence whose window has not ended. Unit: count.'
comment marts.calibration_bins.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.calibration_bins.sample_count 'Actions of the bin with a label under the policy. Unit: count.'
comment marts.calibration_bins.sample_count_matured 'Labelled actions whose window has ended. Fewer than sample_count only under resolved_only. Unit: count.'
comment marts.calibration_bins.sum_squared_error 'Squared errors of the forecasts: summed over bins and divided by their rows, the Brier score. NULL without labelled rows. Formula: sum of (confidence - label)². Unit: squared probability.'
comment marts.calibration_bins.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.calibration_history 'One row per tenant, action type and complete local day. Calibration of the headline at the end of each complete local day since the first matured outcome, of all outcomes matured by then with the labels they have today. A day may change afterwards: evidence may come late.'
comment marts.calibration_history.action_type 'What the agent did, as sent. Unit: name.'
comment marts.calibration_history.as_of_date 'Local day at whose end the figures hold. Unit: local date.'
comment marts.calibration_history.base_rate 'Share of them that succeeded. Never NULL: the first day has an outcome. Formula: positives / n. Unit: rate 0..1.'
comment marts.calibration_history.binned_calibration_error 'What the replaced system called Brier score. NULL without a bin of at least 10. Formula: sum of n (bin_midpoint - actual_rate)² / sum of n. Unit: squared probability.'
comment marts.calibration_history.brier_score 'Mean squared error of the forecasts. Never NULL. Formula: mean (confidence - label)². Unit: squared probability.'
comment marts.calibration_history.citl_z 'How much too high the forecasts were on average, in standard errors. NULL when every forecast is 0 or 1. Formula: sum of (p - y) / sqrt(sum of p (1 - p)). Unit: standard errors.'
comment marts.calibration_history.debiased_rmsce 'Size of the miscalibration less what chance alone gives; at or below 0 there is no evidence of any. Never NULL. Formula: sign * sqrt(abs(debiased squared error)). Unit: difference of probabilities.'
comment marts.calibration_history.e_value 'What bets against calibration had won by then. Never NULL. Unit: ratio.'
comment marts.calibration_history.ece 'Mean gap of the bins. Never NULL. Formula: sum of n |mean_confidence - actual_rate| / sum of n. Unit: difference of probabilities.'
comment marts.calibration_history.is_calibrated 'No once the alarm has fired, or when the test and the size of the error agree; otherwise yes. NULL below 50 outcomes. Unit: true | false.'
comment marts.calibration_history.mean_confidence 'Their mean forecast. Never NULL. Unit: probability 0..1.'
comment marts.calibration_history.n 'Matured and labelled outcomes. Unit: count.'
comment marts.calibration_history.positives 'Those that succeeded. Unit: count.'
comment marts.calibration_history.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.calibration_history.spiegelhalter_z 'Test of calibration. NULL when every forecast is 0, 1/2 or 1. Formula: sum of (y - p)(1 - 2p) / sqrt(sum of (1 - 2p)² p (1 - p)). Unit: standard errors.'
comment marts.calibration_history.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.calibration_map 'One row per tenant, action type and raw confidence in steps of .01. What an agent reads back: for each raw confidence from 0 to 1 the calibrated one, with the evidence behind it. Headline labels. Recalibrate with it, then set the parameter calibration_since.'
comment marts.calibration_map.action_type 'What the agent did, as sent. Unit: name.'
comment marts.calibration_map.block_high 'Highest forecast of that block. NULL without matured and labelled outcomes. Unit: probability 0..1.'
comment marts.calibration_map.block_low 'Lowest forecast of the block of equal isotonic rates that holds p_raw; below all forecasts the first block. NULL without matured and labelled outcomes. Unit: probability 0..1.'
comment marts.calibration_map.block_n 'Outcomes of that block. NULL without matured and labelled outcomes. Unit: count.'
comment marts.calibration_map.block_rate 'Share of them that succeeded: the isotonic rate. NULL without matured and labelled outcomes. Unit: rate 0..1.'
comment marts.calibration_map.n 'Matured and labelled outcomes of the action type. Unit: count.'
comment marts.calibration_map.p_calibrated 'What to believe instead: block_rate drawn towards p_raw as by 20 outcomes, never falling as p_raw rises; p_raw itself below 200 outcomes. Formula: running max of (block_n block_rate + 20 p_raw) / (block_n + 20). Unit: probability 0..1.'
comment marts.calibration_map.p_raw 'Confidence as the agent predicts it. Unit: probability 0..1.'
comment marts.calibration_map.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.calibration_map.status 'no_data, low_n (below 200: the map changes nothing) or ok. Unit: name.'
comment marts.calibration_map.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.calibration_summary 'One row per tenant, action type and label policy. Whether the forecasts of an action type came true, under each label policy: proper scores beside the figures of the replaced system, with the evidence for and against calibration.'
comment marts.calibration_summary.action_type 'What the agent did, as sent. Unit: name.'
comment marts.calibration_summary.auc 'Chance that a success had a higher forecast than a failure, equal ones counted half. NULL while all outcomes are alike. Formula: (sum of mid-ranks of positives - n1 (n1 + 1) / 2) / (n1 n0). Unit: probability 0..1.'
comment marts.calibration_summary.auc_se 'Standard error of auc. NULL while all outcomes are alike. Formula: Hanley and McNeil (1982). Unit: probability.'
comment marts.calibration_summary.base_rate 'Share of the labelled actions that succeeded. NULL without labelled rows. Formula: positives / n. Unit: rate 0..1.'
comment marts.calibration_summary.base_rate_anytime_high 'Upper end of a 95 % interval that also holds when looked at every day. NULL without labelled rows. Formula: base_rate + 1/2 sqrt(2 (n ρ² + 1) / (n² ρ²) ln(sqrt(n ρ² + 1) / .05)), Robbins (1970). Unit: rate 0..1.'
comment marts.calibration_summary.base_rate_anytime_low 'Lower end of a 95 % interval that also holds when looked at every day. NULL without labelled rows. Formula: base_rate - 1/2 sqrt(2 (n ρ² + 1) / (n² ρ²) ln(sqrt(n ρ² + 1) / .05)), Robbins (1970). Unit: rate 0..1.'
comment marts.calibration_summary.base_rate_high 'Upper end of the 95 % interval of base_rate. NULL without labelled rows. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.calibration_summary.base_rate_low 'Lower end of the 95 % interval of base_rate. NULL without labelled rows. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.calibration_summary.binned_calibration_error 'What the replaced system called Brier score: midpoints against rates of bins of at least 10. Not a Brier score: it says nothing of how sharp the forecasts are. NULL without such a bin. Formula: sum of n (bin_midpoint - actual_rate)² / sum of n. Unit: squared probability.'
comment marts.calibration_summary.brier_score 'Mean squared error of the forecasts: 0 is perfect, .25 is what always saying .5 gives. NULL without labelled rows. Formula: mean (confidence - label)² (Brier 1950). Unit: squared probability.'
comment marts.calibration_summary.brier_skill_score 'How much better than always forecasting base_rate; below 0 is worse. NULL while all outcomes are alike. Formula: 1 - brier_score / uncertainty. Unit: ratio.'
comment marts.calibration_summary.citl 'How much too high the forecasts were on average (calibration in the large). NULL without labelled rows. Formula: mean_confidence - base_rate. Unit: difference of probabilities.'
comment marts.calibration_summary.citl_z 'citl in units of its standard error under calibration. NULL when every forecast is 0 or 1, or there is none. Formula: sum of (p - y) / sqrt(sum of p (1 - p)). Unit: standard errors.'
comment marts.calibration_summary.corp_discrimination 'How much better the recalibrated forecasts are than base_rate. NULL without labelled rows. Formula: uncertainty - mean (isotonic fit - label)². Unit: squared probability.'
comment marts.calibration_summary.corp_is_rounded 'Whether forecasts were rounded to three places for the isotonic fit, because more than 20,000 are distinct. Unit: true | false.'
comment marts.calibration_summary.corp_miscalibration 'Part of the Brier score that the best rising recalibration would take away, without any choice of bins. NULL without labelled rows. Formula: brier_score - mean (isotonic fit - label)². Unit: squared probability.'
comment marts.calibration_summary.debiased_rmsce 'Root of debiased_squared_error with its sign: the size of the miscalibration. NULL without labelled rows. Formula: sign * sqrt(abs(debiased_squared_error)). Unit: difference of probabilities.'
comment marts.calibration_summary.debiased_squared_error 'Squared gaps of the bins less what chance alone gives; at or below 0 there is no evidence of any. NULL without labelled rows. Formula: sum of n ((c - r)² - r (1 - r) / (n - 1)) / sum of n (Kumar et al. 2019). Unit: squared probability.'
comment marts.calibration_summary.direction 'calibrated, overconfident, underconfident, or unclear: too few outcomes, or miscalibrated without leaning to one side. Formula: n < 50: unclear; is_calibrated: calibrated; |citl_z| >= 1.96: by the sign of citl; else unclear. Unit: name.'
comment marts.calibration_summary.e_alarm_at 'End of the window of the outcome at which e_value first reached 20, which a calibrated agent ever does with a chance of at most 5 %, however often one looks. NULL while there was no alarm. Unit: instant.'
comment marts.calibration_summary.e_alarm_n 'How many outcomes it took until the alarm, the first of each conversation only. NULL while there was no alarm. Unit: count.'
comment marts.calibration_summary.e_value 'What bets against calibration have won by now, for a stake of 1. NULL but for the headline, and there without labelled rows. Formula: mean over λ of exp(sum of ln(1 + λ (label - confidence))). Unit: ratio.'
comment marts.calibration_summary.e_value_max 'Highest e_value ever. NULL where e_value is. Unit: ratio.'
comment marts.calibration_summary.ece 'Mean gap of the bins. A perfectly calibrated agent shows .10 at 50 outcomes and .03 at 500: it gates nothing. NULL without labelled rows. Formula: sum of n |mean_confidence - actual_rate| / sum of n. Unit: difference of probabilities.'
comment marts.calibration_summary.ece_midpoint 'ece with the middle of the bin for its forecast, as the replaced system computed gaps. NULL without labelled rows. Formula: sum of n |bin_midpoint - actual_rate| / sum of n. Unit: difference of probabilities.'
comment marts.calibration_summary.is_calibrated 'No once the alarm has fired, or when spiegelhalter_p < .01 and debiased_rmsce > .05; otherwise yes. NULL below 50 outcomes. Unit: true | false.'
comment marts.calibration_summary.label_policy 'Which outcomes count as failures: headline, resolved_only (the cohort of the replaced system) or expired_as_negative. Unit: name.'
comment marts.calibration_summary.log_loss 'Mean surprise of the forecasts, which are kept 1e-15 away from 0 and 1. NULL without labelled rows. Formula: -mean(label ln p + (1 - label) ln(1 - p)). Unit: nats.'
comment marts.calibration_summary.mce 'Largest gap of any bin. NULL without labelled rows. Formula: max |mean_confidence - actual_rate|. Unit: difference of probabilities.'
comment marts.calibration_summary.mean_confidence 'Mean forecast of the labelled actions. NULL without labelled rows. Unit: probability 0..1.'
comment marts.calibration_summary.n 'Actions with a label under the policy. Unit: count.'
comment marts.calibration_summary.positives 'Labelled actions that succeeded. Unit: count.'
comment marts.calibration_summary.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.calibration_summary.reliability 'Part of the Brier score that recalibration would take away. NULL without labelled rows. Formula: sum of n (c - r)² / sum of n (Murphy 1973). Unit: squared probability.'
comment marts.calibration_summary.resolution 'Part of the Brier score that the forecasts gain by telling cases apart. NULL without labelled rows. Formula: sum of n (r - base_rate)² / sum of n. Unit: squared probability.'
comment marts.calibration_summary.seed_is_calibrated 'The original verdict, which a gap of 38 points everywhere passes. NULL where binned_calibration_error is. Formula: binned_calibration_error < 0.15. Unit: true | false.'
comment marts.calibration_summary.spiegelhalter_p 'Two-sided p-value of spiegelhalter_z, for one look only. NULL where that is. Unit: probability 0..1.'
comment marts.calibration_summary.spiegelhalter_z 'Test of calibration: the Brier score against what it would be were the forecasts true. NULL when every forecast is 0, 1/2 or 1, or there is none. Formula: sum of (y - p)(1 - 2p) / sqrt(sum of (1 - 2p)² p (1 - p)) (Spiegelhalter 1986). Unit: standard errors.'
comment marts.calibration_summary.status 'no_data, low_n (below 50), provisional (some window has not ended) or ok. Unit: name.'
comment marts.calibration_summary.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.calibration_summary.uncertainty 'Brier score of always forecasting base_rate. NULL without labelled rows. Formula: base_rate (1 - base_rate). Unit: squared probability.'
comment marts.calibration_summary.within_bin_covariance 'What bins hide of their skill: how label and forecast go together inside the bins. NULL without labelled rows. Formula: 2 mean (label - r)(confidence - c). Unit: squared probability.'
comment marts.calibration_summary.within_bin_variance 'What bins hide of the forecasts: their spread inside the bins. NULL without labelled rows. Formula: mean (confidence - c)² (Stephenson et al. 2008). Unit: squared probability.'
comment marts.coaching_patterns 'One row per tenant, window, dimension and segment. Segments of actions (an hour, a channel, a persona, …) with at least 5 matured and labelled actions of the last 90 or 30 local days, as_of''s day the last of them, each compared with the rest of its scope. What the run finds now: rows leave with their window. An action without a value of a dimension is no segment, but part of the rest.'
comment marts.coaching_patterns.confidence 'How sure it is that this is no chance finding. NULL without a rest. Formula: least(1 - q_value, 0.99). Unit: probability.'
comment marts.coaching_patterns.description 'What was found, with n and interval. Unit: text.'
comment marts.coaching_patterns.difference 'How much more often the segment succeeds than the rest. NULL without a rest. Formula: success_rate - rest_rate. Unit: difference of rates.'
comment marts.coaching_patterns.difference_high 'Upper end of the 95 % interval of difference. NULL without a rest. Formula: upper end of Newcombe''s hybrid score 95 % interval. Unit: difference of rates.'
comment marts.coaching_patterns.difference_low 'Lower end of the 95 % interval of difference. NULL without a rest. Formula: lower end of Newcombe''s hybrid score 95 % interval. Unit: difference of rates.'
comment marts.coaching_patterns.dimension 'By what actions are told apart: action_type, outcome_type, hour, weekday, deal_stage, channel, persona or escalation_trigger. Unit: name.'
comment marts.coaching_patterns.eb_rate 'success_rate drawn towards the mean of the dimension''s listed segments, the more so the fewer actions there are. NULL when only one segment is listed. Formula: (positives + mu M) / (n + M); mu where segments differ by no more than chance. Unit: rate 0..1.'
comment marts.coaching_patterns.is_actionable 'Whether to act on it: q_value at most .10, at least 20 actions, at least 5 points of difference, and no simpson_flag. Unit: true | false.'
comment marts.coaching_patterns.is_improvement_area 'Whether the whole interval of success_rate lies below the rate of all the tenant''s actions of the window. Formula: success_rate_high < base rate. Unit: true | false.'
comment marts.coaching_patterns.mh_difference 'Difference within outcome types (within action types where the dimension is outcome_type), averaged by Mantel and Haenszel. NULL when no stratum has both the segment and a rest. Formula: sum of (a n0 - c n1) / N over sum of n1 n0 / N. Unit: difference of rates.'
comment marts.coaching_patterns.n 'Matured actions of the segment with a headline label, at least 5. Unit: count.'
comment marts.coaching_patterns.outcome_type 'Scope of the comparison: escalation_result for escalation_trigger, otherwise `*`, which is all outcome types together. Unit: name.'
comment marts.coaching_patterns.p_value 'How often chance alone makes such a difference, in either direction. NULL without a rest. Formula: two-sided, of the test named by test. Unit: probability.'
comment marts.coaching_patterns.pattern_id 'The key as one short name, the same in every run. Unit: identifier.'
comment marts.coaching_patterns.pattern_type 'Kind of pattern: action_effectiveness, stage_insight (outcome_type, deal_stage), time_correlation (hour, weekday), channel_preference, persona_effectiveness or escalation_pattern. Unit: name.'
comment marts.coaching_patterns.positives 'Those of them with the label 1. Unit: count.'
comment marts.coaching_patterns.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.coaching_patterns.q_value 'Share of chance findings among all patterns of the window that are at least as sure (Benjamini and Hochberg). NULL without a rest. Formula: running minimum, from the largest p down, of p tests / place, at most 1. Unit: probability.'
comment marts.coaching_patterns.rank 'Place among all patterns of the window: 1 is the best by success_rate_low, equal ones by larger n, then by key. Unit: place.'
comment marts.coaching_patterns.recommendation 'What to do with it, or why nothing. Unit: text.'
comment marts.coaching_patterns.rest_n 'Matured and labelled actions of the same scope outside the segment, those without a value of the dimension included. Unit: count.'
comment marts.coaching_patterns.rest_positives 'Those of them with the label 1. Unit: count.'
comment marts.coaching_patterns.rest_rate 'Share of the rest that succeeded. NULL without a rest. Formula: rest_positives / rest_n. Unit: rate 0..1.'
comment marts.coaching_patterns.sample_adequacy 'What the original called confidence: how far the number of actions goes. Formula: least(n / 50, 1), for escalations n / 30. Unit: share 0..1.'
comment marts.coaching_patterns.seed_difference 'Original: seed_success_rate less that of the whole scope, the segment included. NULL when nothing is closed, which no listed segment is. Unit: difference of rates.'
comment marts.coaching_patterns.seed_is_improvement_area 'Original: whether seed_success_rate is below .40, whatever the base. Unit: true | false.'
comment marts.coaching_patterns.seed_is_pattern 'Original: whether it would have been reported: an action type beyond 5 points of difference, an outcome type below .30, every escalation trigger. The original looked at no other dimension. Unit: true | false.'
comment marts.coaching_patterns.seed_success_rate 'Original: rate over everything that is not pending, matured or not. NULL when nothing is closed, which no listed segment is. Formula: positive / (actions - pending). Unit: rate 0..1.'
comment marts.coaching_patterns.segment 'Value of the dimension; hours are 00 to 23 and weekdays 1 (Monday) to 7, both local, deal_stage is that at creation. Free text is cut to 200 characters. Unit: text.'
comment marts.coaching_patterns.simpson_flag 'Whether mh_difference has the opposite sign of difference: then the mix of types makes the difference. NULL when mh_difference is, or without a rest. Unit: true | false.'
comment marts.coaching_patterns.success_rate 'Share of the segment''s actions that succeeded. Formula: positives / n. Unit: rate 0..1.'
comment marts.coaching_patterns.success_rate_high 'Upper end of the 95 % interval of success_rate. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.coaching_patterns.success_rate_low 'Lower end of the 95 % interval of success_rate. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.coaching_patterns.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.coaching_patterns.test 'z, or fisher (exact) where some expected count is below 5. NULL without a rest. Unit: name.'
comment marts.coaching_patterns.window_days 'How many local days are looked at, the one that holds as_of the last of them: 90 (the original''s) or 30. Unit: days.'
comment marts.coaching_patterns.z 'The difference in units of its pooled standard error, whichever test p_value is of. NULL without a rest, and where all succeeded or all failed. Formula: difference / sqrt(p (1 - p) (1 / n + 1 / rest_n)), p over both. Unit: standard errors.'
comment marts.collection_health 'One row per account, local day and metric, or * for the account. How well the collection of Meta''s metrics goes, by local day: what was asked and answered, why the rest was not, how much of Meta''s limits is used, how long token and version will last, and up to which day the figures are complete and final. Row * is the account, the others are its metrics.'
comment marts.collection_health.account_id 'The Page or Instagram account. Unit: identifier.'
comment marts.collection_health.answered_count 'What of it came, if only as an empty value. NULL where asked_count is. Unit: count.'
comment marts.collection_health.answered_rate 'Share of what was asked for that came. NULL where nothing was asked. Objects do not have all metrics of their kind, so it need not be 1. Formula: answered_count / asked_count. Unit: 0..1.'
comment marts.collection_health.asked_count 'What was asked for, each item of work once a day however often it was sent: metrics of all items, or answers to this one. NULL for metrics of posts, of which the ledger names only those that were refused, and for a metric in quarantine, which nobody asks for. Unit: count.'
comment marts.collection_health.below_threshold_count 'Rows of the ledger that have too few people: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.collection_date 'The tenant''s local day on which requests ended (of the ledger''s finished_at), not the day that their values tell of. Days without any request are there too. Unit: date.'
comment marts.collection_health.counted_calls 'Calls that Meta counts for them: every item of a batch. NULL on rows of single metrics. Unit: count.'
comment marts.collection_health.data_through 'Last day, on the platform''s calendar, up to which all days since collection began are complete and final: each of them was asked for in every call group of days and had its last word, if only a refusal, 72 hours or more after its end, and known by the end of collection_date. NULL until the first day is. NULL on rows of single metrics. Unit: date.'
comment marts.collection_health.day_rule_source 'Where the rule comes from that says where days of the account begin: default is not measured. NULL on rows of single metrics. Unit: default | calibrated | manual.'
comment marts.collection_health.days_to_token_expiry 'Local days until the token or its access to data ends, whichever comes first. NULL if no end is known, and on all but the newest day. NULL on rows of single metrics. Unit: days.'
comment marts.collection_health.days_to_version_end 'Days until the pinned version is no longer served; negative after that. NULL while no end is announced, or without a pinned version. NULL on rows of single metrics. Formula: end of the version - collection_date. Unit: days.'
comment marts.collection_health.days_without_value 'Local days since then; 0 if a value came on the day itself. NULL if there never was one. Formula: collection_date - local date of last_value_at. Unit: days.'
comment marts.collection_health.deleted_count 'Rows of the ledger that are about an object that is gone: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.deprecated_count 'Rows of the ledger that Meta knows no more: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.empty_count 'Rows of the ledger that Meta had nothing to say to: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.error_count 'Rows of the ledger that failed and are due again: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.http_calls 'Round trips that were answered, as the ledger booked them. NULL on rows of single metrics. Unit: count.'
comment marts.collection_health.is_version_mismatch 'Whether another version answered than was asked for: the pinned one is dead. NULL if no answer told its version. NULL on rows of single metrics. Unit: true | false.'
comment marts.collection_health.last_value_at 'When the newest known value was answered, up to the end of the day. NULL if there never was one. Of the account: of any metric that is collected now. Unit: UTC instant.'
comment marts.collection_health.max_usage_pct 'Highest percentage of any budget that an answer told; at 100 Meta stops answering. NULL if none told, which is not 0, and on rows of single metrics. Answers are kept for a time only: a rebuild does not know it any more after that. Unit: percent.'
comment marts.collection_health.metric_name 'Meta''s name of a metric, or * for the account as a whole. One row where the account and its posts have a metric of the same name. Unit: name.'
comment marts.collection_health.not_permitted_count 'Rows of the ledger that a permission is missing for: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.not_supported_count 'Rows of the ledger that the object or product does not have: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.ok_count 'Rows of the ledger that were answered: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.pinned_version 'Version of the API that was asked for last; on the newest day without an answer, the one that would be. NULL on other days without answers that are still kept. NULL on rows of single metrics. Unit: name.'
comment marts.collection_health.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.collection_health.quarantined_until 'Until when a metric that Meta refused is left alone, as it stood at the end of the day; of the account the latest of them. NULL if there is none. Unit: UTC instant.'
comment marts.collection_health.served_version 'Version that answered last. NULL if no answer that is still kept told one. NULL on rows of single metrics. Unit: name.'
comment marts.collection_health.status 'The first that holds. blocked (of the account): nothing can be sent, as the last item of the day was throttled or refused for its token, or on the newest day the token is invalid or a limit holds. quarantined (of a metric). stale: no value for more than 1 day (account), 3 days (metric of the account) or 35 days (metric of posts). partial: something was refused, failed or not answered. Otherwise ok. Unit: ok | partial | stale | quarantined | blocked.'
comment marts.collection_health.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.collection_health.throttled_count 'Rows of the ledger that were stopped by a limit: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.collection_health.token_state 'What is known of the token. NULL on all but the newest day of the account: nobody keeps what it was. NULL on rows of single metrics. Unit: ok | expiring | invalid | missing_scope | unknown.'
comment marts.collection_health.zero_provisional_count 'Rows of the ledger that had a 0 that may be a day that is not counted yet: of the account items of work, each time they were sent; of a metric answers and refusals that name it. Unit: count.'
comment marts.conversation_quality_scores 'One row per tenant, conversation and scorer. The latest valid score of each scorer, and how many attempts it took.'
comment marts.conversation_quality_scores.accuracy_score 'Accuracy of the latest valid score, two decimals. NULL when that score leaves it out or no attempt succeeded. Unit: score 0..1.'
comment marts.conversation_quality_scores.attempts 'Attempts to score, failed ones included. Unit: count.'
comment marts.conversation_quality_scores.completeness_score 'Completeness of the latest valid score, two decimals. NULL when that score leaves it out or no attempt succeeded. Unit: score 0..1.'
comment marts.conversation_quality_scores.conversation_id 'Id of the conversation as the product sent it; unique within the tenant. Unit: identifier.'
comment marts.conversation_quality_scores.dimensions_scored 'Dimensions of the latest valid score; 0 when no attempt succeeded. Unit: count.'
comment marts.conversation_quality_scores.failed_attempts 'Attempts without any dimension. Unit: count.'
comment marts.conversation_quality_scores.helpfulness_score 'Helpfulness of the latest valid score, two decimals. NULL when that score leaves it out or no attempt succeeded. Unit: score 0..1.'
comment marts.conversation_quality_scores.is_headline 'The one score by which the conversation is known. Formula: human, else rule, else judge; latest; ties by event_id. Unit: boolean.'
comment marts.conversation_quality_scores.last_error 'What the latest failed attempt said. NULL when none failed, or it said nothing. Unit: text.'
comment marts.conversation_quality_scores.overall_score 'Mean of the dimensions present, two decimals. NULL when no attempt succeeded: a failed judgement is never 0.5. Formula: mean of the dimensions present. Unit: score 0..1.'
comment marts.conversation_quality_scores.politeness_score 'Politeness of the latest valid score, two decimals. NULL when that score leaves it out or no attempt succeeded. Unit: score 0..1.'
comment marts.conversation_quality_scores.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.conversation_quality_scores.scored_at 'When the latest valid score was given. NULL when no attempt succeeded. Unit: UTC instant.'
comment marts.conversation_quality_scores.scorer 'Who scored: a person, a rule or a judge model. Unit: name.'
comment marts.conversation_quality_scores.scorer_kind 'Kind of scorer. Unit: human | rule | judge.'
comment marts.conversation_quality_scores.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.conversations 'One row per tenant, conversation and episode. Episodes of conversations. A new episode begins when work resumes after a resolution or an explicit abandonment; silence never splits one.'
comment marts.conversations.abandon_kind 'Why the episode counts as abandoned: the customer spoke last, the agent''s question was last, nobody wrote, or the product said so. NULL for other outcomes. Formula: last word of the episode. Unit: unanswered | customer_silent | empty | explicit.'
comment marts.conversations.abandoned_at 'When the product declared the episode abandoned. NULL when it did not; silence alone sets abandon_kind only. Formula: first conversation_abandoned of the episode. Unit: UTC instant.'
comment marts.conversations.abandoned_date 'Local day of the explicit abandonment. NULL without one. Formula: local day of abandoned_at. Unit: local date.'
comment marts.conversations.agent_id 'The agent. NULL when no AI replied in the episode or the reply named none. Formula: agent_id of the first AI reply of the episode. Unit: identifier.'
comment marts.conversations.ai_messages 'Public messages of an AI. Unit: count.'
comment marts.conversations.avg_confidence 'Mean confidence of the episode''s public replies. NULL when none carries one. Unit: rate 0..1.'
comment marts.conversations.channel 'Channel of the conversation. NULL when no event named one. Formula: first value of the conversation. Unit: name.'
comment marts.conversations.citation_clicks 'Sources the customer opened. Unit: count.'
comment marts.conversations.closed_by 'Who closed the episode. timeout and automation do not make it resolved. NULL while it is not closed. Formula: closed_by of the first conversation_resolved. Unit: ai_agent | human | customer | timeout | automation | unknown.'
comment marts.conversations.conversation_id 'Id of the conversation as the product sent it; unique within the tenant. Unit: identifier.'
comment marts.conversations.csat_at 'When the customer rated. NULL when not rated. Unit: UTC instant.'
comment marts.conversations.csat_rating 'The customer''s rating; the last answer wins. NULL when not rated. Formula: last csat_submitted of the episode. Unit: rating 1..5.'
comment marts.conversations.customer_confirmed 'Whether the customer confirmed the solution. NULL when the resolution did not say. Unit: boolean.'
comment marts.conversations.customer_id 'The customer: the latest non-null customer_id of the conversation, which counts for all its events. NULL when no event named one. Unit: identifier.'
comment marts.conversations.customer_messages 'Messages of the customer. Unit: count.'
comment marts.conversations.ended_at 'When the episode ended. NULL while it is open. Formula: resolved_at, else abandoned_at, else last_message_at + window when silence ended it. Unit: UTC instant.'
comment marts.conversations.episode_no '1 for the conversation''s first episode; a new one begins when work resumes after a resolution or an explicit abandonment. Unit: number.'
comment marts.conversations.escalated_date 'Local day of the handoff. NULL without one. Formula: local day of handoff_at. Unit: local date.'
comment marts.conversations.event_count 'Events of the episode, of any type. Unit: count.'
comment marts.conversations.first_ai_reply_at 'First public reply of an AI in the episode. NULL when there is none. Unit: UTC instant.'
comment marts.conversations.first_customer_message_at 'First message of the customer in the episode. NULL when the customer wrote none. Unit: UTC instant.'
comment marts.conversations.first_human_reply_at 'First public reply of a human in the episode. NULL when there is none. Unit: UTC instant.'
comment marts.conversations.first_human_response_ms 'Time a customer waited for a human. NULL without a human reply, or when the clocks contradict (has_clock_skew). Formula: handoff_at, else first_customer_message_at, to first_human_reply_at. Unit: milliseconds.'
comment marts.conversations.first_response_business_ms 'First answer in business time. NULL without a schedule on every day of the span, and where first_response_ms is. Formula: overlap of the first answered turn with business hours. Unit: milliseconds.'
comment marts.conversations.first_response_ms 'Time to the first answer. NULL when no turn was answered or the agent began the conversation. Formula: response time of the first answered turn. Unit: milliseconds.'
comment marts.conversations.handoff_at 'When the episode was handed to a human. NULL when it was not. Formula: first conversation_escalated of the episode. Unit: UTC instant.'
comment marts.conversations.handoff_reason 'Reason of the first handoff. NULL without one, or when it was sent without reason. Unit: name.'
comment marts.conversations.has_clock_skew 'A duration was negative, so the clocks of the senders contradict; that duration is NULL. Unit: boolean.'
comment marts.conversations.human_messages 'Public messages of a human agent. Unit: count.'
comment marts.conversations.human_resolution_ms 'Time from handoff to resolution: the bot''s time is kept out. NULL without both, or when the clocks contradict (has_clock_skew). Formula: resolved_at - handoff_at. Unit: milliseconds.'
comment marts.conversations.initiated_by 'Who began the conversation. NULL for later episodes and when the start is inferred. Formula: initiated_by of the first conversation_started. Unit: customer | agent.'
comment marts.conversations.is_ai_involved 'The AI took part: the population of the ladder. Formula: an AI reply, or a handoff for a reason other than usage_limit, or no message event at all. Unit: boolean.'
comment marts.conversations.is_ai_resolution 'The AI resolved the episode by itself. A human reply after the resolution does not undo it. Never NULL: false while open and outside the AI-involved population. Formula: resolved, contained, closed by the AI (or by customer or unknown after an AI answer). Unit: boolean.'
comment marts.conversations.is_assisted 'Solved with the help of a human. Never NULL: false while open and outside the AI-involved population. Formula: AI-involved, closed by human, customer or unknown, not contained. Unit: boolean.'
comment marts.conversations.is_assumed 'Presumably solved. NULL outside the AI-involved population and while open. Formula: contained, AI answer after a customer message, outcome resolved or silent. Unit: boolean.'
comment marts.conversations.is_confirmed 'The customer said it is solved. NULL outside the AI-involved population and while open. Formula: contained and (customer_confirmed or csat_rating >= 4). Unit: boolean.'
comment marts.conversations.is_contained 'No human was needed before the end. NULL outside the AI-involved population and while open. Formula: ended, no handoff, no human reply before ended_at. Unit: boolean.'
comment marts.conversations.is_durable 'The AI''s resolution lasted. NULL outside the AI-involved population, while open, and until durable_days have passed. Formula: is_ai_resolution and not reopened within durable_days. Unit: boolean.'
comment marts.conversations.is_no_repeat 'The customer did not come back with anything. NULL as is_durable, until repeat_days have passed, and for unknown customers. Formula: is_durable and no other conversation of the customer starts within repeat_days after resolved_at. Unit: boolean.'
comment marts.conversations.is_verified 'A scorer found it good. NULL outside the AI-involved population, while open, and without a score. Formula: contained and quality_score >= verified_threshold. Unit: boolean.'
comment marts.conversations.knowledge_retrievals 'Searches in the knowledge base. Unit: count.'
comment marts.conversations.language 'Language of the conversation. NULL when no event named one. Formula: first value of the conversation. Unit: name.'
comment marts.conversations.last_message_at 'Last public message of either side. NULL when nobody wrote. Unit: UTC instant.'
comment marts.conversations.min_confidence 'Lowest confidence of the episode''s public replies. NULL when none carries one. Unit: rate 0..1.'
comment marts.conversations.model 'The model behind the agent. NULL when no AI replied in the episode or the reply named none. Formula: model of the first AI reply of the episode. Unit: name.'
comment marts.conversations.outcome 'How the episode ended. A returning customer undoes an end by silence. Formula: first that holds: handed over; resolved not by timeout or automation; ended by silence after an answer; ended otherwise; open. Unit: escalated | resolved | silent | abandoned | open.'
comment marts.conversations.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.conversations.quality_score 'Mean of the headline score''s dimensions, unrounded. NULL when the episode has no valid score. Formula: headline score of the conversation, if given during this episode. Unit: rate 0..1.'
comment marts.conversations.quality_scorer_kind 'Who gave the headline score. NULL when the episode has no valid score. Unit: human | rule | judge.'
comment marts.conversations.reassess_at 'Next instant at which time alone changes this row. NULL when only new events can. Formula: earliest of: end of a silence, durability or repeat window; first event stamped after as_of. Unit: UTC instant.'
comment marts.conversations.reopen_reason 'Why a new episode began. NULL for episode 1. Formula: kind of the episode''s first event. Unit: explicit | customer_message | escalated.'
comment marts.conversations.reopened_at 'When work resumed. NULL when it did not. Formula: started_at of the next episode. Unit: UTC instant.'
comment marts.conversations.resolution_business_ms 'Resolution in business time. NULL without a schedule on every day of the span, and where resolution_ms is. Formula: overlap of [started_at, resolved_at) with business hours. Unit: milliseconds.'
comment marts.conversations.resolution_ms 'Time from start to resolution. NULL when not resolved. Formula: resolved_at - started_at. Unit: milliseconds.'
comment marts.conversations.resolve_event_count 'conversation_resolved events of the episode. Unit: count.'
comment marts.conversations.resolved_at 'When the episode was resolved; repeated resolutions only raise resolve_event_count. NULL when it was not. Formula: first conversation_resolved of the episode. Unit: UTC instant.'
comment marts.conversations.resolved_date 'Local day of the resolution. NULL without one. Formula: local day of resolved_at. Unit: local date.'
comment marts.conversations.response_time_sum_ms 'Sum of all response times of the period; with responses it gives the mean of any union of periods. Formula: sum of the response times. Unit: milliseconds.'
comment marts.conversations.responses 'Response times of the period: one per answered customer turn, and one per reply that carries its own response_time_ms. Formula: public replies that contribute a response time. Unit: count.'
comment marts.conversations.responses_explicit 'How many of the responses carry the product''s own response_time_ms instead of a measured one. Formula: responses whose value the product sent. Unit: count.'
comment marts.conversations.start_date 'Local day on which the episode began: its cohort. Formula: local day of started_at. Unit: local date.'
comment marts.conversations.start_inferred 'True for the first episode of a conversation that sent no conversation_started: its earliest event stands for the start. Unit: boolean.'
comment marts.conversations.started_at 'When the episode began. Formula: occurred_at of the episode''s first event. Unit: UTC instant.'
comment marts.conversations.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.conversations.total_messages 'Public messages of both sides, automatic ones included, private notes not. Formula: public message_sent + message_received in the period. Unit: count.'
comment marts.conversations.unanswered_turns 'Customer turns that never got a reply. Formula: 1 when the episode ended abandoned and the customer spoke last. Unit: count.'
comment marts.conversations.zero_hit_retrievals 'Searches that found nothing. Formula: knowledge_retrieved with result_count = 0. Unit: count.'
comment marts.customer_days 'One row per tenant, local day and customer active on it. Customers who started a conversation (unless the agent did), wrote, clicked or rated that day. Anonymous ones are counted in daily_metrics.anonymous_conversations.'
comment marts.customer_days.conversations_started 'Conversations the customer started that day. Formula: conversations begun that day, unless by the agent. Unit: count.'
comment marts.customer_days.customer_id 'The customer: the latest non-null customer_id of the conversation, which counts for all its events. NULL when no event named one. Unit: identifier.'
comment marts.customer_days.first_seen_at 'First thing the customer did that day. Unit: UTC instant.'
comment marts.customer_days.is_new_customer 'The customer''s first day with this tenant. Formula: no customer_days row on an earlier day. Unit: boolean.'
comment marts.customer_days.messages_received 'Messages the customer wrote that day. Unit: count.'
comment marts.customer_days.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.customer_days.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.customer_days.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.daily_metrics 'One row per tenant and local day, from that of the first event to as_of. What happened on each local day, and what became of the episodes that started on it (the cohort).'
comment marts.daily_metrics.abandoned_cohort 'Episodes of the period''s cohort that were abandoned: by explicit event, or by silence while an answer or a reply was still due. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''abandoned''. Unit: count.'
comment marts.daily_metrics.abandoned_conversations 'Conversations the product declared abandoned in the period; silence is not counted here, see abandoned_cohort. Formula: distinct conversations with an episode whose abandoned_date lies in the period. Unit: count.'
comment marts.daily_metrics.abandonment_rate 'Share of the period''s episodes that were abandoned. NULL when no episode started. Formula: abandonment_rate_numerator / abandonment_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.abandonment_rate_denominator 'Denominator of abandonment_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.daily_metrics.abandonment_rate_high 'Upper end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.abandonment_rate_low 'Lower end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.abandonment_rate_numerator 'Numerator of abandonment_rate. Formula: abandoned_cohort. Unit: count.'
comment marts.daily_metrics.ai_involved 'Episodes of the cohort in which the AI took part: the one population of the ladder below. Formula: episodes of the cohort with is_ai_involved. Unit: count.'
comment marts.daily_metrics.ai_resolved_conversations 'Conversations that started in the period and of which the AI resolved an episode, that one or a later one. Formula: conversations started in the period with an episode that is_ai_resolution. Unit: count.'
comment marts.daily_metrics.anonymous_conversations 'Conversations in which somebody without customer_id started, wrote, clicked or rated: what unique_customers cannot see. Formula: distinct conversations active in the period without customer_id. Unit: count.'
comment marts.daily_metrics.assumed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of assumed_rate. Formula: ai_involved - assumed_rate_denominator. Unit: count.'
comment marts.daily_metrics.assumed_rate 'Share of the AI-involved episodes that were contained, with an AI answer to a customer message, and ended resolved or silent. NULL while no episode can be judged. Formula: assumed_rate_numerator / assumed_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.assumed_rate_denominator 'Denominator of assumed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_assumed known. Unit: count.'
comment marts.daily_metrics.assumed_rate_high 'Upper end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.assumed_rate_low 'Lower end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.assumed_rate_numerator 'Numerator of assumed_rate. Formula: AI-involved episodes with is_assumed true. Unit: count.'
comment marts.daily_metrics.avg_conversation_length 'Mean number of public messages per episode of the cohort. NULL when no episode started. Formula: total_messages of the cohort / episodes_started. Unit: messages.'
comment marts.daily_metrics.avg_csat 'Mean rating of the cohort. NULL without ratings. Formula: mean of csat_rating over the cohort. Unit: rating 1..5.'
comment marts.daily_metrics.avg_first_response_ms 'Mean time to the first answer. NULL when no episode of the cohort has one. Formula: mean of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.avg_resolution_ms 'Mean time from start to resolution. NULL when nothing of the cohort is resolved. Formula: mean of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.avg_response_time_ms 'Mean response time of the period''s replies, in whole milliseconds. NULL without replies: no reply is not a reply after 0 ms. Formula: round(response_time_sum_ms / responses). Unit: milliseconds.'
comment marts.daily_metrics.confirmed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of confirmed_rate. Formula: ai_involved - confirmed_rate_denominator. Unit: count.'
comment marts.daily_metrics.confirmed_rate 'Share of the AI-involved episodes that were contained and confirmed by the customer or rated 4 or 5. NULL while no episode can be judged. Formula: confirmed_rate_numerator / confirmed_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.confirmed_rate_denominator 'Denominator of confirmed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_confirmed known. Unit: count.'
comment marts.daily_metrics.confirmed_rate_high 'Upper end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.confirmed_rate_low 'Lower end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.confirmed_rate_numerator 'Numerator of confirmed_rate. Formula: AI-involved episodes with is_confirmed true. Unit: count.'
comment marts.daily_metrics.contained_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of contained_rate. Formula: ai_involved - contained_rate_denominator. Unit: count.'
comment marts.daily_metrics.contained_rate 'Share of the AI-involved episodes that ended without handoff and without a human reply before the end. NULL while no episode can be judged. Formula: contained_rate_numerator / contained_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.contained_rate_denominator 'Denominator of contained_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_contained known. Unit: count.'
comment marts.daily_metrics.contained_rate_high 'Upper end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.contained_rate_low 'Lower end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.contained_rate_numerator 'Numerator of contained_rate. Formula: AI-involved episodes with is_contained true. Unit: count.'
comment marts.daily_metrics.csat_rate 'Share of the cohort''s ratings that are 4 or 5. NULL without ratings. Formula: csat_rate_numerator / csat_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.csat_rate_denominator 'Denominator of csat_rate; below small_sample of dim_tenant read the rate with care. Formula: ratings. Unit: count.'
comment marts.daily_metrics.csat_rate_high 'Upper end of the 95 % interval of csat_rate. NULL without ratings. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.csat_rate_low 'Lower end of the 95 % interval of csat_rate. NULL without ratings. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.csat_rate_numerator 'Numerator of csat_rate. Formula: ratings of 4 or 5. Unit: count.'
comment marts.daily_metrics.csat_response_rate 'Share of the cohort''s ended episodes that were rated. NULL when no episode has ended. Formula: csat_response_rate_numerator / csat_response_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.csat_response_rate_denominator 'Denominator of csat_response_rate; below small_sample of dim_tenant read the rate with care. Formula: ended episodes. Unit: count.'
comment marts.daily_metrics.csat_response_rate_high 'Upper end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.csat_response_rate_low 'Lower end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.csat_response_rate_numerator 'Numerator of csat_response_rate. Formula: ended episodes with a rating. Unit: count.'
comment marts.daily_metrics.day_hours 'Length of the local day: 23 or 25 where the clock changes, other values where the tenant changed its zone. Formula: day_end - day_start. Unit: hours.'
comment marts.daily_metrics.durable_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of durable_rate. Formula: ai_involved - durable_rate_denominator. Unit: count.'
comment marts.daily_metrics.durable_rate 'Share of the AI-involved episodes that are AI resolutions that were not reopened within durable_days. NULL while no episode can be judged. Formula: durable_rate_numerator / durable_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.durable_rate_denominator 'Denominator of durable_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_durable known. Unit: count.'
comment marts.daily_metrics.durable_rate_high 'Upper end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.durable_rate_low 'Lower end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.durable_rate_numerator 'Numerator of durable_rate. Formula: AI-involved episodes with is_durable true. Unit: count.'
comment marts.daily_metrics.episodes_started 'Episodes that started in the period: the cohort of all rates below. Formula: episodes with start_date in the period. Unit: count.'
comment marts.daily_metrics.escalated_cohort 'Episodes of the period''s cohort that were handed to a human, whatever came after. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''escalated''. Unit: count.'
comment marts.daily_metrics.escalated_conversations 'Conversations handed to a human in the period, whenever they had started. Formula: distinct conversations with an episode whose escalated_date lies in the period. Unit: count.'
comment marts.daily_metrics.escalation_rate 'Share of the period''s episodes that were handed to a human. NULL when no episode started. Formula: escalation_rate_numerator / escalation_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.escalation_rate_denominator 'Denominator of escalation_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.daily_metrics.escalation_rate_high 'Upper end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.escalation_rate_low 'Lower end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.escalation_rate_numerator 'Numerator of escalation_rate. Formula: escalated_cohort. Unit: count.'
comment marts.daily_metrics.is_partial 'The period has not ended yet: its counts will grow. Formula: period end > as_of. Unit: boolean.'
comment marts.daily_metrics.is_provisional 'The cohort columns may still mature (open episodes end, durability settles); counts of happenings are final but for late events. Formula: period end > as_of - durable_days. Unit: boolean.'
comment marts.daily_metrics.low_confidence_replies 'Replies whose confidence is below the threshold in force when their episode started. Formula: replies_with_confidence below gap_confidence_threshold. Unit: count.'
comment marts.daily_metrics.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.daily_metrics.no_repeat_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of no_repeat_rate. Formula: ai_involved - no_repeat_rate_denominator. Unit: count.'
comment marts.daily_metrics.no_repeat_rate 'Share of the AI-involved episodes that are durable and whose customer started no other conversation within repeat_days. NULL while no episode can be judged. Formula: no_repeat_rate_numerator / no_repeat_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.no_repeat_rate_denominator 'Denominator of no_repeat_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_no_repeat known. Unit: count.'
comment marts.daily_metrics.no_repeat_rate_high 'Upper end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.no_repeat_rate_low 'Lower end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.no_repeat_rate_numerator 'Numerator of no_repeat_rate. Formula: AI-involved episodes with is_no_repeat true. Unit: count.'
comment marts.daily_metrics.open_cohort 'Episodes of the period''s cohort that have not ended yet. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''open''. Unit: count.'
comment marts.daily_metrics.open_rate 'Share of the period''s episodes that have not ended yet. NULL when no episode started. Formula: open_rate_numerator / open_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.open_rate_denominator 'Denominator of open_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.daily_metrics.open_rate_high 'Upper end of the 95 % interval of open_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.open_rate_low 'Lower end of the 95 % interval of open_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.open_rate_numerator 'Numerator of open_rate. Formula: open_cohort. Unit: count.'
comment marts.daily_metrics.p50_first_response_business_ms 'Median time to the first answer in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of first_response_business_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p50_first_response_ms '50 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.50) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p50_resolution_business_ms 'Median time to resolution in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of resolution_business_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p50_resolution_ms '50 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.50) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p50_response_time_ms '50 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.50) over the replies of the period. Unit: milliseconds.'
comment marts.daily_metrics.p90_first_response_ms '90 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.90) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p90_resolution_ms '90 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.90) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p90_response_time_ms '90 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.90) over the replies of the period. Unit: milliseconds.'
comment marts.daily_metrics.p95_first_response_ms '95 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.95) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.daily_metrics.p95_response_time_ms '95 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.95) over the replies of the period. Unit: milliseconds.'
comment marts.daily_metrics.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.daily_metrics.reopened_conversations 'Conversations that came back after an end. Formula: distinct conversations with an episode_no > 1 starting in the period. Unit: count.'
comment marts.daily_metrics.replies_with_confidence 'Replies of the period that carry the agent''s own confidence. Formula: public replies of the period with a confidence. Unit: count.'
comment marts.daily_metrics.resolution_rate 'Share of the period''s episodes that ended resolved. NULL when no episode started. Formula: resolution_rate_numerator / resolution_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.resolution_rate_denominator 'Denominator of resolution_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.daily_metrics.resolution_rate_high 'Upper end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.resolution_rate_low 'Lower end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.resolution_rate_numerator 'Numerator of resolution_rate. Formula: resolved_cohort. Unit: count.'
comment marts.daily_metrics.resolutions 'Resolutions, counted per episode: a conversation resolved, reopened and resolved again has two. Formula: episodes whose resolved_date lies in the period. Unit: count.'
comment marts.daily_metrics.resolved_cohort 'Episodes of the period''s cohort that ended resolved, neither handed over nor closed by timeout or automation. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''resolved''. Unit: count.'
comment marts.daily_metrics.resolved_conversations 'Conversations resolved in the period, whoever or whatever closed them and whenever they had started. A happening of the period, not the share of a cohort: see resolved_cohort. Formula: distinct conversations with an episode whose resolved_date lies in the period. Unit: count.'
comment marts.daily_metrics.response_time_hist 'Histogram of the response times in logarithmic buckets; those of several periods add up and give percentiles within 1 %. {} without responses. Formula: {"i": count}, i = ceil(ln x / ln 1.02), -1 for x = 0. Unit: json.'
comment marts.daily_metrics.response_time_sum_ms 'Sum of all response times of the period; with responses it gives the mean of any union of periods. Formula: sum of the response times. Unit: milliseconds.'
comment marts.daily_metrics.responses 'Response times of the period: one per answered customer turn, and one per reply that carries its own response_time_ms. Formula: public replies that contribute a response time. Unit: count.'
comment marts.daily_metrics.responses_explicit 'How many of the responses carry the product''s own response_time_ms instead of a measured one. Formula: responses whose value the product sent. Unit: count.'
comment marts.daily_metrics.seed_resolution_rate 'The original rate: resolutions of the period divided by starts of the period, two different populations, so it may exceed 1. Kept for comparison; use resolution_rate. NULL when nothing started. Formula: resolved_conversations / total_conversations. Unit: ratio.'
comment marts.daily_metrics.silence_rate 'Share of the period''s episodes that ended by silence after a real answer: perhaps solved, perhaps not. NULL when no episode started. Formula: silence_rate_numerator / silence_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.silence_rate_denominator 'Denominator of silence_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.daily_metrics.silence_rate_high 'Upper end of the 95 % interval of silence_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.silence_rate_low 'Lower end of the 95 % interval of silence_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.silence_rate_numerator 'Numerator of silence_rate. Formula: silent_cohort. Unit: count.'
comment marts.daily_metrics.silent_cohort 'Episodes of the period''s cohort that ended by silence after a real answer of the agent. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''silent''. Unit: count.'
comment marts.daily_metrics.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.daily_metrics.total_conversations 'Conversations that started in the period; each counts once, however often it was reopened. Formula: conversations whose episode 1 has start_date in the period. Unit: count.'
comment marts.daily_metrics.total_messages 'Public messages of both sides, automatic ones included, private notes not. Formula: public message_sent + message_received in the period. Unit: count.'
comment marts.daily_metrics.unanswered_conversations 'Episodes that ended abandoned while a customer message waited for a reply. Formula: episodes of the cohort with unanswered_turns > 0. Unit: count.'
comment marts.daily_metrics.unique_customers 'Different customers who started, wrote, clicked or rated in the period. Counted afresh for each period: never add those of shorter ones. Formula: distinct customer_id in customer_days. Unit: count.'
comment marts.daily_metrics.verified_of_contained_rate 'Share of the scored contained episodes whose headline score reaches verified_threshold. Only scored ones count: judges sample. NULL when no contained episode is scored. Formula: verified_of_contained_rate_numerator / verified_of_contained_rate_denominator. Unit: rate 0..1.'
comment marts.daily_metrics.verified_of_contained_rate_denominator 'Denominator of verified_of_contained_rate; below small_sample of dim_tenant read the rate with care. Formula: contained episodes with a headline score. Unit: count.'
comment marts.daily_metrics.verified_of_contained_rate_high 'Upper end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.verified_of_contained_rate_low 'Lower end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.daily_metrics.verified_of_contained_rate_numerator 'Numerator of verified_of_contained_rate. Formula: contained episodes with is_verified true. Unit: count.'
comment marts.daily_metrics.verified_pending 'AI-involved episodes that are open or without a score. Formula: ai_involved - episodes with is_verified known. Unit: count.'
comment marts.daily_metrics.verified_rate 'Estimated share of AI-involved episodes that were contained and good. NULL when either factor is. Formula: contained_rate * verified_of_contained_rate. Unit: rate 0..1.'
comment marts.dim_date 'One row per date. Every date on which a mart can have a row, with the week, month, quarter and year it belongs to.'
comment marts.dim_date.day_name 'English name of the weekday. Unit: name.'
comment marts.dim_date.is_weekend 'Saturday or Sunday. Unit: boolean.'
comment marts.dim_date.iso_week 'ISO week number. Unit: 1..53.'
comment marts.dim_date.iso_weekday '1 is Monday. Unit: 1..7.'
comment marts.dim_date.iso_year 'Year the ISO week belongs to. Unit: year.'
comment marts.dim_date.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.dim_date.month_start 'First day of the local month. Unit: local date.'
comment marts.dim_date.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.dim_date.quarter_start 'First day of the quarter. Unit: local date.'
comment marts.dim_date.week_start 'Monday of the local week. Unit: local date.'
comment marts.dim_date.year_start 'First day of the year. Unit: local date.'
comment marts.dim_tenant 'One row per tenant. Tenants with the zone and the parameters in force now.'
comment marts.dim_tenant.created_at 'When the tenant was created. Unit: UTC instant.'
comment marts.dim_tenant.currency 'Currency of money columns. Unit: ISO 4217.'
comment marts.dim_tenant.first_event_at 'Start of the tenant''s history. NULL before the first event. Formula: earliest conversation event. Unit: UTC instant.'
comment marts.dim_tenant.industry_vertical 'Industry used for benchmarks. NULL when not given. Unit: name.'
comment marts.dim_tenant.name 'Name of the tenant. Unit: name.'
comment marts.dim_tenant.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.dim_tenant.slug 'Short name of the tenant in commands and landing folders. Unit: name.'
comment marts.dim_tenant.small_sample 'Below this denominator a rate is shown as a small sample. Unit: count.'
comment marts.dim_tenant.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.dim_tenant.timezone 'Zone in force at as_of; earlier ones are in dim_tenant_parameters. Unit: IANA zone.'
comment marts.dim_tenant_parameters 'One row per tenant, parameter and valid_from. Every version of every tenant parameter. Parameters without default (business_hours, rework_minutes) have rows only once they are set: no schedule means business durations are NULL, no rework_minutes means avg_conversation_time_minutes.'
comment marts.dim_tenant_parameters.is_default 'The tenant never set a value that holds since ever, so the default does. Unit: boolean.'
comment marts.dim_tenant_parameters.number_value 'The value as a number. NULL for parameters that are no numbers. Unit: as the parameter.'
comment marts.dim_tenant_parameters.parameter 'Name of the parameter, as in `agentmarts tenant set`. Unit: name.'
comment marts.dim_tenant_parameters.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.dim_tenant_parameters.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.dim_tenant_parameters.valid_from 'Local date from which the value holds, until the next version; 0001-01-01 stands for since ever. Unit: local date.'
comment marts.dim_tenant_parameters.value 'The value as text; business_hours and holidays as JSON. Unit: text.'
comment marts.engagement_metrics 'One row per account, object, metric, value of a breakdown and day. Metrics of Pages, Instagram accounts, posts, reels, media and stories by day: counts as what the day added, stocks, ratios and numbers of unique people as the level it left. Meta tells totals of posts, not days; a day is the difference of samples at its two midnights. Rolling windows of 7 and 28 days are not in it (see account_reach).'
comment marts.engagement_metrics.account_id 'The Page or Instagram account. Unit: identifier.'
comment marts.engagement_metrics.additive 'Whether metric_value may be added over days. Only macro sum_metric() adds, and it refuses what is not additive. Unit: true | false.'
comment marts.engagement_metrics.algorithm_class 'dependent: distribution decides; independent: a conscious act, or a rate given exposure; neutral: a stock. NULL for a metric that the catalogue does not know. Unit: dependent | independent | neutral.'
comment marts.engagement_metrics.day_basis 'The calendar of metric_date: Meta''s own buckets keep its day, samples have the tenant''s; account is the tenant''s zone too. Unit: pacific | utc | account | tenant.'
comment marts.engagement_metrics.days_covered 'Days in which value_increment was made: more than 1 where samples are over 36 hours apart, so that the whole difference stands on the closing day. NULL without value_increment. Unit: days.'
comment marts.engagement_metrics.dim_key 'Names of the dimensions of a breakdown, joined by |; key for a dictionary of values; empty for the metric as a whole. Unit: name.'
comment marts.engagement_metrics.dim_value 'Values of the dimensions, joined by |, in lower case; empty for the metric as a whole. Unit: name.'
comment marts.engagement_metrics.is_algorithm_dependent 'algorithm_class as a flag. NULL where it is neutral or unknown. Unit: true | false.'
comment marts.engagement_metrics.is_correction 'Whether a running total fell: likes were withdrawn, or Meta counted again. Formula: value_increment < 0 of a running total. Unit: true | false.'
comment marts.engagement_metrics.is_estimated 'Whether a total at midnight was interpolated, or growth of this day stands on a later one. Unit: true | false.'
comment marts.engagement_metrics.is_partial 'Whether no later sample closes the day yet: its growth counts up to its last sample. Unit: true | false.'
comment marts.engagement_metrics.is_provisional 'Whether the number may still change: a bucket answered less than 72 hours after its end, or a day that is partial. Unit: true | false.'
comment marts.engagement_metrics.metric_date 'The day, on the calendar that day_basis names. Unit: date.'
comment marts.engagement_metrics.metric_name 'One name for what Meta calls differently by platform (seed metric_names); other metrics keep Meta''s name. Unit: name.'
comment marts.engagement_metrics.metric_value 'What the day added, or the level it left where nothing can be added. NULL while unknown: see state. Formula: value_increment, else value_level. Unit: see unit.'
comment marts.engagement_metrics.object_id 'Meta''s id of the Page, account, post, reel, medium or story. Unit: identifier.'
comment marts.engagement_metrics.object_level 'Whether the row speaks of the account as a whole or of one post, reel, medium or story. The two are never added. Unit: account | post.'
comment marts.engagement_metrics.observed_at 'When the newest answer behind the row was given. NULL on a day without sample. Unit: UTC instant.'
comment marts.engagement_metrics.paid_scope 'Whether ads are in the number; where it is broken down by that, of which the row speaks. NULL where the question makes no sense. Unit: organic | paid | all | unstated.'
comment marts.engagement_metrics.period 'Meta''s period: day for buckets and stocks stamped daily, lifetime and node for samples. Unit: name.'
comment marts.engagement_metrics.platform 'Where the account is. Unit: facebook | instagram.'
comment marts.engagement_metrics.platform_post_id 'Meta''s id of the post. NULL for the account. Unit: identifier.'
comment marts.engagement_metrics.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.engagement_metrics.source_metric 'Meta''s name of the metric behind the row. Unit: name.'
comment marts.engagement_metrics.state 'Why the value is unknown: empty (Meta had nothing to say), zero_provisional (a 0 soon after the day, perhaps not counted yet), below_threshold (too few people), no_sample (nobody looked), first_sample (a total without one before it); ok if it is known. Unit: ok | empty | zero_provisional | below_threshold | no_sample | first_sample.'
comment marts.engagement_metrics.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.engagement_metrics.unit 'Unit of the values. NULL for a metric that the catalogue does not know. Unit: count | ms | currency | percent | ....'
comment marts.engagement_metrics.value_cumulative 'The running total at the end of the day, or at its last sample where the end is not known. NULL for what has no running total, and on days without a sample beside them. Unit: see unit.'
comment marts.engagement_metrics.value_increment 'What the day added: a bucket of Meta''s, or the growth of a running total. Falls stay negative. NULL for levels and while unknown. Formula: total at the end of the day - total at its start. Unit: see unit.'
comment marts.engagement_metrics.value_level 'Last value of the day of a stock, a ratio or a number of unique people. NULL for what is added, and while unknown. Unit: see unit.'
comment marts.feedback_entries 'One row per tenant and feedback. Every rating a person gave, earlier ones of the same reviewer and target included. Feedback is opinion, never evidence on an outcome.'
comment marts.feedback_entries.action_id 'The action that was rated. NULL when the feedback names none. Unit: identifier.'
comment marts.feedback_entries.comment 'What the person wrote, with [email], [card] and [phone] in the place of e-mail addresses, card and phone numbers, cut to 1000 characters. NULL without a comment. Unit: text.'
comment marts.feedback_entries.conversation_id 'The conversation the feedback belongs to. NULL when none was sent. Unit: identifier.'
comment marts.feedback_entries.feedback_id 'The event_id under which the feedback was sent. Unit: identifier.'
comment marts.feedback_entries.is_current 'Whether it is the latest rating of this target by this reviewer in this source, and so counts in averages; true if anonymous. Unit: true | false.'
comment marts.feedback_entries.metric_date 'Local day of occurred_at. Unit: local date.'
comment marts.feedback_entries.occurred_at 'When the person rated. Unit: instant.'
comment marts.feedback_entries.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.feedback_entries.rating 'As given: inline -1, 0 or 1, dashboard 1 to 5. The two scales do not mix. Unit: rating.'
comment marts.feedback_entries.rating_normalized 'The rating from 0 (worst) to 1 (best), which both scales have in common. Formula: inline (rating + 1) / 2, dashboard (rating - 1) / 4. Unit: score 0..1.'
comment marts.feedback_entries.reviewer_id 'Who rated. NULL when anonymous: then nobody can tell whether two ratings are by the same person. Unit: identifier.'
comment marts.feedback_entries.reviewer_role 'Role of the reviewer, as sent. NULL when none was sent. Unit: name.'
comment marts.feedback_entries.revision_number '1 for the first rating of this target by this reviewer in this source, 2 for his next; 1 if anonymous. Formula: order by occurred_at, feedback_id within reviewer, target and source. Unit: position.'
comment marts.feedback_entries.source 'Where it was rated: a thumb beside the message (inline) or stars in a dashboard. Unit: inline | dashboard.'
comment marts.feedback_entries.target_id 'Which one was rated. Unit: identifier.'
comment marts.feedback_entries.target_type 'What was rated. Unit: message | decision | conversation.'
comment marts.feedback_entries.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.feedback_summary 'One row per tenant, local day, source, target type and reviewer role. Feedback by the local day it was given, source, kind of target and role of the reviewer. A reviewer who rates a target again counts on the later day only; the earlier rating stays an entry. Days without feedback have no row.'
comment marts.feedback_summary.average_rating 'Mean current rating: inline a net score from -1 to 1, dashboard 1 to 5. NULL without a current rating. Formula: rating_sum / ratings. Unit: rating.'
comment marts.feedback_summary.average_rating_se 'Standard error of average_rating. NULL below two current ratings. Formula: sample standard deviation / sqrt(ratings). Unit: rating.'
comment marts.feedback_summary.entries 'Ratings given on the day, also those the same reviewer replaced later. Unit: count.'
comment marts.feedback_summary.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.feedback_summary.normalized_sum 'Sum of rating_normalized of the current ratings: divided by the sum of ratings, the one mean across sources. NULL without a current rating. Formula: sum of rating_normalized. Unit: score.'
comment marts.feedback_summary.positive_count 'Current ratings that are positive: a thumb up, four or five stars. Formula: inline rating = 1, dashboard rating >= 4. Unit: count.'
comment marts.feedback_summary.positive_share 'Share of the current ratings that is positive. NULL without a current rating. Formula: positive_count / ratings. Unit: rate 0..1.'
comment marts.feedback_summary.positive_share_high 'Upper end of the 95 % interval of positive_share. NULL without a current rating. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.feedback_summary.positive_share_low 'Lower end of the 95 % interval of positive_share. NULL without a current rating. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.feedback_summary.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.feedback_summary.rating_0 'Current ratings of 0. Formula: current entries with rating = 0. Unit: count.'
comment marts.feedback_summary.rating_1 'Current ratings of 1. Formula: current entries with rating = 1. Unit: count.'
comment marts.feedback_summary.rating_2 'Current ratings of 2. Formula: current entries with rating = 2. Unit: count.'
comment marts.feedback_summary.rating_3 'Current ratings of 3. Formula: current entries with rating = 3. Unit: count.'
comment marts.feedback_summary.rating_4 'Current ratings of 4. Formula: current entries with rating = 4. Unit: count.'
comment marts.feedback_summary.rating_5 'Current ratings of 5. Formula: current entries with rating = 5. Unit: count.'
comment marts.feedback_summary.rating_m1 'Current ratings of -1. Formula: current entries with rating = -1. Unit: count.'
comment marts.feedback_summary.rating_sum 'Sum of the current ratings; adds up over days within a source. NULL without a current rating, since 0 is a neutral sum. Unit: rating.'
comment marts.feedback_summary.ratings 'Ratings given on the day that are the reviewer''s latest of their target; only they count below. Formula: entries with is_current. Unit: count.'
comment marts.feedback_summary.reviewer_role 'Role of the reviewers, as sent; unknown where none was sent. Unit: name.'
comment marts.feedback_summary.source 'Thumbs beside messages (inline) or stars in a dashboard; never averaged together. Unit: inline | dashboard.'
comment marts.feedback_summary.target_type 'What was rated. Unit: message | decision | conversation.'
comment marts.feedback_summary.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.hourly_metrics 'One row per tenant and local hour that has an event. What happened hour by hour on the tenant''s wall clock.'
comment marts.hourly_metrics.abandoned_conversations 'Conversations the product declared abandoned in the period; silence is not counted here, see abandoned_cohort. Formula: distinct conversations with an episode whose abandoned_date lies in the period. Unit: count.'
comment marts.hourly_metrics.avg_response_time_ms 'Mean response time of the period''s replies, in whole milliseconds. NULL without replies: no reply is not a reply after 0 ms. Formula: round(response_time_sum_ms / responses). Unit: milliseconds.'
comment marts.hourly_metrics.escalated_conversations 'Conversations handed to a human in the period, whenever they had started. Formula: distinct conversations with an episode whose escalated_date lies in the period. Unit: count.'
comment marts.hourly_metrics.hour_start 'First instant of the wall clock hour. An hour that occurs twice when the clock goes back has two rows. Formula: occurred_at - (local time - date_trunc(''hour'', local time)). Unit: UTC instant.'
comment marts.hourly_metrics.local_hour 'Hour on the tenant''s wall clock. Unit: hour 0..23.'
comment marts.hourly_metrics.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.hourly_metrics.p50_response_time_ms '50 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.50) over the replies of the period. Unit: milliseconds.'
comment marts.hourly_metrics.p90_response_time_ms '90 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.90) over the replies of the period. Unit: milliseconds.'
comment marts.hourly_metrics.p95_response_time_ms '95 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.95) over the replies of the period. Unit: milliseconds.'
comment marts.hourly_metrics.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.hourly_metrics.resolved_conversations 'Conversations resolved in the period, whoever or whatever closed them and whenever they had started. A happening of the period, not the share of a cohort: see resolved_cohort. Formula: distinct conversations with an episode whose resolved_date lies in the period. Unit: count.'
comment marts.hourly_metrics.response_time_sum_ms 'Sum of all response times of the period; with responses it gives the mean of any union of periods. Formula: sum of the response times. Unit: milliseconds.'
comment marts.hourly_metrics.responses 'Response times of the period: one per answered customer turn, and one per reply that carries its own response_time_ms. Formula: public replies that contribute a response time. Unit: count.'
comment marts.hourly_metrics.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.hourly_metrics.total_conversations 'Conversations that started in the period; each counts once, however often it was reopened. Formula: conversations whose episode 1 has start_date in the period. Unit: count.'
comment marts.hourly_metrics.total_messages 'Public messages of both sides, automatic ones included, private notes not. Formula: public message_sent + message_received in the period. Unit: count.'
comment marts.hourly_metrics.unique_customers 'Different customers who started, wrote, clicked or rated in the period. Counted afresh for each period: never add those of shorter ones. Formula: distinct customer_id in customer_days. Unit: count.'
comment marts.metric_definitions 'One row per mart, log or function and column. The dictionary of all columns of all marts, of the logs that publish writes beside them and of the functions over them: unit, formula and meaning.'
comment marts.metric_definitions.column_name 'Name of the column. Unit: name.'
comment marts.metric_definitions.data_type 'PostgreSQL type of the column. Unit: SQL type.'
comment marts.metric_definitions.description 'What the column means, and why it may be NULL. Unit: text.'
comment marts.metric_definitions.formula 'How the column is computed. NULL when it is taken over as it is. Unit: text.'
comment marts.metric_definitions.grain 'What one row of the mart, log or function is. Unit: text.'
comment marts.metric_definitions.is_key 'The column belongs to the primary key; of a function, to what tells its rows apart. Unit: boolean.'
comment marts.metric_definitions.is_provisional 'The column may still mature while its row is_provisional (cohort columns); changes of it are then no restatements. Unit: boolean.'
comment marts.metric_definitions.mart 'Name of the mart or log; of a function with its parentheses, as roi(). Unit: name.'
comment marts.metric_definitions.position 'Place of the column in the mart or in what the function gives, from 1. Unit: number.'
comment marts.metric_definitions.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.metric_definitions.unit 'Unit of the column. NULL when it has none. Unit: text.'
comment marts.monthly_metrics 'One row per tenant and local calendar month. As daily_metrics, counted afresh for whole months: distinct counts and percentiles are not sums or means of days.'
comment marts.monthly_metrics.abandoned_cohort 'Episodes of the period''s cohort that were abandoned: by explicit event, or by silence while an answer or a reply was still due. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''abandoned''. Unit: count.'
comment marts.monthly_metrics.abandoned_conversations 'Conversations the product declared abandoned in the period; silence is not counted here, see abandoned_cohort. Formula: distinct conversations with an episode whose abandoned_date lies in the period. Unit: count.'
comment marts.monthly_metrics.abandonment_rate 'Share of the period''s episodes that were abandoned. NULL when no episode started. Formula: abandonment_rate_numerator / abandonment_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.abandonment_rate_denominator 'Denominator of abandonment_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.monthly_metrics.abandonment_rate_high 'Upper end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.abandonment_rate_low 'Lower end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.abandonment_rate_numerator 'Numerator of abandonment_rate. Formula: abandoned_cohort. Unit: count.'
comment marts.monthly_metrics.ai_involved 'Episodes of the cohort in which the AI took part: the one population of the ladder below. Formula: episodes of the cohort with is_ai_involved. Unit: count.'
comment marts.monthly_metrics.ai_resolved_conversations 'Conversations that started in the period and of which the AI resolved an episode, that one or a later one. Formula: conversations started in the period with an episode that is_ai_resolution. Unit: count.'
comment marts.monthly_metrics.anonymous_conversations 'Conversations in which somebody without customer_id started, wrote, clicked or rated: what unique_customers cannot see. Formula: distinct conversations active in the period without customer_id. Unit: count.'
comment marts.monthly_metrics.assumed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of assumed_rate. Formula: ai_involved - assumed_rate_denominator. Unit: count.'
comment marts.monthly_metrics.assumed_rate 'Share of the AI-involved episodes that were contained, with an AI answer to a customer message, and ended resolved or silent. NULL while no episode can be judged. Formula: assumed_rate_numerator / assumed_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.assumed_rate_denominator 'Denominator of assumed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_assumed known. Unit: count.'
comment marts.monthly_metrics.assumed_rate_high 'Upper end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.assumed_rate_low 'Lower end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.assumed_rate_numerator 'Numerator of assumed_rate. Formula: AI-involved episodes with is_assumed true. Unit: count.'
comment marts.monthly_metrics.avg_conversation_length 'Mean number of public messages per episode of the cohort. NULL when no episode started. Formula: total_messages of the cohort / episodes_started. Unit: messages.'
comment marts.monthly_metrics.avg_csat 'Mean rating of the cohort. NULL without ratings. Formula: mean of csat_rating over the cohort. Unit: rating 1..5.'
comment marts.monthly_metrics.avg_first_response_ms 'Mean time to the first answer. NULL when no episode of the cohort has one. Formula: mean of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.avg_resolution_ms 'Mean time from start to resolution. NULL when nothing of the cohort is resolved. Formula: mean of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.avg_response_time_ms 'Mean response time of the period''s replies, in whole milliseconds. NULL without replies: no reply is not a reply after 0 ms. Formula: round(response_time_sum_ms / responses). Unit: milliseconds.'
comment marts.monthly_metrics.complete_days 'How many days of the period are complete as of this version. Formula: local days of the period that have a daily row and have ended. Unit: count.'
comment marts.monthly_metrics.confirmed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of confirmed_rate. Formula: ai_involved - confirmed_rate_denominator. Unit: count.'
comment marts.monthly_metrics.confirmed_rate 'Share of the AI-involved episodes that were contained and confirmed by the customer or rated 4 or 5. NULL while no episode can be judged. Formula: confirmed_rate_numerator / confirmed_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.confirmed_rate_denominator 'Denominator of confirmed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_confirmed known. Unit: count.'
comment marts.monthly_metrics.confirmed_rate_high 'Upper end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.confirmed_rate_low 'Lower end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.confirmed_rate_numerator 'Numerator of confirmed_rate. Formula: AI-involved episodes with is_confirmed true. Unit: count.'
comment marts.monthly_metrics.contained_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of contained_rate. Formula: ai_involved - contained_rate_denominator. Unit: count.'
comment marts.monthly_metrics.contained_rate 'Share of the AI-involved episodes that ended without handoff and without a human reply before the end. NULL while no episode can be judged. Formula: contained_rate_numerator / contained_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.contained_rate_denominator 'Denominator of contained_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_contained known. Unit: count.'
comment marts.monthly_metrics.contained_rate_high 'Upper end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.contained_rate_low 'Lower end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.contained_rate_numerator 'Numerator of contained_rate. Formula: AI-involved episodes with is_contained true. Unit: count.'
comment marts.monthly_metrics.csat_rate 'Share of the cohort''s ratings that are 4 or 5. NULL without ratings. Formula: csat_rate_numerator / csat_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_rate_denominator 'Denominator of csat_rate; below small_sample of dim_tenant read the rate with care. Formula: ratings. Unit: count.'
comment marts.monthly_metrics.csat_rate_high 'Upper end of the 95 % interval of csat_rate. NULL without ratings. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_rate_low 'Lower end of the 95 % interval of csat_rate. NULL without ratings. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_rate_numerator 'Numerator of csat_rate. Formula: ratings of 4 or 5. Unit: count.'
comment marts.monthly_metrics.csat_response_rate 'Share of the cohort''s ended episodes that were rated. NULL when no episode has ended. Formula: csat_response_rate_numerator / csat_response_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_response_rate_denominator 'Denominator of csat_response_rate; below small_sample of dim_tenant read the rate with care. Formula: ended episodes. Unit: count.'
comment marts.monthly_metrics.csat_response_rate_high 'Upper end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_response_rate_low 'Lower end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.csat_response_rate_numerator 'Numerator of csat_response_rate. Formula: ended episodes with a rating. Unit: count.'
comment marts.monthly_metrics.durable_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of durable_rate. Formula: ai_involved - durable_rate_denominator. Unit: count.'
comment marts.monthly_metrics.durable_rate 'Share of the AI-involved episodes that are AI resolutions that were not reopened within durable_days. NULL while no episode can be judged. Formula: durable_rate_numerator / durable_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.durable_rate_denominator 'Denominator of durable_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_durable known. Unit: count.'
comment marts.monthly_metrics.durable_rate_high 'Upper end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.durable_rate_low 'Lower end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.durable_rate_numerator 'Numerator of durable_rate. Formula: AI-involved episodes with is_durable true. Unit: count.'
comment marts.monthly_metrics.episodes_started 'Episodes that started in the period: the cohort of all rates below. Formula: episodes with start_date in the period. Unit: count.'
comment marts.monthly_metrics.escalated_cohort 'Episodes of the period''s cohort that were handed to a human, whatever came after. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''escalated''. Unit: count.'
comment marts.monthly_metrics.escalated_conversations 'Conversations handed to a human in the period, whenever they had started. Formula: distinct conversations with an episode whose escalated_date lies in the period. Unit: count.'
comment marts.monthly_metrics.escalation_rate 'Share of the period''s episodes that were handed to a human. NULL when no episode started. Formula: escalation_rate_numerator / escalation_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.escalation_rate_denominator 'Denominator of escalation_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.monthly_metrics.escalation_rate_high 'Upper end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.escalation_rate_low 'Lower end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.escalation_rate_numerator 'Numerator of escalation_rate. Formula: escalated_cohort. Unit: count.'
comment marts.monthly_metrics.is_partial 'The period has not ended yet: its counts will grow. Formula: period end > as_of. Unit: boolean.'
comment marts.monthly_metrics.is_provisional 'The cohort columns may still mature (open episodes end, durability settles); counts of happenings are final but for late events. Formula: period end > as_of - durable_days. Unit: boolean.'
comment marts.monthly_metrics.low_confidence_replies 'Replies whose confidence is below the threshold in force when their episode started. Formula: replies_with_confidence below gap_confidence_threshold. Unit: count.'
comment marts.monthly_metrics.month_start 'First day of the local month. Unit: local date.'
comment marts.monthly_metrics.no_repeat_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of no_repeat_rate. Formula: ai_involved - no_repeat_rate_denominator. Unit: count.'
comment marts.monthly_metrics.no_repeat_rate 'Share of the AI-involved episodes that are durable and whose customer started no other conversation within repeat_days. NULL while no episode can be judged. Formula: no_repeat_rate_numerator / no_repeat_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.no_repeat_rate_denominator 'Denominator of no_repeat_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_no_repeat known. Unit: count.'
comment marts.monthly_metrics.no_repeat_rate_high 'Upper end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.no_repeat_rate_low 'Lower end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.no_repeat_rate_numerator 'Numerator of no_repeat_rate. Formula: AI-involved episodes with is_no_repeat true. Unit: count.'
comment marts.monthly_metrics.open_cohort 'Episodes of the period''s cohort that have not ended yet. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''open''. Unit: count.'
comment marts.monthly_metrics.open_rate 'Share of the period''s episodes that have not ended yet. NULL when no episode started. Formula: open_rate_numerator / open_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.open_rate_denominator 'Denominator of open_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.monthly_metrics.open_rate_high 'Upper end of the 95 % interval of open_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.open_rate_low 'Lower end of the 95 % interval of open_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.open_rate_numerator 'Numerator of open_rate. Formula: open_cohort. Unit: count.'
comment marts.monthly_metrics.p50_first_response_business_ms 'Median time to the first answer in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of first_response_business_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p50_first_response_ms '50 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.50) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p50_resolution_business_ms 'Median time to resolution in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of resolution_business_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p50_resolution_ms '50 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.50) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p50_response_time_ms '50 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.50) over the replies of the period. Unit: milliseconds.'
comment marts.monthly_metrics.p90_first_response_ms '90 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.90) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p90_resolution_ms '90 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.90) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p90_response_time_ms '90 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.90) over the replies of the period. Unit: milliseconds.'
comment marts.monthly_metrics.p95_first_response_ms '95 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.95) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.monthly_metrics.p95_response_time_ms '95 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.95) over the replies of the period. Unit: milliseconds.'
comment marts.monthly_metrics.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.monthly_metrics.reopened_conversations 'Conversations that came back after an end. Formula: distinct conversations with an episode_no > 1 starting in the period. Unit: count.'
comment marts.monthly_metrics.replies_with_confidence 'Replies of the period that carry the agent''s own confidence. Formula: public replies of the period with a confidence. Unit: count.'
comment marts.monthly_metrics.resolution_rate 'Share of the period''s episodes that ended resolved. NULL when no episode started. Formula: resolution_rate_numerator / resolution_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.resolution_rate_denominator 'Denominator of resolution_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.monthly_metrics.resolution_rate_high 'Upper end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.resolution_rate_low 'Lower end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.resolution_rate_numerator 'Numerator of resolution_rate. Formula: resolved_cohort. Unit: count.'
comment marts.monthly_metrics.resolutions 'Resolutions, counted per episode: a conversation resolved, reopened and resolved again has two. Formula: episodes whose resolved_date lies in the period. Unit: count.'
comment marts.monthly_metrics.resolved_cohort 'Episodes of the period''s cohort that ended resolved, neither handed over nor closed by timeout or automation. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''resolved''. Unit: count.'
comment marts.monthly_metrics.resolved_conversations 'Conversations resolved in the period, whoever or whatever closed them and whenever they had started. A happening of the period, not the share of a cohort: see resolved_cohort. Formula: distinct conversations with an episode whose resolved_date lies in the period. Unit: count.'
comment marts.monthly_metrics.response_time_hist 'Histogram of the response times in logarithmic buckets; those of several periods add up and give percentiles within 1 %. {} without responses. Formula: {"i": count}, i = ceil(ln x / ln 1.02), -1 for x = 0. Unit: json.'
comment marts.monthly_metrics.response_time_sum_ms 'Sum of all response times of the period; with responses it gives the mean of any union of periods. Formula: sum of the response times. Unit: milliseconds.'
comment marts.monthly_metrics.responses 'Response times of the period: one per answered customer turn, and one per reply that carries its own response_time_ms. Formula: public replies that contribute a response time. Unit: count.'
comment marts.monthly_metrics.responses_explicit 'How many of the responses carry the product''s own response_time_ms instead of a measured one. Formula: responses whose value the product sent. Unit: count.'
comment marts.monthly_metrics.seed_resolution_rate 'The original rate: resolutions of the period divided by starts of the period, two different populations, so it may exceed 1. Kept for comparison; use resolution_rate. NULL when nothing started. Formula: resolved_conversations / total_conversations. Unit: ratio.'
comment marts.monthly_metrics.silence_rate 'Share of the period''s episodes that ended by silence after a real answer: perhaps solved, perhaps not. NULL when no episode started. Formula: silence_rate_numerator / silence_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.silence_rate_denominator 'Denominator of silence_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.monthly_metrics.silence_rate_high 'Upper end of the 95 % interval of silence_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.silence_rate_low 'Lower end of the 95 % interval of silence_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.silence_rate_numerator 'Numerator of silence_rate. Formula: silent_cohort. Unit: count.'
comment marts.monthly_metrics.silent_cohort 'Episodes of the period''s cohort that ended by silence after a real answer of the agent. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''silent''. Unit: count.'
comment marts.monthly_metrics.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.monthly_metrics.total_conversations 'Conversations that started in the period; each counts once, however often it was reopened. Formula: conversations whose episode 1 has start_date in the period. Unit: count.'
comment marts.monthly_metrics.total_messages 'Public messages of both sides, automatic ones included, private notes not. Formula: public message_sent + message_received in the period. Unit: count.'
comment marts.monthly_metrics.unanswered_conversations 'Episodes that ended abandoned while a customer message waited for a reply. Formula: episodes of the cohort with unanswered_turns > 0. Unit: count.'
comment marts.monthly_metrics.unique_customers 'Different customers who started, wrote, clicked or rated in the period. Counted afresh for each period: never add those of shorter ones. Formula: distinct customer_id in customer_days. Unit: count.'
comment marts.monthly_metrics.verified_of_contained_rate 'Share of the scored contained episodes whose headline score reaches verified_threshold. Only scored ones count: judges sample. NULL when no contained episode is scored. Formula: verified_of_contained_rate_numerator / verified_of_contained_rate_denominator. Unit: rate 0..1.'
comment marts.monthly_metrics.verified_of_contained_rate_denominator 'Denominator of verified_of_contained_rate; below small_sample of dim_tenant read the rate with care. Formula: contained episodes with a headline score. Unit: count.'
comment marts.monthly_metrics.verified_of_contained_rate_high 'Upper end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.verified_of_contained_rate_low 'Lower end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.monthly_metrics.verified_of_contained_rate_numerator 'Numerator of verified_of_contained_rate. Formula: contained episodes with is_verified true. Unit: count.'
comment marts.monthly_metrics.verified_pending 'AI-involved episodes that are open or without a score. Formula: ai_involved - episodes with is_verified known. Unit: count.'
comment marts.monthly_metrics.verified_rate 'Estimated share of AI-involved episodes that were contained and good. NULL when either factor is. Formula: contained_rate * verified_of_contained_rate. Unit: rate 0..1.'
comment marts.outcome_daily 'One row per tenant, local day, action type and outcome type. Outcomes by the local day of the action, for each pair of action type and outcome type, on every day from the pair''s first action to today.'
comment marts.outcome_daily.action_type 'What the agent did, as sent. Unit: name.'
comment marts.outcome_daily.actions 'Actions of the day; 0 on days without any since the first of the pair. Unit: count.'
comment marts.outcome_daily.aj_at_risk 'Actions still followed at the last event that aj_success_rate counts: when few are left, it rests on few. NULL on the running day and without any event. Unit: count.'
comment marts.outcome_daily.aj_n 'Actions followed for aj_success_rate: those of the last 30 days, or of the last three windows if that is longer, this day included; 0 is a known count. NULL on the running day. Formula: actions with metric_date in (metric_date - max(30, ceil(3 * window_hours / 24)), metric_date]. Unit: count.'
comment marts.outcome_daily.aj_success_rate 'Share of recent actions that succeed by the end of the window, estimated when the day closed by the method of Aalen and Johansen, so that actions still open count for as long as they were followed; 0 if none had succeeded by then. NULL on the running day and when no action was followed. Formula: sum over event times t <= window of S(t) * positives(t) / at_risk(t), S = product over earlier times of (1 - events / at_risk). Unit: rate 0..1.'
comment marts.outcome_daily.ambiguous 'Actions of the day of which the evidence decides nothing. Unit: count.'
comment marts.outcome_daily.expired 'Actions of the day whose window ended without evidence. Unit: count.'
comment marts.outcome_daily.is_provisional 'Whether some action of the day has not matured. Formula: matured < actions. Unit: true | false.'
comment marts.outcome_daily.matured 'Actions of the day whose window has ended. Unit: count.'
comment marts.outcome_daily.matured_labelled 'Matured actions of the day with a headline label. Unit: count.'
comment marts.outcome_daily.matured_positive 'Matured actions of the day with the headline label 1. Unit: count.'
comment marts.outcome_daily.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.outcome_daily.negative 'Actions of the day that are negative today, matured or not. Unit: count.'
comment marts.outcome_daily.outcome_type 'What success means, as sent. Unit: name.'
comment marts.outcome_daily.pending 'Actions of the day without evidence whose window has not ended. Unit: count.'
comment marts.outcome_daily.positive 'Actions of the day that are positive today, matured or not. Unit: count.'
comment marts.outcome_daily.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.outcome_daily.success_rate 'Share of the matured and labelled actions that succeeded. Counts add up over days, rates never. NULL while none is matured and labelled. Formula: matured_positive / matured_labelled. Unit: rate 0..1.'
comment marts.outcome_daily.success_rate_all_closed 'Rate of the original''s coaching. NULL when nothing is closed. Formula: positive / (actions - pending). Unit: rate 0..1.'
comment marts.outcome_daily.success_rate_all_created 'Rate of the original''s daily figures, which counts pending actions as failures. NULL without actions. Formula: positive / actions. Unit: rate 0..1.'
comment marts.outcome_daily.success_rate_high 'Upper end of the 95 % interval of success_rate. NULL while none is matured and labelled. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.outcome_daily.success_rate_low 'Lower end of the 95 % interval of success_rate. NULL while none is matured and labelled. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.outcome_daily.success_rate_resolved 'Rate of the original''s dashboards, which leaves silence out. NULL when nothing is positive or negative. Formula: positive / (positive + negative). Unit: rate 0..1.'
comment marts.outcome_daily.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.outcomes 'One row per tenant and action. Each action of an agent, what it predicted and what came of it. Late or shuffled evidence gives the same row: an expired outcome whose reply arrives late becomes positive.'
comment marts.outcomes.action_id 'The event_id under which the action was sent. Unit: identifier.'
comment marts.outcomes.action_type 'What the agent did, as sent. Unit: name.'
comment marts.outcomes.bin_index 'Bin of the confidence: [0, .1) is 0, [.9, 1] is 9. Binary neighbours of a tenth count as the tenth. Formula: least(9, floor(decimal(confidence, 12 places) * 10)). Unit: 0..9.'
comment marts.outcomes.channel 'Channel of the action, as sent. NULL when not sent. Unit: name.'
comment marts.outcomes.closed_won_at 'When the conversation''s deal was first won after the action, also past the window. NULL if it was not. Unit: instant.'
comment marts.outcomes.confidence 'The prediction, clamped to 0..1. Formula: least(1, greatest(0, predicted_confidence)). Unit: probability 0..1.'
comment marts.outcomes.conversation_id 'The conversation the action belongs to. NULL when it was sent without one: then no reply or deal stage can be its evidence. Unit: identifier.'
comment marts.outcomes.created_at 'When the agent acted. Unit: instant.'
comment marts.outcomes.deal_stage_at_creation 'Deal stage from which the action starts: as sent, else the last one its conversation had reached. NULL when neither is known, except for deal_progression, which then starts from prospecting. Unit: deal stage.'
comment marts.outcomes.detected_at 'When the deciding evidence arrived here. NULL without evidence. Unit: instant.'
comment marts.outcomes.escalation_trigger 'What triggered the escalation, as sent; unknown when not sent. Unit: name.'
comment marts.outcomes.evidence_event_id 'event_id of the deciding evidence, in the stream its kind belongs to. NULL without evidence. Unit: identifier.'
comment marts.outcomes.evidence_kind 'What decided. NULL without evidence. Unit: reply | deal_stage | signal | human_label.'
comment marts.outcomes.hours_to_resolution 'Hours from the action to its resolution, no more than the window. NULL while pending. Formula: least(resolved_at, window_expires_at) - created_at. Unit: hours.'
comment marts.outcomes.is_confidence_clamped 'Whether the prediction lay outside 0 to 1. Unit: true | false.'
comment marts.outcomes.is_matured 'Whether the window has ended. Formula: window_expires_at <= as_of. Unit: true | false.'
comment marts.outcomes.is_window_default 'Whether neither the action nor its outcome type has a window, so that it is the 168 hours of all other types. Unit: true | false.'
comment marts.outcomes.label 'Headline label: 1 positive, 0 negative, and 0 for an expired e-mail or deal, where silence is the failure. NULL until the window has ended, when ambiguous, and when expired on a type nobody detects by itself. Formula: label_policy headline. Unit: 0 | 1.'
comment marts.outcomes.label_expired_as_negative 'Label that takes every expired outcome for a failure. NULL until the window has ended and when ambiguous. Formula: label_policy expired_as_negative. Unit: 0 | 1.'
comment marts.outcomes.label_resolved_only 'Label of the replaced system: 1 positive, 0 negative, matured or not. NULL for every other status. Formula: label_policy resolved_only. Unit: 0 | 1.'
comment marts.outcomes.local_hour 'Local hour of created_at. Unit: hour 0..23.'
comment marts.outcomes.local_weekday 'Weekday of metric_date, Monday is 1. Unit: 1..7.'
comment marts.outcomes.metric_date 'Local day of created_at. Unit: local date.'
comment marts.outcomes.outcome_score 'How good, from 0 to 1: 1 for a reply, 0.2 per deal stage forward, else as the signal says. NULL when pending, expired or ambiguous about stages, or when the signal has no score. Unit: score 0..1.'
comment marts.outcomes.outcome_status 'What became of it: pending until its window ends, then expired, unless there is evidence. The latest label of a person wins over everything, else the earliest decisive evidence, else ambiguous if any evidence is. Unit: pending | positive | negative | ambiguous | expired.'
comment marts.outcomes.outcome_type 'What success means: email_engagement, deal_progression, meeting_outcome, escalation_result, or a type of the product''s own. Unit: name.'
comment marts.outcomes.persona 'Persona addressed, as sent. NULL when not sent. Unit: name.'
comment marts.outcomes.predicted_confidence 'Probability of success as the agent predicted it, even outside 0 to 1. Unit: probability.'
comment marts.outcomes.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.outcomes.rep_id 'The sales representative for whom the agent acted. NULL when none was sent. Unit: identifier.'
comment marts.outcomes.resolved_at 'When the deciding evidence occurred; the end of the window if it expired. NULL while pending. Unit: instant.'
comment marts.outcomes.signal_source 'Who decided: a detector (automatic, replies and deal stages included) or a person (human_label). NULL without evidence. Unit: automatic | human_label.'
comment marts.outcomes.stage_delta 'Deal stages forward (or back, below 0) by the deciding stage, else by the last one in the window. NULL for other types than deal_progression, without a stage in the window, and where a stage has no place in the order (closed_lost, stalled, unknown). Unit: stages.'
comment marts.outcomes.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.outcomes.touch_count 'How many actions the same event resolved positive; each has the linear weight 1 / touch_count. NULL unless positive. Unit: count.'
comment marts.outcomes.touch_position 'Place in time among the actions that the same event resolved positive: first touch is 1, last is touch_count. NULL unless positive. Unit: position.'
comment marts.outcomes.window_expires_at 'End of the window; evidence at that instant still counts. Formula: created_at + window_hours. Unit: instant.'
comment marts.outcomes.window_expires_date 'Local day of window_expires_at. Unit: local date.'
comment marts.outcomes.window_hours 'Hours after the action in which evidence counts: as sent, else those of its outcome type. Unit: hours.'
comment marts.post_performance 'One row per post and checkpoint that it has reached. Posts, reels, media and stories at the same ages, side by side, and as they stand at last. Values of a row are of one sample; what it does not tell is NULL, never 0. An age that a post has not reached has no row; one that nobody sampled in time has a row without values.'
comment marts.post_performance.account_id 'The Page or Instagram account. A medium that two accounts of a tenant list counts for the one that listed it first. Unit: identifier.'
comment marts.post_performance.account_name 'Name of the account as it is configured now. NULL if nobody gave it one. Unit: text.'
comment marts.post_performance.age_hours 'Age of the post at sample_at. NULL without sample or publication. Formula: sample_at - published_at. Unit: hours.'
comment marts.post_performance.average_watch_ms 'Average time of watching; replays can make it longer than the video. NULL if the sample does not tell it. Only videos and reels have it. Unit: milliseconds.'
comment marts.post_performance.checkpoint 'The age at which the post is looked at; latest is its newest sample. Compare posts at the same age. Unit: latest | 1h | 6h | 24h | 48h | 72h | 7d | 14d | 28d.'
comment marts.post_performance.clicks 'Clicks anywhere on a Facebook post. NULL if the sample does not tell it. Instagram and reels have none. Unit: count.'
comment marts.post_performance.comment_rate 'Comments per account reached. NULL if a side is unknown, reach is 0, or the two sides are known to count ads differently. Formula: comments / reach. Unit: ratio, may exceed 1.'
comment marts.post_performance.comments 'Comments. NULL if the sample does not tell it. Stories have none. Unit: count.'
comment marts.post_performance.engagement_rate_by_reach 'Interactions per account reached, both of one sample. NULL if a side is unknown, reach is 0, or the two sides are known to count ads differently. Formula: interactions / reach. Unit: ratio, may exceed 1.'
comment marts.post_performance.engagement_rate_by_views 'Interactions per view, both of one sample. NULL if a side is unknown, views is 0, or the two sides are known to count ads differently. Formula: interactions / views. Unit: ratio, may exceed 1.'
comment marts.post_performance.follows 'Accounts that began to follow from here. NULL if the sample does not tell it. Instagram reels have none. Unit: count.'
comment marts.post_performance.interactions 'Conscious acts: reactions (Instagram: likes), comments, shares and saves, as far as the catalogue knows them for this kind of object. NULL if one of them is unknown. Formula: reactions or likes + comments + shares + saved. Unit: count.'
comment marts.post_performance.is_deleted 'Whether Meta no longer has it: it said so for three days. The last samples stay. Unit: true | false.'
comment marts.post_performance.is_provisional 'Whether the row may still change: a checkpoint whose sample may still come, or the latest of a post that Meta still tells of. Unit: true | false.'
comment marts.post_performance.likes 'Likes; on Facebook they are some of the reactions. NULL if the sample does not tell it. Stories have none. Unit: count.'
comment marts.post_performance.link_clicks 'Clicks on links: of Facebook posts, and of stories. NULL if the sample does not tell it. Unit: count.'
comment marts.post_performance.media_product 'FEED, REELS, STORY, … as Meta writes it. NULL on Facebook, which has none. Unit: name.'
comment marts.post_performance.media_type 'IMAGE, VIDEO, CAROUSEL_ALBUM, … as Meta writes it. NULL where the list tells none. Unit: name.'
comment marts.post_performance.message 'Text of the post or caption, as the newest list shows it. NULL if it has none. Unit: text.'
comment marts.post_performance.paid_scope 'Whether ads are in views, reach and interactions: unstated as soon as Meta leaves one of them open. NULL if they are known to differ, or if none of them is known. Unit: organic | paid | all | unstated.'
comment marts.post_performance.permalink 'Address of the post. NULL where no list told it. Unit: URL.'
comment marts.post_performance.platform 'Where the post is. Unit: facebook | instagram.'
comment marts.post_performance.platform_post_id 'Meta''s id of the post, reel, medium or story. Unit: identifier.'
comment marts.post_performance.profile_visits 'Visits of the profile from here. NULL if the sample does not tell it. Facebook and reels have none. Unit: count.'
comment marts.post_performance.published_at 'When it was published. NULL while no list has told it: then there is no age, and no checkpoint but latest. Unit: UTC instant.'
comment marts.post_performance.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.post_performance.reach 'Accounts that saw it, each once. Never added over posts. NULL if the sample does not tell it. Facebook reels have none. Unit: accounts.'
comment marts.post_performance.reactions 'Reactions of all kinds, of Facebook. NULL if the sample does not tell it. Instagram has likes alone. Unit: count.'
comment marts.post_performance.replies 'Replies to a story. NULL if the sample does not tell it. Only stories have them. Unit: count.'
comment marts.post_performance.reposts 'Reposts on Instagram, less those taken back. NULL if the sample does not tell it. Facebook has none. Unit: count.'
comment marts.post_performance.sample_at 'When the sample behind the row was taken: the first one at or after the age and within its tolerance (1 h for 1h, 3 h for 6h, 6 h up to 72h, 24 h after that). NULL if there is none in time: all values are NULL. Unit: UTC instant.'
comment marts.post_performance.save_rate 'Saves per account reached. NULL if a side is unknown, reach is 0, or the two sides are known to count ads differently. Formula: saved / reach. Unit: ratio, may exceed 1.'
comment marts.post_performance.saved 'How often it was saved. NULL if the sample does not tell it. Facebook and stories have none. Unit: count.'
comment marts.post_performance.share_rate 'Shares per account reached. NULL if a side is unknown, reach is 0, or the two sides are known to count ads differently. Formula: shares / reach. Unit: ratio, may exceed 1.'
comment marts.post_performance.shares 'Shares. NULL if the sample does not tell it. Unit: count.'
comment marts.post_performance.skip_rate 'Share of views of an Instagram reel that ended within its first 3 seconds. NULL if the sample does not tell it. Formula: reels_skip_rate / 100. Unit: 0..1.'
comment marts.post_performance.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.post_performance.total_interactions 'Meta''s own sum of interactions on Instagram, less those taken back. NULL if the sample does not tell it. Facebook has none. Unit: count.'
comment marts.post_performance.video_view_time_ms 'Time that people watched, all together. NULL if the sample does not tell it. Only videos and reels have it. Unit: milliseconds.'
comment marts.post_performance.views 'How often it was seen: of stories their views, of Facebook reels all plays. NULL if the sample does not tell it. Unit: count.'
comment marts.publish_log 'One row per version, mart and tenant with a change. What each publish changed (tenant NULL for shared marts). Kept 90 days, the newest row of each tenant and mart always.'
comment marts.publish_log.as_of 'The one instant the refresh looked at: nothing after it exists in this version. Unit: UTC instant.'
comment marts.publish_log.cause 'Why rows changed: events, or what was asked for. Unit: label.'
comment marts.publish_log.cells_from 'First local day among the changed rows. NULL for marts without dates. Formula: min(date of the changed rows). Unit: local date.'
comment marts.publish_log.cells_to 'Last local day among the changed rows. NULL for marts without dates. Formula: max(date of the changed rows). Unit: local date.'
comment marts.publish_log.data_through 'Everything acknowledged before this instant is in the version. NULL when a stream it rests on has no complete part yet. Formula: earliest of the marks of the streams the mart rests on. Unit: UTC instant.'
comment marts.publish_log.mart 'Name of the mart. Unit: name.'
comment marts.publish_log.publish_id 'Number of the row. Unit: number.'
comment marts.publish_log.published_at 'When the version became visible. Unit: UTC instant.'
comment marts.publish_log.rows_deleted 'Rows that are gone. Formula: rows whose key was not built again. Unit: count.'
comment marts.publish_log.rows_inserted 'New rows. Formula: rows whose key the mart did not have. Unit: count.'
comment marts.publish_log.rows_updated 'Rows of which at least one column changed. Formula: rows of a known key with another value. Unit: count.'
comment marts.publish_log.run_id 'The refresh that published. Unit: identifier.'
comment marts.publish_log.tenant_id 'The tenant whose rows changed. NULL for shared marts. Unit: identifier.'
comment marts.publish_log.version 'Version of the marts: rises by 1 with every publish that changed a row, in order of commit. Formula: the version before + 1. Unit: number.'
comment marts.quality_daily 'One row per tenant, local start day of the conversation and scorer. Scores by the day the conversation started, so that late judging does not look like a change of quality; trends over 28 days; agreement of judges with people.'
comment marts.quality_daily.accuracy_mean 'Mean accuracy, unrounded inside. NULL when no score of the day has it. Formula: mean accuracy over conversations with a valid score. Unit: score 0..1.'
comment marts.quality_daily.agreement_n 'Pairs behind the agreement figures; 0 for scorers that are no judges. Formula: conversations of the trailing 28 days scored by this judge and by a human. Unit: count.'
comment marts.quality_daily.attempts 'Attempts to score, failed ones included. Unit: count.'
comment marts.quality_daily.bias 'Mean difference: above 0 the judge is kinder than people. NULL without pairs. Formula: mean (judge - human). Unit: score.'
comment marts.quality_daily.completeness_mean 'Mean completeness, unrounded inside. NULL when no score of the day has it. Formula: mean completeness over conversations with a valid score. Unit: score 0..1.'
comment marts.quality_daily.failed 'Failed attempts. Unit: count.'
comment marts.quality_daily.failure_rate 'Share of the attempts that failed. NULL without attempts. Formula: failure_rate_numerator / failure_rate_denominator. Unit: rate 0..1.'
comment marts.quality_daily.failure_rate_denominator 'Denominator of failure_rate; below small_sample of dim_tenant read the rate with care. Formula: attempts. Unit: count.'
comment marts.quality_daily.failure_rate_high 'Upper end of the 95 % interval of failure_rate. NULL without attempts. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.quality_daily.failure_rate_low 'Lower end of the 95 % interval of failure_rate. NULL without attempts. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.quality_daily.failure_rate_numerator 'Numerator of failure_rate. Formula: failed. Unit: count.'
comment marts.quality_daily.helpfulness_mean 'Mean helpfulness, unrounded inside. NULL when no score of the day has it. Formula: mean helpfulness over conversations with a valid score. Unit: score 0..1.'
comment marts.quality_daily.low_quality 'Conversations whose overall score is below 0.6. Formula: scored conversations with overall < 0.6. Unit: count.'
comment marts.quality_daily.mae 'Mean absolute difference of judge and human. NULL without pairs. Formula: mean |judge - human|. Unit: score.'
comment marts.quality_daily.metric_date 'Local day of the tenant, [00:00, next 00:00) in its zone: 23, 24 or 25 hours long, other lengths only where the tenant changed its zone. Unit: local date.'
comment marts.quality_daily.overall_change_28d 'Change against the 28 days before. NULL when either span has no score. Formula: overall_mean_28d - mean of the 28 days before. Unit: score.'
comment marts.quality_daily.overall_change_28d_z 'The change in units of its standard error. NULL when a span has fewer than two scores or neither has any spread. Formula: overall_change_28d / sqrt(se² + se²). Unit: standard errors.'
comment marts.quality_daily.overall_mean 'Mean overall score, unrounded inside. NULL when nothing was scored. Formula: mean overall score over conversations with a valid score. Unit: score 0..1.'
comment marts.quality_daily.overall_mean_28d 'Mean of the trailing 28 days. NULL when nothing was scored in them. Formula: mean overall score over the 28 local days that end with this one. Unit: score 0..1.'
comment marts.quality_daily.overall_se 'Standard error of overall_mean. NULL below two scores. Formula: sample standard deviation / sqrt(scored). Unit: score.'
comment marts.quality_daily.politeness_mean 'Mean politeness, unrounded inside. NULL when no score of the day has it. Formula: mean politeness over conversations with a valid score. Unit: score 0..1.'
comment marts.quality_daily.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.quality_daily.scored 'Conversations with a valid score of this scorer. Formula: conversations with a valid score. Unit: count.'
comment marts.quality_daily.scorer 'Who scored: a person, a rule or a judge model. Unit: name.'
comment marts.quality_daily.scorer_kind 'Kind of scorer. Unit: human | rule | judge.'
comment marts.quality_daily.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.quality_daily.weighted_kappa 'Agreement of judge and human beyond chance. NULL without pairs, or when both always give the same bin. Formula: 1 - sum(w O) / sum(w E), w = (i - j)² / 16, bins least(4, floor(5 overall)). Unit: kappa -1..1.'
comment marts.restatements 'One row per column of a mart row that changed after its period had been published as complete. Kept for ever; maturing of provisional columns is no restatement.'
comment marts.restatements.cause 'Why: late_event, correction, recalculation, zone_change, definition, erasure or drift. Unit: label.'
comment marts.restatements.column_name 'The column that changed. Unit: name.'
comment marts.restatements.mart 'Name of the mart. Unit: name.'
comment marts.restatements.metric_date 'Local day (or first day of the week or month) of the row. NULL when the row has no date. Unit: local date.'
comment marts.restatements.new_number 'Value after. NULL when it is unknown or no number, or the row is gone. Formula: new_value as a number. Unit: that of the column.'
comment marts.restatements.new_value 'Value after, as text. NULL when it is unknown, or the row is gone. Unit: text.'
comment marts.restatements.old_number 'Value before. NULL when it was unknown or no number. Formula: old_value as a number. Unit: that of the column.'
comment marts.restatements.old_value 'Value before, as text. NULL when it was unknown. Unit: text.'
comment marts.restatements.restated_at 'When the new value became visible. Unit: UTC instant.'
comment marts.restatements.restatement_id 'Number of the row. Unit: number.'
comment marts.restatements.row_key 'Key of the row without the tenant, as k=v;… Unit: text.'
comment marts.restatements.tenant_id 'The tenant whose number changed. Unit: identifier.'
comment marts.restatements.version 'Version that brought the new value. Unit: number.'
comment marts.weekly_metrics 'One row per tenant and local week, Monday to Sunday. As daily_metrics, counted afresh for whole weeks: distinct counts and percentiles are not sums or means of days.'
comment marts.weekly_metrics.abandoned_cohort 'Episodes of the period''s cohort that were abandoned: by explicit event, or by silence while an answer or a reply was still due. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''abandoned''. Unit: count.'
comment marts.weekly_metrics.abandoned_conversations 'Conversations the product declared abandoned in the period; silence is not counted here, see abandoned_cohort. Formula: distinct conversations with an episode whose abandoned_date lies in the period. Unit: count.'
comment marts.weekly_metrics.abandonment_rate 'Share of the period''s episodes that were abandoned. NULL when no episode started. Formula: abandonment_rate_numerator / abandonment_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.abandonment_rate_denominator 'Denominator of abandonment_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.weekly_metrics.abandonment_rate_high 'Upper end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.abandonment_rate_low 'Lower end of the 95 % interval of abandonment_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.abandonment_rate_numerator 'Numerator of abandonment_rate. Formula: abandoned_cohort. Unit: count.'
comment marts.weekly_metrics.ai_involved 'Episodes of the cohort in which the AI took part: the one population of the ladder below. Formula: episodes of the cohort with is_ai_involved. Unit: count.'
comment marts.weekly_metrics.ai_resolved_conversations 'Conversations that started in the period and of which the AI resolved an episode, that one or a later one. Formula: conversations started in the period with an episode that is_ai_resolution. Unit: count.'
comment marts.weekly_metrics.anonymous_conversations 'Conversations in which somebody without customer_id started, wrote, clicked or rated: what unique_customers cannot see. Formula: distinct conversations active in the period without customer_id. Unit: count.'
comment marts.weekly_metrics.assumed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of assumed_rate. Formula: ai_involved - assumed_rate_denominator. Unit: count.'
comment marts.weekly_metrics.assumed_rate 'Share of the AI-involved episodes that were contained, with an AI answer to a customer message, and ended resolved or silent. NULL while no episode can be judged. Formula: assumed_rate_numerator / assumed_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.assumed_rate_denominator 'Denominator of assumed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_assumed known. Unit: count.'
comment marts.weekly_metrics.assumed_rate_high 'Upper end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.assumed_rate_low 'Lower end of the 95 % interval of assumed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.assumed_rate_numerator 'Numerator of assumed_rate. Formula: AI-involved episodes with is_assumed true. Unit: count.'
comment marts.weekly_metrics.avg_conversation_length 'Mean number of public messages per episode of the cohort. NULL when no episode started. Formula: total_messages of the cohort / episodes_started. Unit: messages.'
comment marts.weekly_metrics.avg_csat 'Mean rating of the cohort. NULL without ratings. Formula: mean of csat_rating over the cohort. Unit: rating 1..5.'
comment marts.weekly_metrics.avg_first_response_ms 'Mean time to the first answer. NULL when no episode of the cohort has one. Formula: mean of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.avg_resolution_ms 'Mean time from start to resolution. NULL when nothing of the cohort is resolved. Formula: mean of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.avg_response_time_ms 'Mean response time of the period''s replies, in whole milliseconds. NULL without replies: no reply is not a reply after 0 ms. Formula: round(response_time_sum_ms / responses). Unit: milliseconds.'
comment marts.weekly_metrics.complete_days 'How many days of the period are complete as of this version. Formula: local days of the period that have a daily row and have ended. Unit: count.'
comment marts.weekly_metrics.confirmed_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of confirmed_rate. Formula: ai_involved - confirmed_rate_denominator. Unit: count.'
comment marts.weekly_metrics.confirmed_rate 'Share of the AI-involved episodes that were contained and confirmed by the customer or rated 4 or 5. NULL while no episode can be judged. Formula: confirmed_rate_numerator / confirmed_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.confirmed_rate_denominator 'Denominator of confirmed_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_confirmed known. Unit: count.'
comment marts.weekly_metrics.confirmed_rate_high 'Upper end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.confirmed_rate_low 'Lower end of the 95 % interval of confirmed_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.confirmed_rate_numerator 'Numerator of confirmed_rate. Formula: AI-involved episodes with is_confirmed true. Unit: count.'
comment marts.weekly_metrics.contained_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of contained_rate. Formula: ai_involved - contained_rate_denominator. Unit: count.'
comment marts.weekly_metrics.contained_rate 'Share of the AI-involved episodes that ended without handoff and without a human reply before the end. NULL while no episode can be judged. Formula: contained_rate_numerator / contained_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.contained_rate_denominator 'Denominator of contained_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_contained known. Unit: count.'
comment marts.weekly_metrics.contained_rate_high 'Upper end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.contained_rate_low 'Lower end of the 95 % interval of contained_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.contained_rate_numerator 'Numerator of contained_rate. Formula: AI-involved episodes with is_contained true. Unit: count.'
comment marts.weekly_metrics.csat_rate 'Share of the cohort''s ratings that are 4 or 5. NULL without ratings. Formula: csat_rate_numerator / csat_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_rate_denominator 'Denominator of csat_rate; below small_sample of dim_tenant read the rate with care. Formula: ratings. Unit: count.'
comment marts.weekly_metrics.csat_rate_high 'Upper end of the 95 % interval of csat_rate. NULL without ratings. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_rate_low 'Lower end of the 95 % interval of csat_rate. NULL without ratings. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_rate_numerator 'Numerator of csat_rate. Formula: ratings of 4 or 5. Unit: count.'
comment marts.weekly_metrics.csat_response_rate 'Share of the cohort''s ended episodes that were rated. NULL when no episode has ended. Formula: csat_response_rate_numerator / csat_response_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_response_rate_denominator 'Denominator of csat_response_rate; below small_sample of dim_tenant read the rate with care. Formula: ended episodes. Unit: count.'
comment marts.weekly_metrics.csat_response_rate_high 'Upper end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_response_rate_low 'Lower end of the 95 % interval of csat_response_rate. NULL when no episode has ended. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.csat_response_rate_numerator 'Numerator of csat_response_rate. Formula: ended episodes with a rating. Unit: count.'
comment marts.weekly_metrics.durable_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of durable_rate. Formula: ai_involved - durable_rate_denominator. Unit: count.'
comment marts.weekly_metrics.durable_rate 'Share of the AI-involved episodes that are AI resolutions that were not reopened within durable_days. NULL while no episode can be judged. Formula: durable_rate_numerator / durable_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.durable_rate_denominator 'Denominator of durable_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_durable known. Unit: count.'
comment marts.weekly_metrics.durable_rate_high 'Upper end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.durable_rate_low 'Lower end of the 95 % interval of durable_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.durable_rate_numerator 'Numerator of durable_rate. Formula: AI-involved episodes with is_durable true. Unit: count.'
comment marts.weekly_metrics.episodes_started 'Episodes that started in the period: the cohort of all rates below. Formula: episodes with start_date in the period. Unit: count.'
comment marts.weekly_metrics.escalated_cohort 'Episodes of the period''s cohort that were handed to a human, whatever came after. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''escalated''. Unit: count.'
comment marts.weekly_metrics.escalated_conversations 'Conversations handed to a human in the period, whenever they had started. Formula: distinct conversations with an episode whose escalated_date lies in the period. Unit: count.'
comment marts.weekly_metrics.escalation_rate 'Share of the period''s episodes that were handed to a human. NULL when no episode started. Formula: escalation_rate_numerator / escalation_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.escalation_rate_denominator 'Denominator of escalation_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.weekly_metrics.escalation_rate_high 'Upper end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.escalation_rate_low 'Lower end of the 95 % interval of escalation_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.escalation_rate_numerator 'Numerator of escalation_rate. Formula: escalated_cohort. Unit: count.'
comment marts.weekly_metrics.is_partial 'The period has not ended yet: its counts will grow. Formula: period end > as_of. Unit: boolean.'
comment marts.weekly_metrics.is_provisional 'The cohort columns may still mature (open episodes end, durability settles); counts of happenings are final but for late events. Formula: period end > as_of - durable_days. Unit: boolean.'
comment marts.weekly_metrics.low_confidence_replies 'Replies whose confidence is below the threshold in force when their episode started. Formula: replies_with_confidence below gap_confidence_threshold. Unit: count.'
comment marts.weekly_metrics.no_repeat_pending 'AI-involved episodes that cannot be judged yet (or never, for want of data): not part of no_repeat_rate. Formula: ai_involved - no_repeat_rate_denominator. Unit: count.'
comment marts.weekly_metrics.no_repeat_rate 'Share of the AI-involved episodes that are durable and whose customer started no other conversation within repeat_days. NULL while no episode can be judged. Formula: no_repeat_rate_numerator / no_repeat_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.no_repeat_rate_denominator 'Denominator of no_repeat_rate; below small_sample of dim_tenant read the rate with care. Formula: AI-involved episodes with is_no_repeat known. Unit: count.'
comment marts.weekly_metrics.no_repeat_rate_high 'Upper end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.no_repeat_rate_low 'Lower end of the 95 % interval of no_repeat_rate. NULL while no episode can be judged. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.no_repeat_rate_numerator 'Numerator of no_repeat_rate. Formula: AI-involved episodes with is_no_repeat true. Unit: count.'
comment marts.weekly_metrics.open_cohort 'Episodes of the period''s cohort that have not ended yet. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''open''. Unit: count.'
comment marts.weekly_metrics.open_rate 'Share of the period''s episodes that have not ended yet. NULL when no episode started. Formula: open_rate_numerator / open_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.open_rate_denominator 'Denominator of open_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.weekly_metrics.open_rate_high 'Upper end of the 95 % interval of open_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.open_rate_low 'Lower end of the 95 % interval of open_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.open_rate_numerator 'Numerator of open_rate. Formula: open_cohort. Unit: count.'
comment marts.weekly_metrics.p50_first_response_business_ms 'Median time to the first answer in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of first_response_business_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p50_first_response_ms '50 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.50) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p50_resolution_business_ms 'Median time to resolution in business time. NULL without a schedule of business hours. Formula: percentile_cont(0.50) of resolution_business_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p50_resolution_ms '50 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.50) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p50_response_time_ms '50 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.50) over the replies of the period. Unit: milliseconds.'
comment marts.weekly_metrics.p90_first_response_ms '90 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.90) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p90_resolution_ms '90 % of the resolutions took no longer. Exact; NULL when nothing of the cohort is resolved. Formula: percentile_cont(0.90) of resolution_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p90_response_time_ms '90 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.90) over the replies of the period. Unit: milliseconds.'
comment marts.weekly_metrics.p95_first_response_ms '95 % of the first answers came no later. Exact; NULL when no episode of the cohort has one. Formula: percentile_cont(0.95) of first_response_ms over the cohort. Unit: milliseconds.'
comment marts.weekly_metrics.p95_response_time_ms '95 % of the period''s response times are not longer. Exact; NULL without responses. Formula: percentile_cont(0.95) over the replies of the period. Unit: milliseconds.'
comment marts.weekly_metrics.published_version 'Version of the publish that last changed the row, for incremental refresh of BI tools.'
comment marts.weekly_metrics.reopened_conversations 'Conversations that came back after an end. Formula: distinct conversations with an episode_no > 1 starting in the period. Unit: count.'
comment marts.weekly_metrics.replies_with_confidence 'Replies of the period that carry the agent''s own confidence. Formula: public replies of the period with a confidence. Unit: count.'
comment marts.weekly_metrics.resolution_rate 'Share of the period''s episodes that ended resolved. NULL when no episode started. Formula: resolution_rate_numerator / resolution_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.resolution_rate_denominator 'Denominator of resolution_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.weekly_metrics.resolution_rate_high 'Upper end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.resolution_rate_low 'Lower end of the 95 % interval of resolution_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.resolution_rate_numerator 'Numerator of resolution_rate. Formula: resolved_cohort. Unit: count.'
comment marts.weekly_metrics.resolutions 'Resolutions, counted per episode: a conversation resolved, reopened and resolved again has two. Formula: episodes whose resolved_date lies in the period. Unit: count.'
comment marts.weekly_metrics.resolved_cohort 'Episodes of the period''s cohort that ended resolved, neither handed over nor closed by timeout or automation. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''resolved''. Unit: count.'
comment marts.weekly_metrics.resolved_conversations 'Conversations resolved in the period, whoever or whatever closed them and whenever they had started. A happening of the period, not the share of a cohort: see resolved_cohort. Formula: distinct conversations with an episode whose resolved_date lies in the period. Unit: count.'
comment marts.weekly_metrics.response_time_hist 'Histogram of the response times in logarithmic buckets; those of several periods add up and give percentiles within 1 %. {} without responses. Formula: {"i": count}, i = ceil(ln x / ln 1.02), -1 for x = 0. Unit: json.'
comment marts.weekly_metrics.response_time_sum_ms 'Sum of all response times of the period; with responses it gives the mean of any union of periods. Formula: sum of the response times. Unit: milliseconds.'
comment marts.weekly_metrics.responses 'Response times of the period: one per answered customer turn, and one per reply that carries its own response_time_ms. Formula: public replies that contribute a response time. Unit: count.'
comment marts.weekly_metrics.responses_explicit 'How many of the responses carry the product''s own response_time_ms instead of a measured one. Formula: responses whose value the product sent. Unit: count.'
comment marts.weekly_metrics.seed_resolution_rate 'The original rate: resolutions of the period divided by starts of the period, two different populations, so it may exceed 1. Kept for comparison; use resolution_rate. NULL when nothing started. Formula: resolved_conversations / total_conversations. Unit: ratio.'
comment marts.weekly_metrics.silence_rate 'Share of the period''s episodes that ended by silence after a real answer: perhaps solved, perhaps not. NULL when no episode started. Formula: silence_rate_numerator / silence_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.silence_rate_denominator 'Denominator of silence_rate; below small_sample of dim_tenant read the rate with care. Formula: episodes_started. Unit: count.'
comment marts.weekly_metrics.silence_rate_high 'Upper end of the 95 % interval of silence_rate. NULL when no episode started. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.silence_rate_low 'Lower end of the 95 % interval of silence_rate. NULL when no episode started. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.silence_rate_numerator 'Numerator of silence_rate. Formula: silent_cohort. Unit: count.'
comment marts.weekly_metrics.silent_cohort 'Episodes of the period''s cohort that ended by silence after a real answer of the agent. The five outcomes sum to episodes_started. Formula: episodes_started with outcome = ''silent''. Unit: count.'
comment marts.weekly_metrics.tenant_id 'The tenant (one store or account) the row belongs to. Unit: identifier.'
comment marts.weekly_metrics.total_conversations 'Conversations that started in the period; each counts once, however often it was reopened. Formula: conversations whose episode 1 has start_date in the period. Unit: count.'
comment marts.weekly_metrics.total_messages 'Public messages of both sides, automatic ones included, private notes not. Formula: public message_sent + message_received in the period. Unit: count.'
comment marts.weekly_metrics.unanswered_conversations 'Episodes that ended abandoned while a customer message waited for a reply. Formula: episodes of the cohort with unanswered_turns > 0. Unit: count.'
comment marts.weekly_metrics.unique_customers 'Different customers who started, wrote, clicked or rated in the period. Counted afresh for each period: never add those of shorter ones. Formula: distinct customer_id in customer_days. Unit: count.'
comment marts.weekly_metrics.verified_of_contained_rate 'Share of the scored contained episodes whose headline score reaches verified_threshold. Only scored ones count: judges sample. NULL when no contained episode is scored. Formula: verified_of_contained_rate_numerator / verified_of_contained_rate_denominator. Unit: rate 0..1.'
comment marts.weekly_metrics.verified_of_contained_rate_denominator 'Denominator of verified_of_contained_rate; below small_sample of dim_tenant read the rate with care. Formula: contained episodes with a headline score. Unit: count.'
comment marts.weekly_metrics.verified_of_contained_rate_high 'Upper end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: upper end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.verified_of_contained_rate_low 'Lower end of the 95 % interval of verified_of_contained_rate. NULL when no contained episode is scored. Formula: lower end of the Wilson 95 % interval. Unit: rate 0..1.'
comment marts.weekly_metrics.verified_of_contained_rate_numerator 'Numerator of verified_of_contained_rate. Formula: contained episodes with is_verified true. Unit: count.'
comment marts.weekly_metrics.verified_pending 'AI-involved episodes that are open or without a score. Formula: ai_involved - episodes with is_verified known. Unit: count.'
comment marts.weekly_metrics.verified_rate 'Estimated share of AI-involved episodes that were contained and good. NULL when either factor is. Formula: contained_rate * verified_of_contained_rate. Unit: rate 0..1.'
comment marts.weekly_metrics.week_start 'Monday of the local week. Unit: local date.'
comment ops.api_keys 'API keys. The secret has 256 random bits, so one SHA-256 is enough; the key itself is stored nowhere.'
comment ops.bi_tenants 'Which BI login sees which tenant; all_tenants logins get a row for each later tenant too.'
comment ops.cluster 'Transaction ids belong to one cluster: a restore into another one rebases the cursor.'
comment ops.event_partitions 'Which UTC days [day_from, day_to) each partition of raw.conversation_events holds.'
comment ops.idempotency 'First answer to each POST that carried an Idempotency-Key; kept 24 hours.'
comment ops.landed_files 'Landing files loaded to their end. A file that is not here is loaded (again): that is harmless.'
comment ops.landed_files.fingerprint 'Changes when the file does: fsspec''s ukey (ETag on S3, name, size and time on a disk).'
comment ops.landing_problems 'Landing files that could not be read to their end, as they were then. They are tried again when they change, and after an hour.'
comment ops.landing_problems.fingerprint 'As in ops.landed_files: a file with another one is another file.'
comment ops.migrations 'What `agentmarts migrate up` applied: numbered files once, R__ files again whenever they change.'
comment ops.portfolio_tenants 'Which tenants a key of scope portfolio sees.'
comment ops.publish_cursor 'One row: the next window begins at xid_to; version is the newest published one.'
comment ops.publish_cursor.definition_hash 'Checksum of the dbt models and macros of the last publish; another one makes a recalculation (cause definition).'
comment ops.refresh_state 'One row: how the last refresh ended, and why if it did not publish.'
comment ops.stream_marks 'Everything a tenant''s stream acknowledged before complete_through is in the marts.'
comment raw.agent_actions 'An agent acted and predicted how likely success is; event_id is the action''s id.'
comment raw.agent_actions.predicted_confidence 'As sent; values outside 0..1 are clamped in the marts and marked there.'
comment raw.collection_ledger 'Append-only: asked versus answered. A plan key with a row in any state but throttled and error is settled and not sent again.'
comment raw.collection_ledger.counted_calls 'What Meta counts: every item of a batch. Booked like http_calls.'
comment raw.collection_ledger.http_calls 'Round trips booked on this row; a request with several rows books them once, so sums are true.'
comment raw.collection_ledger.metric '* when the row speaks of all metrics asked for.'
comment raw.collection_ledger.object_id 'Set for age slots and for exceptions of one object; empty when the row speaks of all.'
comment raw.collection_ledger.plan_key 'Hash of account, group, window or slot, objects, and for restated windows the date: the same need has the same key in every run.'
comment raw.collection_ledger.response_id 'NULL when no answer came; the answer may have been dropped by age.'
comment raw.collection_ledger.retry_after 'Not to be asked before this; infinity: never again. For one object where object_id is set, otherwise for the metric. NULL: no reason to wait.'
comment raw.conversation_events 'Something that happened in a conversation, as sent. Day partitions by UTC day of occurred_at; days long past share a month partition.'
comment raw.conversation_events.event_data 'Everything that has no column of its own, unknown keys included.'
comment raw.conversation_events.naive_timestamp 'occurred_at was sent without a zone and read as UTC.'
comment raw.event_ledger 'Every event id ever accepted, with 128 bits of its body''s SHA-256: the one arbiter of duplicates; outlives retention of the events.'
comment raw.feedback 'A person rated something: inline -1, 0 or 1, dashboard 1 to 5.'
comment raw.graph_accounts 'Configuration: one row per Facebook Page or Instagram professional account that is collected, with the last news of its token.'
comment raw.graph_accounts.account_id 'Our own id: it enters fact_id, so it never changes.'
comment raw.graph_accounts.api_version 'The version that is asked for. Which one answered stands in graph_responses.served_version.'
comment raw.graph_accounts.collect_from 'First day of interest; objects published since count from 0. NULL: as far back as Meta keeps.'
comment raw.graph_accounts.data_access_expires_at 'When Meta stops answering unless the person logs in again. NULL: never, or not checked yet.'
comment raw.graph_accounts.day_rule_source 'default: not measured; calibrated: Meta''s own answers agreed with it; manual: a person said so, and calibration leaves it alone.'
comment raw.graph_accounts.graph_id 'Id of the Page or of the Instagram user at Meta.'
comment raw.graph_accounts.ig_day_boundary 'Where a day of this account ends. NULL for Facebook: Pacific midnight.'
comment raw.graph_accounts.ig_day_shift 'Days from the UTC date of a series'' stamp to the day it stands for. NULL for Facebook, whose rule is no question.'
comment raw.graph_accounts.ingest_xid 'The transaction that last changed what the account''s facts mean (day rule, first day, activity). News of the token leave it alone.'
comment raw.graph_accounts.parent_graph_id 'The Page an Instagram account hangs on. NULL for Pages and with Instagram Login.'
comment raw.graph_accounts.token_expires_at 'As /debug_token says. NULL: never, or not checked yet (token_checked_at).'
comment raw.graph_accounts.token_fingerprint 'Beginning of the token''s SHA-256, to see that it was exchanged. NULL before the first check.'
comment raw.graph_accounts.token_ref 'Name under which the secret store keeps the token; never the token.'
comment raw.graph_budgets 'Present state, not history: how much of each of Meta''s call budgets is used, and until when nothing may be sent on it.'
comment raw.graph_budgets.blocked_by_code 'Meta''s error code behind blocked_until. NULL: our own stop at high usage, or a throttle without a code.'
comment raw.graph_budgets.blocked_until 'Nothing is sent before this. NULL: never blocked.'
comment raw.graph_budgets.call_pct 'Share of the budget used, in percent, as a header last said. NULL until one did: Meta sends it only after enough calls.'
comment raw.graph_budgets.cpu_pct 'Share of the CPU time used, in percent. NULL until a header said.'
comment raw.graph_budgets.next_send_at 'Pacing: the next send may not be earlier. Moved on with each permission, so two collectors never take the same slot. NULL: at once.'
comment raw.graph_budgets.scope_id 'Id of the app, the user of the token, the Page or the Instagram account at Meta.'
comment raw.graph_budgets.tenant_id 'NULL for the app, whose budget all tenants share.'
comment raw.graph_budgets.time_pct 'Share of the total time used, in percent. NULL until a header said.'
comment raw.graph_budgets.use_case 'Type of X-Business-Use-Case-Usage, e.g. pages; empty for the other counters.'
comment raw.graph_budgets.used_at 'When the percentages were true. After an hour they say nothing any more.'
comment raw.graph_objects 'Append-only: posts, reels, media and stories as lists show them. A change, or the deletion, is a new revision; the newest holds.'
comment raw.graph_objects.is_deleted 'Meta no longer knows it. It may come back: then a later revision says false.'
comment raw.graph_objects.media_product 'FEED, REELS, STORY … as Meta writes it: decides which metrics there are. NULL where the platform has none.'
comment raw.graph_objects.published_at 'NULL when no list has told it yet.'
comment raw.graph_responses 'Append-only: what Meta answered, without anything secret, for replay and evidence. What was asked and answered is kept for a time, no fact depends on it; when, by which version and at what usage stays, which collection_health tells of all its days.'
comment raw.graph_responses.batch_index 'Place in a batch. NULL when the request was sent alone.'
comment raw.graph_responses.body 'NULL when there was none that could be read, or when it was purged.'
comment raw.graph_responses.http_status 'Of the item in a batch. NULL when nothing came back.'
comment raw.graph_responses.is_purged 'Whether path, params and body are gone because the answer is old.'
comment raw.graph_responses.path 'Below host and version, without the query.'
comment raw.graph_responses.plan_key 'What was asked for: see raw.collection_ledger.'
comment raw.graph_responses.served_version 'Header facebook-api-version: the only witness that a dead version was replaced by another. NULL when it was missing.'
comment raw.graph_responses.usage 'Headers of usage. NULL when there were none, which is not zero.'
comment raw.metric_observations 'Append-only: values as Meta gave them. Of a window''s revisions the newest with observed_at up to an instant is what was known then; of samples every revision is one.'
comment raw.metric_observations.dim_key 'Names of the dimensions, sorted and joined by |; key for a dictionary of values; empty without.'
comment raw.metric_observations.fact_id 'What the value is about: UUIDv5 of account, group, object, metric, period, dimensions, window and slot. A restated value keeps it.'
comment raw.metric_observations.is_final 'Observed long enough after the window''s end that Meta restates it no more. Samples are final at once.'
comment raw.metric_observations.raw_end_time 'The stamp as Meta wrote it, so that another day rule can date it anew. NULL where none came.'
comment raw.metric_observations.response_id 'The answer it was read from; that row may have been dropped by age.'
comment raw.metric_observations.revision '1, 2, … in order of arrival; a new one only when value, state or is_final differ from the one before.'
comment raw.metric_observations.sample_slot 'day:YYYY-MM-DD (the tenant''s day) or age:24h; empty for windows.'
comment raw.metric_observations.state 'ok; empty: Meta had nothing to say; zero_provisional: a 0 soon after the window''s end, perhaps not counted yet; below_threshold: too few people.'
comment raw.metric_observations.value 'NULL is unknown: see state. Never 0 for want of an answer.'
comment raw.metric_observations.window_end 'End of the asked window, exclusive; of a series its stamp. NULL for samples.'
comment raw.metric_observations.window_start 'Start of the asked window, inclusive. NULL for series, whose window staging derives, and for samples.'
comment raw.outcome_signals 'Evidence on an action, by a detector or a person. A later human label supersedes an earlier one; both stay. May arrive before its action.'
comment raw.quality_scores 'A judge, rule or human scored a conversation; error instead of scores when the attempt failed.'
comment raw.quarantine 'Rows that were refused, once per payload and reason, with what a person needs to mend them.'
comment raw.quarantine.payload 'The row as sent: JSON text, ASCII-escaped; base64 when it is not JSON.'
comment raw.quarantine.source 'File and line, or the endpoint, where it was first seen.'
comment raw.streams 'Short numbers for stream names, so that the ledger stays slim.'
comment raw.tenant_parameters 'Append-only: of rows with the same tenant, parameter and valid_from the newest parameter_id holds.'
comment raw.tenant_parameters.valid_from 'Local date from which the value holds; NULL = since ever.'
comment raw.tenant_parameters.value 'A JSON string (timezone), number, or for business_hours [{"weekday":1,"opens":"09:00","closes":"17:00"}], for holidays ["2025-06-09"].'
comment raw.tenants 'One row per tenant.'
comment raw.touch_marks 'Cells to recompute, asked for explicitly; tenant_id NULL means every tenant. Local dates, both inclusive.'
constraint build.run_window CHECK ((cause = ANY (ARRAY['recalculation'::text, 'definition'::text, 'zone_change'::text, 'erasure'::text, 'drift'::text])))
constraint build.run_window CHECK ((mode = ANY (ARRAY['incremental'::text, 'full'::text])))
constraint build.run_window CHECK (only_row)
constraint build.run_window PRIMARY KEY (only_row)
constraint marts.account_reach CHECK ((day_basis = ANY (ARRAY['pacific'::text, 'utc'::text, 'account'::text])))
constraint marts.account_reach CHECK ((metric_name = ANY (ARRAY['reach'::text, 'accounts_engaged'::text])))
constraint marts.account_reach CHECK ((paid_scope = ANY (ARRAY['organic'::text, 'paid'::text, 'all'::text, 'unstated'::text])))
constraint marts.account_reach CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text])))
constraint marts.account_reach CHECK ((state = ANY (ARRAY['ok'::text, 'empty'::text, 'zero_provisional'::text, 'below_threshold'::text])))
constraint marts.account_reach CHECK ((window_days = ANY (ARRAY[1, 7, 28])))
constraint marts.account_reach FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.account_reach FOREIGN KEY (window_end_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.account_reach PRIMARY KEY (tenant_id, account_id, metric_name, window_days, window_end_date)
constraint marts.calibration_adjustments CHECK ((direction = ANY (ARRAY['decrease'::text, 'increase'::text])))
constraint marts.calibration_adjustments FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_adjustments PRIMARY KEY (tenant_id, action_type, label_policy)
constraint marts.calibration_bins CHECK (((bin_index >= 0) AND (bin_index <= 9)))
constraint marts.calibration_bins FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_bins PRIMARY KEY (tenant_id, action_type, label_policy, bin_index)
constraint marts.calibration_history FOREIGN KEY (as_of_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_history FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_history PRIMARY KEY (tenant_id, action_type, as_of_date)
constraint marts.calibration_map CHECK ((status = ANY (ARRAY['no_data'::text, 'low_n'::text, 'ok'::text])))
constraint marts.calibration_map FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_map PRIMARY KEY (tenant_id, action_type, p_raw)
constraint marts.calibration_summary CHECK ((direction = ANY (ARRAY['calibrated'::text, 'overconfident'::text, 'underconfident'::text, 'unclear'::text])))
constraint marts.calibration_summary CHECK ((status = ANY (ARRAY['no_data'::text, 'low_n'::text, 'provisional'::text, 'ok'::text])))
constraint marts.calibration_summary FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.calibration_summary PRIMARY KEY (tenant_id, action_type, label_policy)
constraint marts.coaching_patterns CHECK ((dimension = ANY (ARRAY['action_type'::text, 'outcome_type'::text, 'hour'::text, 'weekday'::text, 'deal_stage'::text, 'channel'::text, 'persona'::text, 'escalation_trigger'::text])))
constraint marts.coaching_patterns CHECK ((test = ANY (ARRAY['z'::text, 'fisher'::text])))
constraint marts.coaching_patterns FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.coaching_patterns PRIMARY KEY (tenant_id, window_days, dimension, segment, outcome_type)
constraint marts.collection_health CHECK ((day_rule_source = ANY (ARRAY['default'::text, 'calibrated'::text, 'manual'::text])))
constraint marts.collection_health CHECK ((status = ANY (ARRAY['ok'::text, 'partial'::text, 'stale'::text, 'quarantined'::text, 'blocked'::text])))
constraint marts.collection_health CHECK ((token_state = ANY (ARRAY['ok'::text, 'expiring'::text, 'invalid'::text, 'missing_scope'::text, 'unknown'::text])))
constraint marts.collection_health FOREIGN KEY (collection_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.collection_health FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.collection_health PRIMARY KEY (tenant_id, account_id, collection_date, metric_name)
constraint marts.conversation_quality_scores FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.conversation_quality_scores PRIMARY KEY (tenant_id, conversation_id, scorer_kind, scorer)
constraint marts.conversations CHECK ((abandon_kind = ANY (ARRAY['unanswered'::text, 'customer_silent'::text, 'empty'::text, 'explicit'::text])))
constraint marts.conversations CHECK ((outcome = ANY (ARRAY['escalated'::text, 'resolved'::text, 'abandoned'::text, 'silent'::text, 'open'::text])))
constraint marts.conversations FOREIGN KEY (start_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.conversations FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.conversations PRIMARY KEY (tenant_id, conversation_id, episode_no)
constraint marts.customer_days FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.customer_days FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.customer_days PRIMARY KEY (tenant_id, metric_date, customer_id)
constraint marts.daily_metrics FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.daily_metrics FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.daily_metrics PRIMARY KEY (tenant_id, metric_date)
constraint marts.dim_date PRIMARY KEY (metric_date)
constraint marts.dim_tenant PRIMARY KEY (tenant_id)
constraint marts.dim_tenant_parameters FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.dim_tenant_parameters PRIMARY KEY (tenant_id, parameter, valid_from)
constraint marts.engagement_metrics CHECK ((algorithm_class = ANY (ARRAY['dependent'::text, 'independent'::text, 'neutral'::text])))
constraint marts.engagement_metrics CHECK ((day_basis = ANY (ARRAY['pacific'::text, 'utc'::text, 'account'::text, 'tenant'::text])))
constraint marts.engagement_metrics CHECK ((days_covered >= 1))
constraint marts.engagement_metrics CHECK ((object_level = ANY (ARRAY['account'::text, 'post'::text])))
constraint marts.engagement_metrics CHECK ((paid_scope = ANY (ARRAY['organic'::text, 'paid'::text, 'all'::text, 'unstated'::text])))
constraint marts.engagement_metrics CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text])))
constraint marts.engagement_metrics CHECK ((state = ANY (ARRAY['ok'::text, 'empty'::text, 'zero_provisional'::text, 'below_threshold'::text, 'no_sample'::text, 'first_sample'::text])))
constraint marts.engagement_metrics FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.engagement_metrics FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.engagement_metrics PRIMARY KEY (tenant_id, account_id, object_level, object_id, metric_name, dim_key, dim_value, metric_date)
constraint marts.feedback_entries CHECK ((source = ANY (ARRAY['inline'::text, 'dashboard'::text])))
constraint marts.feedback_entries CHECK ((target_type = ANY (ARRAY['message'::text, 'decision'::text, 'conversation'::text])))
constraint marts.feedback_entries FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.feedback_entries FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.feedback_entries PRIMARY KEY (tenant_id, feedback_id)
constraint marts.feedback_summary FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.feedback_summary FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.feedback_summary PRIMARY KEY (tenant_id, metric_date, source, target_type, reviewer_role)
constraint marts.hourly_metrics FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.hourly_metrics FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.hourly_metrics PRIMARY KEY (tenant_id, hour_start)
constraint marts.metric_definitions PRIMARY KEY (mart, column_name)
constraint marts.monthly_metrics FOREIGN KEY (month_start) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.monthly_metrics FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.monthly_metrics PRIMARY KEY (tenant_id, month_start)
constraint marts.outcome_daily FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.outcome_daily FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.outcome_daily PRIMARY KEY (tenant_id, metric_date, action_type, outcome_type)
constraint marts.outcomes CHECK (((bin_index >= 0) AND (bin_index <= 9)))
constraint marts.outcomes CHECK ((evidence_kind = ANY (ARRAY['reply'::text, 'deal_stage'::text, 'signal'::text, 'human_label'::text])))
constraint marts.outcomes CHECK ((outcome_status = ANY (ARRAY['pending'::text, 'positive'::text, 'negative'::text, 'ambiguous'::text, 'expired'::text])))
constraint marts.outcomes CHECK ((signal_source = ANY (ARRAY['automatic'::text, 'human_label'::text])))
constraint marts.outcomes FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.outcomes FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.outcomes PRIMARY KEY (tenant_id, action_id)
constraint marts.post_performance CHECK ((checkpoint = ANY (ARRAY['latest'::text, '1h'::text, '6h'::text, '24h'::text, '48h'::text, '72h'::text, '7d'::text, '14d'::text, '28d'::text])))
constraint marts.post_performance CHECK ((paid_scope = ANY (ARRAY['organic'::text, 'paid'::text, 'all'::text, 'unstated'::text])))
constraint marts.post_performance CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text])))
constraint marts.post_performance FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.post_performance PRIMARY KEY (tenant_id, platform, platform_post_id, checkpoint)
constraint marts.publish_log PRIMARY KEY (publish_id)
constraint marts.publish_log UNIQUE NULLS NOT DISTINCT (version, mart, tenant_id)
constraint marts.quality_daily FOREIGN KEY (metric_date) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.quality_daily FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.quality_daily PRIMARY KEY (tenant_id, metric_date, scorer_kind, scorer)
constraint marts.restatements CHECK ((cause = ANY (ARRAY['late_event'::text, 'correction'::text, 'recalculation'::text, 'zone_change'::text, 'definition'::text, 'erasure'::text, 'drift'::text])))
constraint marts.restatements PRIMARY KEY (restatement_id)
constraint marts.weekly_metrics FOREIGN KEY (tenant_id) REFERENCES marts.dim_tenant(tenant_id) DEFERRABLE INITIALLY DEFERRED
constraint marts.weekly_metrics FOREIGN KEY (week_start) REFERENCES marts.dim_date(metric_date) DEFERRABLE INITIALLY DEFERRED
constraint marts.weekly_metrics PRIMARY KEY (tenant_id, week_start)
constraint ops.api_keys CHECK ((key_id ~ '^[0-9A-Za-z]{8}$'::text))
constraint ops.api_keys CHECK ((scopes <@ ARRAY['read'::text, 'write'::text, 'portfolio'::text, 'admin'::text]))
constraint ops.api_keys PRIMARY KEY (key_id)
constraint ops.bi_tenants PRIMARY KEY (role_name, tenant_id)
constraint ops.cluster CHECK (only_row)
constraint ops.cluster PRIMARY KEY (only_row)
constraint ops.event_partitions CHECK ((day_to > day_from))
constraint ops.event_partitions PRIMARY KEY (partition_name)
constraint ops.event_partitions UNIQUE (day_from)
constraint ops.idempotency CHECK ((length(idempotency_key) <= 255))
constraint ops.idempotency PRIMARY KEY (tenant_id, path, idempotency_key)
constraint ops.landed_files PRIMARY KEY (stream, url, fingerprint)
constraint ops.landing_problems PRIMARY KEY (url)
constraint ops.migrations PRIMARY KEY (version)
constraint ops.portfolio_tenants PRIMARY KEY (portfolio_id, tenant_id)
constraint ops.publish_cursor CHECK (only_row)
constraint ops.publish_cursor PRIMARY KEY (only_row)
constraint ops.refresh_state CHECK ((status = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'failed'::text, 'needs_approval'::text])))
constraint ops.refresh_state CHECK (only_row)
constraint ops.refresh_state PRIMARY KEY (only_row)
constraint ops.stream_marks PRIMARY KEY (stream, tenant_id)
constraint raw.agent_actions PRIMARY KEY (tenant_id, event_id)
constraint raw.collection_ledger CHECK ((answered_count >= 0))
constraint raw.collection_ledger CHECK ((asked_count >= 0))
constraint raw.collection_ledger CHECK ((attempt >= 1))
constraint raw.collection_ledger CHECK ((counted_calls >= 0))
constraint raw.collection_ledger CHECK ((http_calls >= 0))
constraint raw.collection_ledger CHECK ((state = ANY (ARRAY['ok'::text, 'empty'::text, 'zero_provisional'::text, 'not_supported'::text, 'below_threshold'::text, 'not_permitted'::text, 'deprecated'::text, 'deleted'::text, 'throttled'::text, 'error'::text])))
constraint raw.collection_ledger FOREIGN KEY (tenant_id, account_id) REFERENCES raw.graph_accounts(tenant_id, account_id)
constraint raw.collection_ledger PRIMARY KEY (ledger_id)
constraint raw.collection_ledger UNIQUE (tenant_id, plan_key, attempt, metric, state, object_id)
constraint raw.conversation_events PRIMARY KEY (tenant_id, conversation_id, event_id, occurred_at)
constraint raw.event_ledger PRIMARY KEY (tenant_id, stream_id, event_id)
constraint raw.feedback PRIMARY KEY (tenant_id, event_id)
constraint raw.graph_accounts CHECK ((((platform = 'instagram'::text) = (ig_day_shift IS NOT NULL)) AND ((platform = 'instagram'::text) = (ig_day_boundary IS NOT NULL))))
constraint raw.graph_accounts CHECK ((api_version ~ '^v[0-9]{1,3}\.[0-9]$'::text))
constraint raw.graph_accounts CHECK ((day_rule_source = ANY (ARRAY['default'::text, 'calibrated'::text, 'manual'::text])))
constraint raw.graph_accounts CHECK ((graph_id ~ '^[0-9A-Za-z_]{1,64}$'::text))
constraint raw.graph_accounts CHECK ((ig_day_boundary = ANY (ARRAY['utc'::text, 'account'::text, 'pacific'::text])))
constraint raw.graph_accounts CHECK ((ig_day_shift = ANY (ARRAY[0, '-1'::integer])))
constraint raw.graph_accounts CHECK ((length(token_fingerprint) <= 64))
constraint raw.graph_accounts CHECK ((login_kind = ANY (ARRAY['facebook_login'::text, 'instagram_login'::text])))
constraint raw.graph_accounts CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text])))
constraint raw.graph_accounts CHECK ((token_kind = ANY (ARRAY['page'::text, 'system_user'::text, 'user'::text])))
constraint raw.graph_accounts CHECK ((token_ref ~ '^[A-Za-z_][A-Za-z0-9_]{0,59}$'::text))
constraint raw.graph_accounts CHECK ((token_state = ANY (ARRAY['ok'::text, 'expiring'::text, 'invalid'::text, 'missing_scope'::text, 'unknown'::text])))
constraint raw.graph_accounts FOREIGN KEY (tenant_id) REFERENCES raw.tenants(tenant_id)
constraint raw.graph_accounts PRIMARY KEY (tenant_id, account_id)
constraint raw.graph_accounts UNIQUE (tenant_id, platform, graph_id)
constraint raw.graph_budgets CHECK (((last_usage)::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}'::text))
constraint raw.graph_budgets CHECK (((scope = 'app'::text) = (tenant_id IS NULL)))
constraint raw.graph_budgets CHECK ((call_pct >= (0)::numeric))
constraint raw.graph_budgets CHECK ((cpu_pct >= (0)::numeric))
constraint raw.graph_budgets CHECK ((scope = ANY (ARRAY['app'::text, 'user'::text, 'page'::text, 'instagram'::text])))
constraint raw.graph_budgets CHECK ((time_pct >= (0)::numeric))
constraint raw.graph_budgets PRIMARY KEY (app_id, scope, scope_id, use_case)
constraint raw.graph_objects CHECK ((object_id <> ''::text))
constraint raw.graph_objects CHECK ((object_type = ANY (ARRAY['post'::text, 'reel'::text, 'video'::text, 'ig_media'::text, 'story'::text])))
constraint raw.graph_objects CHECK ((revision >= 1))
constraint raw.graph_objects FOREIGN KEY (tenant_id, account_id) REFERENCES raw.graph_accounts(tenant_id, account_id)
constraint raw.graph_objects PRIMARY KEY (tenant_id, account_id, object_id, revision)
constraint raw.graph_responses CHECK ((((params)::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}'::text) AND (GREATEST(length((params ->> 'input_token'::text)), length((params ->> 'client_secret'::text)), length((params ->> 'fb_exchange_token'::text)), 0) < 24)))
constraint raw.graph_responses CHECK (((body)::text !~* 'access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}'::text))
constraint raw.graph_responses CHECK ((attempt >= 1))
constraint raw.graph_responses CHECK ((batch_index >= 0))
constraint raw.graph_responses CHECK ((duration_ms >= 0))
constraint raw.graph_responses CHECK ((path !~ '[?#]'::text))
constraint raw.graph_responses FOREIGN KEY (tenant_id, account_id) REFERENCES raw.graph_accounts(tenant_id, account_id)
constraint raw.graph_responses PRIMARY KEY (tenant_id, response_id)
constraint raw.metric_observations CHECK (((state <> 'zero_provisional'::text) OR (value = (0)::numeric)))
constraint raw.metric_observations CHECK (((value IS NULL) = (state = ANY (ARRAY['empty'::text, 'below_threshold'::text]))))
constraint raw.metric_observations CHECK ((object_type = ANY (ARRAY['page'::text, 'post'::text, 'reel'::text, 'video'::text, 'ig_user'::text, 'ig_media'::text, 'story'::text])))
constraint raw.metric_observations CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text])))
constraint raw.metric_observations CHECK ((revision >= 1))
constraint raw.metric_observations CHECK ((state = ANY (ARRAY['ok'::text, 'empty'::text, 'zero_provisional'::text, 'below_threshold'::text])))
constraint raw.metric_observations CHECK ((value <> ALL (ARRAY['NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric])))
constraint raw.metric_observations CHECK ((window_start < window_end))
constraint raw.metric_observations FOREIGN KEY (tenant_id, account_id) REFERENCES raw.graph_accounts(tenant_id, account_id)
constraint raw.metric_observations PRIMARY KEY (tenant_id, fact_id, revision)
constraint raw.outcome_signals PRIMARY KEY (tenant_id, event_id)
constraint raw.quality_scores PRIMARY KEY (tenant_id, conversation_id, event_id)
constraint raw.quarantine CHECK ((payload_encoding = ANY (ARRAY['json'::text, 'base64'::text])))
constraint raw.quarantine PRIMARY KEY (quarantine_id)
constraint raw.quarantine UNIQUE NULLS NOT DISTINCT (tenant_id, stream, payload_hash, reason)
constraint raw.streams PRIMARY KEY (stream_id)
constraint raw.tenant_parameters CHECK ((parameter = ANY (ARRAY['timezone'::text, 'assume_after_hours'::text, 'abandon_after_hours'::text, 'durable_days'::text, 'repeat_days'::text, 'verified_threshold'::text, 'small_sample'::text, 'gap_confidence_threshold'::text, 'gap_window_days'::text, 'gap_distance'::text, 'business_hours'::text, 'holidays'::text, 'avg_human_agent_cost_per_hour'::text, 'avg_conversation_time_minutes'::text, 'ai_cost_per_conversation'::text, 'rework_minutes'::text, 'minutes_per_action'::text, 'calibration_since'::text])))
constraint raw.tenant_parameters FOREIGN KEY (tenant_id) REFERENCES raw.tenants(tenant_id)
constraint raw.tenant_parameters PRIMARY KEY (parameter_id)
constraint raw.tenants CHECK ((currency ~ '^[A-Z]{3}$'::text))
constraint raw.tenants CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
constraint raw.tenants EXCLUDE USING btree (slug WITH =)
constraint raw.tenants PRIMARY KEY (tenant_id)
constraint raw.touch_marks CHECK ((cause = ANY (ARRAY['recalculation'::text, 'definition'::text, 'zone_change'::text, 'erasure'::text, 'drift'::text, 'restore'::text])))
constraint raw.touch_marks CHECK ((date_to >= date_from))
constraint raw.touch_marks CHECK ((scope = 'days'::text))
constraint raw.touch_marks PRIMARY KEY (mark_id)
function marts.calibrated_confidence(uuid,text,numeric) md5=6232052eaa0a44cfb5d96cb094d91687 definer=f
function marts.calibration_by_type(uuid,date,date,text) md5=2eecde24a83f3fc723c7df8dd1e5d848 definer=f
function marts.coaching_status(uuid,integer) md5=7c3c83429e0858bd6d2ab308c0f9ac3d definer=f
function marts.compared_days(uuid,date,date,text) md5=833d34cfa768a0399ee6b1958b50973f definer=f
function marts.count_p(integer,integer) md5=09e4fd748bd9226b017b1dd690e782e7 definer=f
function marts.count_trend(integer,integer) md5=a5991cf0ef017e7f63a51f04a4dc1e82 definer=f
function marts.daily_outcomes(uuid,date,date,text) md5=438654d214f87d028b42ce438aee7ceb definer=f
function marts.escalation_history(uuid,date,date,text) md5=3e5e9276d45d813fb17decc1a5698a13 definer=f
function marts.escalation_rate(uuid,date,date) md5=3385d4d74be681791d1602e63d6402f5 definer=f
function marts.feedback_by_source(uuid,date,date,text) md5=52629c6e57ca817f1939164d75041ddf definer=f
function marts.feedback_health(uuid,date,date,text) md5=33cff6e8ff16a898f780d957e659abba definer=f
function marts.feedback_scores(uuid,date,date,text) md5=f44008cec8954d221b0b8e65324426b3 definer=f
function marts.growth_rate(integer,integer) md5=f0a6d803998bbe4d9db129deb7c3ed39 definer=f
function marts.growth_status(integer,integer) md5=62d082fbb4b5aae1dd3b035b2ccb9e1d definer=f
function marts.last_complete_days(uuid,integer,text[]) md5=75cf654accd195aa1a6f3008dffcfc31 definer=f
function marts.newest_as_of(uuid,text[]) md5=69de180491bd0144d0cb9ae83bf087f7 definer=f
function marts.outcome_counts(uuid,date,date,text) md5=bc04add014cdda5520e74a4a9565b2e0 definer=f
function marts.overall_calibration(uuid,date,date,text) md5=343f563db5d1e799fc38b301e6650807 definer=f
function marts.parameter_on(uuid,text,date) md5=80f323914ab567a0f2ad90d9b0bec2ad definer=f
function marts.period_counts(uuid,date,date) md5=e7625f8401b6e30c22ba6ed6b62a5240 definer=f
function marts.period_growth(uuid,date,date,text) md5=bad7f32ec69ce92d01678855988cb615 definer=f
function marts.period_metrics(uuid,date,date,text) md5=3f717c56689fb147b1c4f14c737bbbfc definer=f
function marts.quality_by_scorer(uuid,date,date) md5=e5e3f1ad2e88fd3610f6ca117aaad674 definer=f
function marts.rate_trend(integer,integer,integer,integer) md5=dcdb80b673b56388d7c631878c3490ca definer=f
function marts.representative_outcomes(uuid,date,date,text) md5=5522c0299012bc7d20d469ab69d816f4 definer=f
function marts.reviewer_fatigue(uuid,date) md5=e178e4820b3e8c0ec3c96ebe910ae53f definer=f
function marts.roi(uuid,date,date,numeric,numeric,numeric,numeric) md5=e0c36b8b586e32d383f6ff7c3e9091cc definer=f
function marts.roi_parameters(uuid,date,date,numeric,numeric,numeric,numeric) md5=6b4c4fbbbcfd4c0b56af3561a85ffb28 definer=f
function marts.sample_status(integer,integer,boolean) md5=962dd24fd6afd4c0a3bf39c01d2cc1b0 definer=f
function marts.success_trend(uuid,date,date,text) md5=9c475accc3018e945a768f025a7199a9 definer=f
function marts.time_saved(uuid,date,date,text) md5=5f732964f857420e66f887763dd5253a definer=f
function marts.two_proportion_p(integer,integer,integer,integer) md5=6ef20837e542bd4f7c94f7cae8619684 definer=f
function marts.two_proportion_z(integer,integer,integer,integer) md5=fad4e6d4d71bab7f00b20134efe06c86 definer=f
function marts.two_sided_p(double precision) md5=1135a534157c94f06f1c32b790ae56d2 definer=f
function marts.url_part(text) md5=a68d7817ef8a09b1af184bf703dd8a03 definer=f
function marts.wilson_high(integer,integer) md5=8e0e859c6a66b8daf4105aa3eda10e6c definer=f
function marts.wilson_low(integer,integer) md5=8d49b2e76e443fef70af7599a6aa82f6 definer=f
function raw.ensure_event_partitions(date[]) md5=f61544723402c844b7b9c35e571844bb definer=t
function raw.purge_graph_responses(timestamp with time zone,integer) md5=06d8a45d13807788efa4f14d9c95b408 definer=t
grant build.run_window DELETE,INSERT,SELECT,UPDATE to am_transform
grant build.run_window SELECT to am_publish
grant build.touched_backlog DELETE,INSERT,SELECT to am_publish
grant build.touched_backlog DELETE,INSERT,SELECT,UPDATE to am_transform
grant marts.account_reach DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.account_reach REFERENCES,SELECT to bi_reader
grant marts.account_reach SELECT to api_portfolio_reader
grant marts.account_reach SELECT to api_reader
grant marts.calibration_adjustments DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.calibration_adjustments REFERENCES,SELECT to bi_reader
grant marts.calibration_adjustments SELECT to api_portfolio_reader
grant marts.calibration_adjustments SELECT to api_reader
grant marts.calibration_bins DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.calibration_bins REFERENCES,SELECT to bi_reader
grant marts.calibration_bins SELECT to api_portfolio_reader
grant marts.calibration_bins SELECT to api_reader
grant marts.calibration_history DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.calibration_history REFERENCES,SELECT to bi_reader
grant marts.calibration_history SELECT to api_portfolio_reader
grant marts.calibration_history SELECT to api_reader
grant marts.calibration_map DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.calibration_map REFERENCES,SELECT to bi_reader
grant marts.calibration_map SELECT to api_portfolio_reader
grant marts.calibration_map SELECT to api_reader
grant marts.calibration_summary DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.calibration_summary REFERENCES,SELECT to bi_reader
grant marts.calibration_summary SELECT to api_portfolio_reader
grant marts.calibration_summary SELECT to api_reader
grant marts.coaching_patterns DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.coaching_patterns REFERENCES,SELECT to bi_reader
grant marts.coaching_patterns SELECT to api_portfolio_reader
grant marts.coaching_patterns SELECT to api_reader
grant marts.collection_health DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.collection_health REFERENCES,SELECT to bi_reader
grant marts.collection_health SELECT to api_portfolio_reader
grant marts.collection_health SELECT to api_reader
grant marts.conversation_quality_scores DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.conversation_quality_scores REFERENCES,SELECT to bi_reader
grant marts.conversation_quality_scores SELECT to api_portfolio_reader
grant marts.conversation_quality_scores SELECT to api_reader
grant marts.conversations DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.conversations REFERENCES,SELECT to bi_reader
grant marts.conversations SELECT to api_portfolio_reader
grant marts.conversations SELECT to api_reader
grant marts.customer_days DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.customer_days REFERENCES,SELECT to bi_reader
grant marts.customer_days SELECT to api_portfolio_reader
grant marts.customer_days SELECT to api_reader
grant marts.daily_metrics DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.daily_metrics REFERENCES,SELECT to bi_reader
grant marts.daily_metrics SELECT to api_portfolio_reader
grant marts.daily_metrics SELECT to api_reader
grant marts.dim_date DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.dim_date REFERENCES,SELECT to bi_reader
grant marts.dim_date SELECT to api_portfolio_reader
grant marts.dim_date SELECT to api_reader
grant marts.dim_tenant DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.dim_tenant REFERENCES,SELECT to bi_reader
grant marts.dim_tenant SELECT to api_portfolio_reader
grant marts.dim_tenant SELECT to api_reader
grant marts.dim_tenant_parameters DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.dim_tenant_parameters REFERENCES,SELECT to bi_reader
grant marts.dim_tenant_parameters SELECT to api_portfolio_reader
grant marts.dim_tenant_parameters SELECT to api_reader
grant marts.engagement_metrics DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.engagement_metrics REFERENCES,SELECT to bi_reader
grant marts.engagement_metrics SELECT to api_portfolio_reader
grant marts.engagement_metrics SELECT to api_reader
grant marts.feedback_entries DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.feedback_entries REFERENCES,SELECT to bi_reader
grant marts.feedback_entries SELECT to api_portfolio_reader
grant marts.feedback_entries SELECT to api_reader
grant marts.feedback_summary DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.feedback_summary REFERENCES,SELECT to bi_reader
grant marts.feedback_summary SELECT to api_portfolio_reader
grant marts.feedback_summary SELECT to api_reader
grant marts.hourly_metrics DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.hourly_metrics REFERENCES,SELECT to bi_reader
grant marts.hourly_metrics SELECT to api_portfolio_reader
grant marts.hourly_metrics SELECT to api_reader
grant marts.metric_definitions DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.metric_definitions REFERENCES,SELECT to bi_reader
grant marts.metric_definitions SELECT to api_portfolio_reader
grant marts.metric_definitions SELECT to api_reader
grant marts.monthly_metrics DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.monthly_metrics REFERENCES,SELECT to bi_reader
grant marts.monthly_metrics SELECT to api_portfolio_reader
grant marts.monthly_metrics SELECT to api_reader
grant marts.outcome_daily DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.outcome_daily REFERENCES,SELECT to bi_reader
grant marts.outcome_daily SELECT to api_portfolio_reader
grant marts.outcome_daily SELECT to api_reader
grant marts.outcomes DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.outcomes REFERENCES,SELECT to bi_reader
grant marts.outcomes SELECT to api_portfolio_reader
grant marts.outcomes SELECT to api_reader
grant marts.post_performance DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.post_performance REFERENCES,SELECT to bi_reader
grant marts.post_performance SELECT to api_portfolio_reader
grant marts.post_performance SELECT to api_reader
grant marts.publish_log DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.publish_log REFERENCES,SELECT to bi_reader
grant marts.publish_log SELECT to api_portfolio_reader
grant marts.publish_log SELECT to api_reader
grant marts.quality_daily DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.quality_daily REFERENCES,SELECT to bi_reader
grant marts.quality_daily SELECT to api_portfolio_reader
grant marts.quality_daily SELECT to api_reader
grant marts.restatements DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.restatements REFERENCES,SELECT to bi_reader
grant marts.restatements SELECT to api_portfolio_reader
grant marts.restatements SELECT to api_reader
grant marts.weekly_metrics DELETE,INSERT,SELECT,UPDATE to am_publish
grant marts.weekly_metrics REFERENCES,SELECT to bi_reader
grant marts.weekly_metrics SELECT to api_portfolio_reader
grant marts.weekly_metrics SELECT to api_reader
grant ops.api_keys SELECT to am_api
grant ops.bi_tenants SELECT to bi_reader
grant ops.idempotency DELETE,INSERT,SELECT,UPDATE to am_ingest
grant ops.landed_files INSERT,SELECT to am_ingest
grant ops.landing_problems DELETE,INSERT,SELECT,UPDATE to am_ingest
grant ops.migrations SELECT to am_api
grant ops.migrations SELECT to am_ingest
grant ops.migrations SELECT to am_publish
grant ops.migrations SELECT to am_transform
grant ops.portfolio_tenants SELECT to api_portfolio_reader
grant ops.publish_cursor SELECT to am_api
grant ops.publish_cursor SELECT to am_ingest
grant ops.publish_cursor SELECT to am_transform
grant ops.publish_cursor SELECT to api_portfolio_reader
grant ops.publish_cursor SELECT to api_reader
grant ops.publish_cursor SELECT,UPDATE to am_publish
grant ops.refresh_state SELECT to am_api
grant ops.refresh_state SELECT to am_ingest
grant ops.refresh_state SELECT to am_transform
grant ops.refresh_state SELECT to api_portfolio_reader
grant ops.refresh_state SELECT to api_reader
grant ops.refresh_state SELECT,UPDATE to am_publish
grant ops.stream_marks DELETE,INSERT,SELECT,UPDATE to am_publish
grant ops.stream_marks SELECT to am_ingest
grant ops.stream_marks SELECT to am_transform
grant ops.stream_marks SELECT to api_portfolio_reader
grant ops.stream_marks SELECT to api_reader
grant raw.agent_actions INSERT,SELECT to am_ingest
grant raw.agent_actions SELECT to am_publish
grant raw.agent_actions SELECT to am_transform
grant raw.collection_ledger INSERT,SELECT to am_ingest
grant raw.collection_ledger SELECT to am_publish
grant raw.collection_ledger SELECT to am_transform
grant raw.conversation_events INSERT,SELECT to am_ingest
grant raw.conversation_events SELECT to am_publish
grant raw.conversation_events SELECT to am_transform
grant raw.event_ledger INSERT,SELECT to am_ingest
grant raw.event_ledger SELECT to am_publish
grant raw.event_ledger SELECT to am_transform
grant raw.feedback INSERT,SELECT to am_ingest
grant raw.feedback SELECT to am_publish
grant raw.feedback SELECT to am_transform
grant raw.graph_accounts INSERT,SELECT,UPDATE to am_ingest
grant raw.graph_accounts SELECT to am_publish
grant raw.graph_accounts SELECT to am_transform
grant raw.graph_budgets INSERT,SELECT,UPDATE to am_ingest
grant raw.graph_budgets SELECT to am_publish
grant raw.graph_budgets SELECT to am_transform
grant raw.graph_objects INSERT,SELECT to am_ingest
grant raw.graph_objects SELECT to am_publish
grant raw.graph_objects SELECT to am_transform
grant raw.graph_responses INSERT,SELECT to am_ingest
grant raw.graph_responses SELECT to am_publish
grant raw.graph_responses SELECT to am_transform
grant raw.metric_observations INSERT,SELECT to am_ingest
grant raw.metric_observations SELECT to am_publish
grant raw.metric_observations SELECT to am_transform
grant raw.outcome_signals INSERT,SELECT to am_ingest
grant raw.outcome_signals SELECT to am_publish
grant raw.outcome_signals SELECT to am_transform
grant raw.quality_scores INSERT,SELECT to am_ingest
grant raw.quality_scores SELECT to am_publish
grant raw.quality_scores SELECT to am_transform
grant raw.quarantine INSERT,SELECT,UPDATE to am_ingest
grant raw.quarantine SELECT to am_publish
grant raw.quarantine SELECT to am_transform
grant raw.streams SELECT to am_ingest
grant raw.streams SELECT to am_publish
grant raw.streams SELECT to am_transform
grant raw.tenant_parameters SELECT to am_ingest
grant raw.tenant_parameters SELECT to am_publish
grant raw.tenant_parameters SELECT to am_transform
grant raw.tenants SELECT to am_ingest
grant raw.tenants SELECT to am_publish
grant raw.tenants SELECT to am_transform
grant raw.touch_marks SELECT to am_ingest
grant raw.touch_marks SELECT to am_publish
grant raw.touch_marks SELECT to am_transform
grant schema build CREATE,USAGE to am_transform
grant schema build USAGE to am_publish
grant schema marts USAGE to am_publish
grant schema marts USAGE to api_portfolio_reader
grant schema marts USAGE to api_reader
grant schema marts USAGE to bi_reader
grant schema ops USAGE to am_api
grant schema ops USAGE to am_ingest
grant schema ops USAGE to am_publish
grant schema ops USAGE to am_transform
grant schema ops USAGE to api_portfolio_reader
grant schema ops USAGE to api_reader
grant schema ops USAGE to bi_reader
grant schema raw USAGE to am_ingest
grant schema raw USAGE to am_publish
grant schema raw USAGE to am_transform
index CREATE INDEX account_reach_published_version_idx ON marts.account_reach USING brin (published_version)
index CREATE INDEX agent_actions_ingest_xid_idx ON raw.agent_actions USING btree (ingest_xid)
index CREATE INDEX agent_actions_occurred_at_idx ON raw.agent_actions USING btree (occurred_at)
index CREATE INDEX agent_actions_tenant_id_conversation_id_idx ON raw.agent_actions USING btree (tenant_id, conversation_id) WHERE (conversation_id IS NOT NULL)
index CREATE INDEX collection_health_published_version_idx ON marts.collection_health USING brin (published_version)
index CREATE INDEX collection_health_tenant_id_collection_date_idx ON marts.collection_health USING btree (tenant_id, collection_date)
index CREATE INDEX collection_ledger_ingest_xid_idx ON raw.collection_ledger USING btree (ingest_xid)
index CREATE INDEX collection_ledger_tenant_id_account_id_finished_at_idx ON raw.collection_ledger USING btree (tenant_id, account_id, finished_at)
index CREATE INDEX collection_ledger_tenant_id_account_id_metric_ledger_id_idx ON raw.collection_ledger USING btree (tenant_id, account_id, metric, ledger_id)
index CREATE INDEX collection_ledger_tenant_id_account_id_plan_key_idx ON raw.collection_ledger USING btree (tenant_id, account_id, plan_key) WHERE (state <> ALL (ARRAY['throttled'::text, 'error'::text]))
index CREATE INDEX collection_ledger_tenant_id_account_id_retry_after_idx ON raw.collection_ledger USING btree (tenant_id, account_id, retry_after) WHERE (retry_after IS NOT NULL)
index CREATE INDEX conversation_events_ingest_xid_idx ON ONLY raw.conversation_events USING btree (ingest_xid)
index CREATE INDEX conversation_quality_scores_published_version_idx ON marts.conversation_quality_scores USING brin (published_version)
index CREATE INDEX conversations_published_version_idx ON marts.conversations USING brin (published_version)
index CREATE INDEX conversations_tenant_id_abandoned_date_idx ON marts.conversations USING btree (tenant_id, abandoned_date)
index CREATE INDEX conversations_tenant_id_abandoned_date_idx1 ON marts.conversations USING btree (tenant_id, abandoned_date) WHERE (episode_no > 1)
index CREATE INDEX conversations_tenant_id_escalated_date_idx ON marts.conversations USING btree (tenant_id, escalated_date)
index CREATE INDEX conversations_tenant_id_escalated_date_idx1 ON marts.conversations USING btree (tenant_id, escalated_date) WHERE (episode_no > 1)
index CREATE INDEX conversations_tenant_id_resolved_date_idx ON marts.conversations USING btree (tenant_id, resolved_date)
index CREATE INDEX conversations_tenant_id_resolved_date_idx1 ON marts.conversations USING btree (tenant_id, resolved_date) WHERE (episode_no > 1)
index CREATE INDEX conversations_tenant_id_start_date_idx ON marts.conversations USING btree (tenant_id, start_date)
index CREATE INDEX conversations_tenant_id_start_date_idx1 ON marts.conversations USING btree (tenant_id, start_date) WHERE (episode_no > 1)
index CREATE INDEX customer_days_published_version_idx ON marts.customer_days USING brin (published_version)
index CREATE INDEX daily_metrics_published_version_idx ON marts.daily_metrics USING brin (published_version)
index CREATE INDEX engagement_metrics_published_version_idx ON marts.engagement_metrics USING brin (published_version)
index CREATE INDEX engagement_metrics_tenant_id_metric_date_metric_name_idx ON marts.engagement_metrics USING btree (tenant_id, metric_date, metric_name)
index CREATE INDEX feedback_entries_tenant_id_conversation_id_idx ON marts.feedback_entries USING btree (tenant_id, conversation_id)
index CREATE INDEX feedback_entries_tenant_id_metric_date_idx ON marts.feedback_entries USING btree (tenant_id, metric_date)
index CREATE INDEX feedback_ingest_xid_idx ON raw.feedback USING btree (ingest_xid)
index CREATE INDEX feedback_occurred_at_idx ON raw.feedback USING btree (occurred_at)
index CREATE INDEX feedback_tenant_id_target_type_target_id_idx ON raw.feedback USING btree (tenant_id, target_type, target_id)
index CREATE INDEX graph_accounts_ingest_xid_idx ON raw.graph_accounts USING btree (ingest_xid)
index CREATE INDEX graph_objects_ingest_xid_idx ON raw.graph_objects USING btree (ingest_xid)
index CREATE INDEX graph_objects_observed_at_idx ON raw.graph_objects USING brin (observed_at)
index CREATE INDEX graph_responses_fetched_at_idx ON raw.graph_responses USING btree (fetched_at)
index CREATE INDEX graph_responses_ingest_xid_idx ON raw.graph_responses USING btree (ingest_xid)
index CREATE INDEX graph_responses_to_purge ON raw.graph_responses USING btree (fetched_at) WHERE (NOT is_purged)
index CREATE INDEX hourly_metrics_published_version_idx ON marts.hourly_metrics USING brin (published_version)
index CREATE INDEX idempotency_created_at_idx ON ops.idempotency USING btree (created_at)
index CREATE INDEX metric_observations_ingest_xid_idx ON raw.metric_observations USING btree (ingest_xid)
index CREATE INDEX metric_observations_observed_at_idx ON raw.metric_observations USING brin (observed_at)
index CREATE INDEX metric_observations_samples ON raw.metric_observations USING btree (tenant_id, object_id, metric, observed_at) WHERE (sample_slot <> ''::text)
index CREATE INDEX metric_observations_tenant_id_account_id_metric_observed_at_idx ON raw.metric_observations USING btree (tenant_id, account_id, metric, observed_at) WHERE (state = 'ok'::text)
index CREATE INDEX metric_observations_tenant_id_account_id_metric_window_end_idx ON raw.metric_observations USING btree (tenant_id, account_id, metric, window_end)
index CREATE INDEX metric_observations_tenant_id_account_id_window_end_idx ON raw.metric_observations USING btree (tenant_id, account_id, window_end) WHERE (window_end IS NOT NULL)
index CREATE INDEX metric_observations_tenant_id_object_id_observed_at_idx ON raw.metric_observations USING btree (tenant_id, object_id, observed_at)
index CREATE INDEX monthly_metrics_published_version_idx ON marts.monthly_metrics USING brin (published_version)
index CREATE INDEX outcome_daily_published_version_idx ON marts.outcome_daily USING brin (published_version)
index CREATE INDEX outcome_signals_ingest_xid_idx ON raw.outcome_signals USING btree (ingest_xid)
index CREATE INDEX outcome_signals_occurred_at_idx ON raw.outcome_signals USING btree (occurred_at)
index CREATE INDEX outcome_signals_tenant_id_action_id_idx ON raw.outcome_signals USING btree (tenant_id, action_id)
index CREATE INDEX outcomes_published_version_idx ON marts.outcomes USING brin (published_version)
index CREATE INDEX outcomes_tenant_id_conversation_id_idx ON marts.outcomes USING btree (tenant_id, conversation_id)
index CREATE INDEX outcomes_tenant_id_metric_date_idx ON marts.outcomes USING btree (tenant_id, metric_date)
index CREATE INDEX outcomes_window_expires_at_idx ON marts.outcomes USING btree (window_expires_at)
index CREATE INDEX post_performance_published_version_idx ON marts.post_performance USING brin (published_version)
index CREATE INDEX post_performance_tenant_id_account_id_idx ON marts.post_performance USING btree (tenant_id, account_id)
index CREATE INDEX post_performance_tenant_id_checkpoint_published_at_idx ON marts.post_performance USING btree (tenant_id, checkpoint, published_at)
index CREATE INDEX publish_log_tenant_id_mart_version_idx ON marts.publish_log USING btree (tenant_id, mart, version DESC)
index CREATE INDEX quality_daily_published_version_idx ON marts.quality_daily USING brin (published_version)
index CREATE INDEX quality_scores_ingest_xid_idx ON raw.quality_scores USING btree (ingest_xid)
index CREATE INDEX restatements_tenant_id_mart_metric_date_idx ON marts.restatements USING btree (tenant_id, mart, metric_date)
index CREATE INDEX stream_marks_tenant_id_idx ON ops.stream_marks USING btree (tenant_id)
index CREATE INDEX tenant_parameters_ingest_xid_idx ON raw.tenant_parameters USING btree (ingest_xid)
index CREATE INDEX tenant_parameters_tenant_id_parameter_valid_from_idx ON raw.tenant_parameters USING btree (tenant_id, parameter, valid_from)
index CREATE INDEX tenants_slug_is_unique ON raw.tenants USING btree (slug)
index CREATE INDEX touch_marks_ingest_xid_idx ON raw.touch_marks USING btree (ingest_xid)
index CREATE INDEX weekly_metrics_published_version_idx ON marts.weekly_metrics USING brin (published_version)
index CREATE UNIQUE INDEX account_reach_pkey ON marts.account_reach USING btree (tenant_id, account_id, metric_name, window_days, window_end_date)
index CREATE UNIQUE INDEX agent_actions_pkey ON raw.agent_actions USING btree (tenant_id, event_id)
index CREATE UNIQUE INDEX api_keys_pkey ON ops.api_keys USING btree (key_id)
index CREATE UNIQUE INDEX bi_tenants_pkey ON ops.bi_tenants USING btree (role_name, tenant_id)
index CREATE UNIQUE INDEX calibration_adjustments_pkey ON marts.calibration_adjustments USING btree (tenant_id, action_type, label_policy)
index CREATE UNIQUE INDEX calibration_bins_pkey ON marts.calibration_bins USING btree (tenant_id, action_type, label_policy, bin_index)
index CREATE UNIQUE INDEX calibration_history_pkey ON marts.calibration_history USING btree (tenant_id, action_type, as_of_date)
index CREATE UNIQUE INDEX calibration_map_pkey ON marts.calibration_map USING btree (tenant_id, action_type, p_raw)
index CREATE UNIQUE INDEX calibration_summary_pkey ON marts.calibration_summary USING btree (tenant_id, action_type, label_policy)
index CREATE UNIQUE INDEX cluster_pkey ON ops.cluster USING btree (only_row)
index CREATE UNIQUE INDEX coaching_patterns_pkey ON marts.coaching_patterns USING btree (tenant_id, window_days, dimension, segment, outcome_type)
index CREATE UNIQUE INDEX collection_health_pkey ON marts.collection_health USING btree (tenant_id, account_id, collection_date, metric_name)
index CREATE UNIQUE INDEX collection_ledger_pkey ON raw.collection_ledger USING btree (ledger_id)
index CREATE UNIQUE INDEX collection_ledger_tenant_id_plan_key_attempt_metric_state_o_key ON raw.collection_ledger USING btree (tenant_id, plan_key, attempt, metric, state, object_id)
index CREATE UNIQUE INDEX conversation_events_pkey ON ONLY raw.conversation_events USING btree (tenant_id, conversation_id, event_id, occurred_at)
index CREATE UNIQUE INDEX conversation_quality_scores_pkey ON marts.conversation_quality_scores USING btree (tenant_id, conversation_id, scorer_kind, scorer)
index CREATE UNIQUE INDEX conversations_pkey ON marts.conversations USING btree (tenant_id, conversation_id, episode_no)
index CREATE UNIQUE INDEX customer_days_pkey ON marts.customer_days USING btree (tenant_id, metric_date, customer_id)
index CREATE UNIQUE INDEX daily_metrics_pkey ON marts.daily_metrics USING btree (tenant_id, metric_date)
index CREATE UNIQUE INDEX dim_date_pkey ON marts.dim_date USING btree (metric_date)
index CREATE UNIQUE INDEX dim_tenant_parameters_pkey ON marts.dim_tenant_parameters USING btree (tenant_id, parameter, valid_from)
index CREATE UNIQUE INDEX dim_tenant_pkey ON marts.dim_tenant USING btree (tenant_id)
index CREATE UNIQUE INDEX engagement_metrics_pkey ON marts.engagement_metrics USING btree (tenant_id, account_id, object_level, object_id, metric_name, dim_key, dim_value, metric_date)
index CREATE UNIQUE INDEX event_ledger_pkey ON raw.event_ledger USING btree (tenant_id, stream_id, event_id)
index CREATE UNIQUE INDEX event_partitions_day_from_key ON ops.event_partitions USING btree (day_from)
index CREATE UNIQUE INDEX event_partitions_pkey ON ops.event_partitions USING btree (partition_name)
index CREATE UNIQUE INDEX feedback_entries_pkey ON marts.feedback_entries USING btree (tenant_id, feedback_id)
index CREATE UNIQUE INDEX feedback_pkey ON raw.feedback USING btree (tenant_id, event_id)
index CREATE UNIQUE INDEX feedback_summary_pkey ON marts.feedback_summary USING btree (tenant_id, metric_date, source, target_type, reviewer_role)
index CREATE UNIQUE INDEX graph_accounts_pkey ON raw.graph_accounts USING btree (tenant_id, account_id)
index CREATE UNIQUE INDEX graph_accounts_tenant_id_platform_graph_id_key ON raw.graph_accounts USING btree (tenant_id, platform, graph_id)
index CREATE UNIQUE INDEX graph_budgets_pkey ON raw.graph_budgets USING btree (app_id, scope, scope_id, use_case)
index CREATE UNIQUE INDEX graph_objects_pkey ON raw.graph_objects USING btree (tenant_id, account_id, object_id, revision)
index CREATE UNIQUE INDEX graph_responses_pkey ON raw.graph_responses USING btree (tenant_id, response_id)
index CREATE UNIQUE INDEX hourly_metrics_pkey ON marts.hourly_metrics USING btree (tenant_id, hour_start)
index CREATE UNIQUE INDEX idempotency_pkey ON ops.idempotency USING btree (tenant_id, path, idempotency_key)
index CREATE UNIQUE INDEX landed_files_pkey ON ops.landed_files USING btree (stream, url, fingerprint)
index CREATE UNIQUE INDEX landing_problems_pkey ON ops.landing_problems USING btree (url)
index CREATE UNIQUE INDEX metric_definitions_pkey ON marts.metric_definitions USING btree (mart, column_name)
index CREATE UNIQUE INDEX metric_observations_pkey ON raw.metric_observations USING btree (tenant_id, fact_id, revision)
index CREATE UNIQUE INDEX migrations_pkey ON ops.migrations USING btree (version)
index CREATE UNIQUE INDEX monthly_metrics_pkey ON marts.monthly_metrics USING btree (tenant_id, month_start)
index CREATE UNIQUE INDEX outcome_daily_pkey ON marts.outcome_daily USING btree (tenant_id, metric_date, action_type, outcome_type)
index CREATE UNIQUE INDEX outcome_signals_pkey ON raw.outcome_signals USING btree (tenant_id, event_id)
index CREATE UNIQUE INDEX outcomes_pkey ON marts.outcomes USING btree (tenant_id, action_id)
index CREATE UNIQUE INDEX portfolio_tenants_pkey ON ops.portfolio_tenants USING btree (portfolio_id, tenant_id)
index CREATE UNIQUE INDEX post_performance_pkey ON marts.post_performance USING btree (tenant_id, platform, platform_post_id, checkpoint)
index CREATE UNIQUE INDEX publish_cursor_pkey ON ops.publish_cursor USING btree (only_row)
index CREATE UNIQUE INDEX publish_log_pkey ON marts.publish_log USING btree (publish_id)
index CREATE UNIQUE INDEX publish_log_version_mart_tenant_id_key ON marts.publish_log USING btree (version, mart, tenant_id) NULLS NOT DISTINCT
index CREATE UNIQUE INDEX quality_daily_pkey ON marts.quality_daily USING btree (tenant_id, metric_date, scorer_kind, scorer)
index CREATE UNIQUE INDEX quality_scores_pkey ON raw.quality_scores USING btree (tenant_id, conversation_id, event_id)
index CREATE UNIQUE INDEX quarantine_pkey ON raw.quarantine USING btree (quarantine_id)
index CREATE UNIQUE INDEX quarantine_tenant_id_stream_payload_hash_reason_key ON raw.quarantine USING btree (tenant_id, stream, payload_hash, reason) NULLS NOT DISTINCT
index CREATE UNIQUE INDEX refresh_state_pkey ON ops.refresh_state USING btree (only_row)
index CREATE UNIQUE INDEX restatements_pkey ON marts.restatements USING btree (restatement_id)
index CREATE UNIQUE INDEX run_window_pkey ON build.run_window USING btree (only_row)
index CREATE UNIQUE INDEX stream_marks_pkey ON ops.stream_marks USING btree (stream, tenant_id)
index CREATE UNIQUE INDEX streams_pkey ON raw.streams USING btree (stream_id)
index CREATE UNIQUE INDEX tenant_parameters_pkey ON raw.tenant_parameters USING btree (parameter_id)
index CREATE UNIQUE INDEX tenants_pkey ON raw.tenants USING btree (tenant_id)
index CREATE UNIQUE INDEX touch_marks_pkey ON raw.touch_marks USING btree (mark_id)
index CREATE UNIQUE INDEX weekly_metrics_pkey ON marts.weekly_metrics USING btree (tenant_id, week_start)
policy marts.account_reach api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.account_reach bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.account_reach owner_all for * to am_owner,am_publish using true check true
policy marts.account_reach portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.calibration_adjustments api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.calibration_adjustments bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.calibration_adjustments owner_all for * to am_owner,am_publish using true check true
policy marts.calibration_adjustments portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.calibration_bins api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.calibration_bins bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.calibration_bins owner_all for * to am_owner,am_publish using true check true
policy marts.calibration_bins portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.calibration_history api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.calibration_history bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.calibration_history owner_all for * to am_owner,am_publish using true check true
policy marts.calibration_history portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.calibration_map api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.calibration_map bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.calibration_map owner_all for * to am_owner,am_publish using true check true
policy marts.calibration_map portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.calibration_summary api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.calibration_summary bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.calibration_summary owner_all for * to am_owner,am_publish using true check true
policy marts.calibration_summary portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.coaching_patterns api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.coaching_patterns bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.coaching_patterns owner_all for * to am_owner,am_publish using true check true
policy marts.coaching_patterns portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.collection_health api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.collection_health bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.collection_health owner_all for * to am_owner,am_publish using true check true
policy marts.collection_health portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.conversation_quality_scores api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.conversation_quality_scores bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.conversation_quality_scores owner_all for * to am_owner,am_publish using true check true
policy marts.conversation_quality_scores portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.conversations api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.conversations bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.conversations owner_all for * to am_owner,am_publish using true check true
policy marts.conversations portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.customer_days api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.customer_days bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.customer_days owner_all for * to am_owner,am_publish using true check true
policy marts.customer_days portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.daily_metrics api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.daily_metrics bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.daily_metrics owner_all for * to am_owner,am_publish using true check true
policy marts.daily_metrics portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.dim_tenant api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.dim_tenant bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.dim_tenant owner_all for * to am_owner,am_publish using true check true
policy marts.dim_tenant portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.dim_tenant_parameters api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.dim_tenant_parameters bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.dim_tenant_parameters owner_all for * to am_owner,am_publish using true check true
policy marts.dim_tenant_parameters portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.engagement_metrics api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.engagement_metrics bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.engagement_metrics owner_all for * to am_owner,am_publish using true check true
policy marts.engagement_metrics portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.feedback_entries api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.feedback_entries bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.feedback_entries owner_all for * to am_owner,am_publish using true check true
policy marts.feedback_entries portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.feedback_summary api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.feedback_summary bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.feedback_summary owner_all for * to am_owner,am_publish using true check true
policy marts.feedback_summary portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.hourly_metrics api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.hourly_metrics bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.hourly_metrics owner_all for * to am_owner,am_publish using true check true
policy marts.hourly_metrics portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.monthly_metrics api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.monthly_metrics bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.monthly_metrics owner_all for * to am_owner,am_publish using true check true
policy marts.monthly_metrics portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.outcome_daily api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.outcome_daily bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.outcome_daily owner_all for * to am_owner,am_publish using true check true
policy marts.outcome_daily portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.outcomes api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.outcomes bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.outcomes owner_all for * to am_owner,am_publish using true check true
policy marts.outcomes portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.post_performance api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.post_performance bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.post_performance owner_all for * to am_owner,am_publish using true check true
policy marts.post_performance portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.publish_log api for r to api_reader using ((tenant_id IS NULL) OR (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) check 
policy marts.publish_log bi for r to bi_reader using ((tenant_id IS NULL) OR (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER))))) check 
policy marts.publish_log owner_all for * to am_owner,am_publish using true check true
policy marts.publish_log portfolio for r to api_portfolio_reader using ((tenant_id IS NULL) OR (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid))))) check 
policy marts.quality_daily api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.quality_daily bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.quality_daily owner_all for * to am_owner,am_publish using true check true
policy marts.quality_daily portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.restatements api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.restatements bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.restatements owner_all for * to am_owner,am_publish using true check true
policy marts.restatements portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy marts.weekly_metrics api for r to api_reader using (tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid) check 
policy marts.weekly_metrics bi for r to bi_reader using (tenant_id = ANY (ARRAY( SELECT b.tenant_id FROM ops.bi_tenants b WHERE (b.role_name = CURRENT_USER)))) check 
policy marts.weekly_metrics owner_all for * to am_owner,am_publish using true check true
policy marts.weekly_metrics portfolio for r to api_portfolio_reader using (tenant_id = ANY (ARRAY( SELECT p.tenant_id FROM ops.portfolio_tenants p WHERE (p.portfolio_id = (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid)))) check 
policy ops.bi_tenants own_rows for r to bi_reader using (role_name = CURRENT_USER) check 
policy ops.bi_tenants owner_all for * to am_owner using true check true
policy raw.agent_actions ingest for * to am_ingest using true check true
policy raw.agent_actions owner_all for * to am_owner using true check true
policy raw.agent_actions publish for r to am_publish using true check 
policy raw.agent_actions transform for r to am_transform using true check 
policy raw.collection_ledger ingest for * to am_ingest using true check true
policy raw.collection_ledger owner_all for * to am_owner using true check true
policy raw.collection_ledger publish for r to am_publish using true check 
policy raw.collection_ledger transform for r to am_transform using true check 
policy raw.conversation_events ingest for * to am_ingest using true check true
policy raw.conversation_events owner_all for * to am_owner using true check true
policy raw.conversation_events publish for r to am_publish using true check 
policy raw.conversation_events transform for r to am_transform using true check 
policy raw.event_ledger ingest for * to am_ingest using true check true
policy raw.event_ledger owner_all for * to am_owner using true check true
policy raw.event_ledger publish for r to am_publish using true check 
policy raw.event_ledger transform for r to am_transform using true check 
policy raw.feedback ingest for * to am_ingest using true check true
policy raw.feedback owner_all for * to am_owner using true check true
policy raw.feedback publish for r to am_publish using true check 
policy raw.feedback transform for r to am_transform using true check 
policy raw.graph_accounts ingest for * to am_ingest using true check true
policy raw.graph_accounts owner_all for * to am_owner using true check true
policy raw.graph_accounts publish for r to am_publish using true check 
policy raw.graph_accounts transform for r to am_transform using true check 
policy raw.graph_budgets ingest for * to am_ingest using true check true
policy raw.graph_budgets owner_all for * to am_owner using true check true
policy raw.graph_budgets publish for r to am_publish using true check 
policy raw.graph_budgets transform for r to am_transform using true check 
policy raw.graph_objects ingest for * to am_ingest using true check true
policy raw.graph_objects owner_all for * to am_owner using true check true
policy raw.graph_objects publish for r to am_publish using true check 
policy raw.graph_objects transform for r to am_transform using true check 
policy raw.graph_responses ingest for * to am_ingest using true check true
policy raw.graph_responses owner_all for * to am_owner using true check true
policy raw.graph_responses publish for r to am_publish using true check 
policy raw.graph_responses transform for r to am_transform using true check 
policy raw.metric_observations ingest for * to am_ingest using true check true
policy raw.metric_observations owner_all for * to am_owner using true check true
policy raw.metric_observations publish for r to am_publish using true check 
policy raw.metric_observations transform for r to am_transform using true check 
policy raw.outcome_signals ingest for * to am_ingest using true check true
policy raw.outcome_signals owner_all for * to am_owner using true check true
policy raw.outcome_signals publish for r to am_publish using true check 
policy raw.outcome_signals transform for r to am_transform using true check 
policy raw.quality_scores ingest for * to am_ingest using true check true
policy raw.quality_scores owner_all for * to am_owner using true check true
policy raw.quality_scores publish for r to am_publish using true check 
policy raw.quality_scores transform for r to am_transform using true check 
policy raw.quarantine ingest for * to am_ingest using true check true
policy raw.quarantine owner_all for * to am_owner using true check true
policy raw.quarantine publish for r to am_publish using true check 
policy raw.quarantine transform for r to am_transform using true check 
policy raw.tenant_parameters ingest for * to am_ingest using true check true
policy raw.tenant_parameters owner_all for * to am_owner using true check true
policy raw.tenant_parameters publish for r to am_publish using true check 
policy raw.tenant_parameters transform for r to am_transform using true check 
policy raw.tenants ingest for * to am_ingest using true check true
policy raw.tenants owner_all for * to am_owner using true check true
policy raw.tenants publish for r to am_publish using true check 
policy raw.tenants transform for r to am_transform using true check 
policy raw.touch_marks ingest for * to am_ingest using true check true
policy raw.touch_marks owner_all for * to am_owner using true check true
policy raw.touch_marks publish for r to am_publish using true check 
policy raw.touch_marks transform for r to am_transform using true check 
table build.run_window kind=r rls=f forced=f
table build.touched_backlog kind=r rls=f forced=f
table marts.account_reach kind=r rls=t forced=t
table marts.calibration_adjustments kind=r rls=t forced=t
table marts.calibration_bins kind=r rls=t forced=t
table marts.calibration_history kind=r rls=t forced=t
table marts.calibration_map kind=r rls=t forced=t
table marts.calibration_summary kind=r rls=t forced=t
table marts.coaching_patterns kind=r rls=t forced=t
table marts.collection_health kind=r rls=t forced=t
table marts.conversation_quality_scores kind=r rls=t forced=t
table marts.conversations kind=r rls=t forced=t
table marts.customer_days kind=r rls=t forced=t
table marts.daily_metrics kind=r rls=t forced=t
table marts.dim_date kind=r rls=f forced=f
table marts.dim_tenant kind=r rls=t forced=t
table marts.dim_tenant_parameters kind=r rls=t forced=t
table marts.engagement_metrics kind=r rls=t forced=t
table marts.feedback_entries kind=r rls=t forced=t
table marts.feedback_summary kind=r rls=t forced=t
table marts.hourly_metrics kind=r rls=t forced=t
table marts.metric_definitions kind=r rls=f forced=f
table marts.monthly_metrics kind=r rls=t forced=t
table marts.outcome_daily kind=r rls=t forced=t
table marts.outcomes kind=r rls=t forced=t
table marts.post_performance kind=r rls=t forced=t
table marts.publish_log kind=r rls=t forced=t
table marts.quality_daily kind=r rls=t forced=t
table marts.restatements kind=r rls=t forced=t
table marts.weekly_metrics kind=r rls=t forced=t
table ops.api_keys kind=r rls=f forced=f
table ops.bi_tenants kind=r rls=t forced=t
table ops.cluster kind=r rls=f forced=f
table ops.event_partitions kind=r rls=f forced=f
table ops.idempotency kind=r rls=f forced=f
table ops.landed_files kind=r rls=f forced=f
table ops.landing_problems kind=r rls=f forced=f
table ops.migrations kind=r rls=f forced=f
table ops.portfolio_tenants kind=r rls=f forced=f
table ops.publish_cursor kind=r rls=f forced=f
table ops.refresh_state kind=r rls=f forced=f
table ops.stream_marks kind=r rls=f forced=f
table raw.agent_actions kind=r rls=t forced=t
table raw.collection_ledger kind=r rls=t forced=t
table raw.conversation_events kind=p rls=t forced=t
table raw.event_ledger kind=r rls=t forced=t
table raw.feedback kind=r rls=t forced=t
table raw.graph_accounts kind=r rls=t forced=t
table raw.graph_budgets kind=r rls=t forced=t
table raw.graph_objects kind=r rls=t forced=t
table raw.graph_responses kind=r rls=t forced=t
table raw.metric_observations kind=r rls=t forced=t
table raw.outcome_signals kind=r rls=t forced=t
table raw.quality_scores kind=r rls=t forced=t
table raw.quarantine kind=r rls=t forced=t
table raw.streams kind=r rls=f forced=f
table raw.tenant_parameters kind=r rls=t forced=t
table raw.tenants kind=r rls=t forced=t
table raw.touch_marks kind=r rls=t forced=t
