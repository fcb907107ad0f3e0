"""Metrics of Facebook Pages, posts, reels and videos. One that is missing here has nothing to say: money, which these pages do not make."""

from __future__ import annotations

from graph_simulator.insights.recipes import Recipe, Selection, done, net
from graph_simulator.world.happenings import REACTIONS

_ENGAGEMENT = ("reaction", "comment", "share", "click")
_VIEWS = done("view")
_PLAYS = done("view", from_ms=3_000)
_WATCHED = done("view", from_ms=1)


def _video_plays(prefix: str, middle: str, from_ms: int, *, played: str, repeated: str = "") -> dict[str, Recipe]:
    """A count of plays of at least `from_ms`, with the variants that Meta makes of it. `played`: how it spells click to play."""
    plays = {"": done("view", from_ms=from_ms)}
    plays |= {"_paid": done("view", from_ms=from_ms, paid=True), "_organic": done("view", from_ms=from_ms, paid=False)}
    plays |= {"_autoplayed": done("view", from_ms=from_ms, key="autoplayed"), played: done("view", from_ms=from_ms, key="clicked_to_play")}
    if repeated:
        plays[repeated] = done("view", from_ms=from_ms, is_repeat=True)
    return {f"{prefix}_{middle}{suffix}": Recipe("count", its, is_video=True) for suffix, its in plays.items()}


def _only_variants(recipes: dict[str, Recipe], whole: str) -> dict[str, Recipe]:
    return {metric: recipe for metric, recipe in recipes.items() if metric != whole}


PAGE: dict[str, Recipe] = {
    "page_media_view": Recipe("count", _VIEWS),
    "page_total_media_view_unique": Recipe("unique", _VIEWS),
    "page_views_total": Recipe("count", done("visit")),
    "page_post_engagements": Recipe("count", done(*_ENGAGEMENT)),
    "page_total_actions": Recipe("count", done("tap")),
    "page_daily_follows": Recipe("count", done("follow")),
    "page_daily_follows_unique": Recipe("unique", done("follow")),
    "page_daily_unfollows_unique": Recipe("unique", Selection(("follow",), sign=-1)),
    "page_follows": Recipe("stock", net("follow")),
    "page_fan_adds_by_paid_non_paid_unique": Recipe("unique", done("fan"), by="paid", with_total=True),
    "page_lifetime_engaged_followers_unique": Recipe("unique", done(*_ENGAGEMENT, is_follower=True), trailing_days=14),
    "page_actions_post_reactions_total": Recipe("count", done("reaction"), by="key"),
    **{f"page_actions_post_reactions_{key}_total": Recipe("count", done("reaction", key=key)) for key in REACTIONS},
    **_video_plays("page_video", "views", 3_000, played="_click_to_play"),
    "page_video_repeat_views": Recipe("count", done("view", from_ms=3_000, is_repeat=True)),
    **_video_plays("page_video", "complete_views_30s", 30_000, played="_click_to_play", repeated="_repeat_views"),
    "page_video_complete_views_30s_unique": Recipe("unique", done("view", from_ms=30_000)),
    "page_video_views_by_paid_non_paid": Recipe("count", _PLAYS, by="paid", with_total=True),
    "page_video_views_by_uploaded_hosted": Recipe("count", _PLAYS, by="hosting"),
    "page_video_view_time": Recipe("ms", _WATCHED),
    "page_uploaded_views_15s_count": Recipe("count", done("view", from_ms=15_000)),
    "page_uploaded_3s_to_15s_views_rate": Recipe("rate", done("view", from_ms=3_000, below_ms=15_000), among=_PLAYS),
    # Dead by now, and served while the clock is before their end.
    "page_impressions": Recipe("count", _VIEWS),
    "page_impressions_paid": Recipe("count", done("view", paid=True)),
    "page_impressions_unique": Recipe("unique", _VIEWS),
    "page_impressions_paid_unique": Recipe("unique", done("view", paid=True)),
    "page_posts_impressions": Recipe("count", _VIEWS),
    "page_posts_impressions_paid": Recipe("count", done("view", paid=True)),
    "page_posts_impressions_unique": Recipe("unique", _VIEWS),
    "page_posts_impressions_paid_unique": Recipe("unique", done("view", paid=True)),
    "page_posts_impressions_organic_unique": Recipe("unique", done("view", paid=False)),
    "page_video_views_unique": Recipe("unique", _PLAYS),
    "page_fans": Recipe("stock", net("fan")),
    "page_fan_adds": Recipe("count", done("fan")),
    "page_fan_adds_unique": Recipe("unique", done("fan")),
    "page_fan_removes": Recipe("events", Selection(("fan",), sign=-1)),
    "page_fan_removes_unique": Recipe("unique", Selection(("fan",), sign=-1)),
}

