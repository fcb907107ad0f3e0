{{ config(tags=['nightly']) }}
-- Events of all episodes of a conversation lie between its bounds, and its episodes are numbered without a gap.
select
    conversations.tenant_id,
    conversations.conversation_id
from {{ ref('conversations') }} as conversations
inner join {{ ref('int_conversations__spans') }} as spans
    on
        conversations.tenant_id = spans.tenant_id
        and conversations.conversation_id = spans.conversation_id
group by conversations.tenant_id, conversations.conversation_id
having
    min(conversations.started_at) <> min(spans.started_at)
    or max(conversations.episode_no) <> count(*)
    or min(conversations.episode_no) <> 1