POST: dict[str, Recipe] = {
    "post_media_view": Recipe("count", _VIEWS),
    "post_total_media_view_unique": Recipe("unique", _VIEWS),
    "post_clicks": Recipe("count", done("click")),
    "post_clicks_by_type": Recipe("count", done("click"), by="key"),
    **{f"post_reactions_{key}_total": Recipe("count", net("reaction", key=key)) for key in REACTIONS},
    "post_reactions_by_type_total": Recipe("count", net("reaction"), by="key"),
    "post_activity_by_action_type": Recipe("count", net("reaction", "comment", "share"), by="action"),
    "post_activity_by_action_type_unique": Recipe("unique", done("reaction", "comment", "share"), by="action"),
    **_video_plays("post_video", "views", 3_000, played="_clicked_to_play"),
    "post_video_views_15s": Recipe("count", done("view", from_ms=15_000), is_video=True),
    "post_video_views_60s_excludes_shorter": Recipe("count", done("view", from_ms=60_000), is_video=True),
    "post_video_complete_views_organic": Recipe("count", done("view", is_complete=True, paid=False), is_video=True),
    "post_video_complete_views_paid": Recipe("count", done("view", is_complete=True, paid=True), is_video=True),
    "post_video_complete_views_organic_unique": Recipe("unique", done("view", is_complete=True, paid=False), is_video=True),
    "post_video_complete_views_paid_unique": Recipe("unique", done("view", is_complete=True, paid=True), is_video=True),
    **_only_variants(_video_plays("post_video", "complete_views_30s", 30_000, played="_clicked_to_play"), "post_video_complete_views_30s"),
    "post_video_complete_views_30s_unique": Recipe("unique", done("view", from_ms=30_000), is_video=True),
    "post_video_views_organic_unique": Recipe("unique", done("view", from_ms=3_000, paid=False), is_video=True),
    "post_video_views_paid_unique": Recipe("unique", done("view", from_ms=3_000, paid=True), is_video=True),
    "post_video_social_actions_count_unique": Recipe("unique", done("reaction", "comment", "share"), is_video=True),
    "post_video_avg_time_watched": Recipe("average_ms", _WATCHED, is_video=True),
    "post_video_view_time": Recipe("ms", _WATCHED, is_video=True),
    "post_video_view_time_organic": Recipe("ms", done("view", from_ms=1, paid=False), is_video=True),
    "post_video_length": Recipe("length", _WATCHED, is_video=True),
    "post_video_view_time_by_age_bucket_and_gender": Recipe("ms", _WATCHED, by="age_and_gender", is_video=True),
    "post_video_view_time_by_country_id": Recipe("ms", _WATCHED, by="country_id", scale=1 / 60_000, is_video=True),
    "post_video_view_time_by_region_id": Recipe("ms", _WATCHED, by="region_id", is_video=True),
    "post_video_view_time_by_distribution_type": Recipe("ms", _WATCHED, by="distribution", is_video=True),
    "post_video_views_by_distribution_type": Recipe("count", _PLAYS, by="distribution", is_video=True),
    "post_video_views_by_live_status": Recipe("count", _PLAYS, by="liveness", is_video=True),
    "post_video_15s_to_60s_excludes_shorter_views_rate": Recipe(
        "rate", done("view", from_ms=15_000, below_ms=60_000), among=_PLAYS, is_video=True
    ),
    # Dead by now.
    "post_impressions": Recipe("count", _VIEWS),
    "post_impressions_paid": Recipe("count", done("view", paid=True)),
    "post_impressions_organic": Recipe("count", done("view", paid=False)),
    "post_impressions_fan": Recipe("count", done("view", is_follower=True)),
    "post_impressions_unique": Recipe("unique", _VIEWS),
    "post_impressions_paid_unique": Recipe("unique", done("view", paid=True)),
    "post_impressions_fan_unique": Recipe("unique", done("view", is_follower=True)),
    "post_impressions_organic_unique": Recipe("unique", done("view", paid=False)),
    "post_video_views_unique": Recipe("unique", _PLAYS, is_video=True),
}

REEL: dict[str, Recipe] = {
    "blue_reels_play_count": Recipe("count", done("view", is_repeat=False)),
    "fb_reels_total_plays": Recipe("count", _VIEWS),
    "fb_reels_replay_count": Recipe("count", done("view", is_repeat=True)),
    "post_video_avg_time_watched": Recipe("average_ms", _VIEWS),
    "post_video_view_time": Recipe("ms", _VIEWS),
    "post_video_social_actions": Recipe("count", net("comment", "share"), by="social_action"),
    "post_video_likes_by_reaction_type": Recipe("count", net("reaction"), by="key"),
    "post_video_followers": Recipe("count", done("follow")),
    "post_impressions_unique": Recipe("unique", _VIEWS),
}

VIDEO: dict[str, Recipe] = {
    "total_video_views": Recipe("count", _PLAYS),
    "total_video_views_unique": Recipe("unique", _PLAYS),
    "total_video_15s_views": Recipe("count", done("view", from_ms=15_000)),
    "total_video_30s_views": Recipe("count", done("view", from_ms=30_000)),
    "total_video_complete_views": Recipe("count", done("view", is_complete=True)),
    "total_video_avg_time_watched": Recipe("average_ms", _WATCHED),
    "total_video_view_total_time": Recipe("ms", _WATCHED),
    "total_video_impressions_unique": Recipe("unique", _VIEWS),
}

NODE_PAGE: dict[str, Recipe] = {
    "followers_count": Recipe("stock", net("follow")),
    "fan_count": Recipe("stock", net("fan")),
    "talking_about_count": Recipe("unique", done(*_ENGAGEMENT), trailing_days=7),
}

NODE_POST: dict[str, Recipe] = {
    "shares.count": Recipe("count", net("share")),
    "reactions.summary.total_count": Recipe("count", net("reaction")),
    "comments.summary.total_count": Recipe("count", net("comment")),
}
