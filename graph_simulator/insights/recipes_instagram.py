"""Metrics of Instagram accounts, media and stories. Those that are missing here have nothing to say."""

from __future__ import annotations

from graph_simulator.insights.recipes import Recipe, done, net

_INTERACTIONS = ("reaction", "comment", "save", "share", "reply", "repost")
_VIEWS = done("view")

USER: dict[str, Recipe] = {
    "reach": Recipe("unique", _VIEWS),
    "views": Recipe("count", _VIEWS),
    "accounts_engaged": Recipe("unique", done(*_INTERACTIONS)),
    "likes": Recipe("count", done("reaction")),
    "comments": Recipe("count", done("comment")),
    "saves": Recipe("count", done("save")),
    "shares": Recipe("count", done("share")),
    "replies": Recipe("count", done("reply")),
    "reposts": Recipe("count", done("repost")),
    "total_interactions": Recipe("count", done(*_INTERACTIONS)),
    "profile_links_taps": Recipe("count", done("tap")),
    "profile_views": Recipe("count", done("visit")),
    "website_clicks": Recipe("count", done("website")),
    "follower_count": Recipe("count", done("follow")),
    # Gained and lost are two values of a breakdown; added up they mean nothing, so without it there is only a skeleton.
    "follows_and_unfollows": Recipe("events", net("follow")),
    "impressions": Recipe("count", _VIEWS),
}

ENGAGED = Recipe("unique", done(*_INTERACTIONS))
REACHED = Recipe("unique", _VIEWS)

MEDIA: dict[str, Recipe] = {
    "reach": Recipe("unique", _VIEWS),
    "views": Recipe("count", done("view", paid=False)),
    "likes": Recipe("count", net("reaction", paid=False)),
    "comments": Recipe("count", net("comment", paid=False)),
    "saved": Recipe("count", net("save")),
    "shares": Recipe("count", net("share")),
    "reposts": Recipe("count", net("repost")),
    "total_interactions": Recipe("count", net(*_INTERACTIONS, paid=False)),
    "follows": Recipe("count", done("follow")),
    "profile_visits": Recipe("count", done("visit")),
    "profile_activity": Recipe("count", done("tap")),
    "replies": Recipe("count", done("reply")),
    "navigation": Recipe("count", done("navigation")),
    "link_clicks": Recipe("count", done("website")),
    "ig_reels_avg_watch_time": Recipe("average_ms", _VIEWS),
    "ig_reels_video_view_total_time": Recipe("ms", _VIEWS),
    "reels_skip_rate": Recipe("rate", done("view", below_ms=3_000), among=_VIEWS, scale=100.0),
    "crossposted_views": Recipe("count", done("view", "facebook_view")),
    "facebook_views": Recipe("count", done("facebook_view")),
    "total_likes": Recipe("count", net("reaction")),
    "total_comments": Recipe("count", net("comment")),
    "total_views": Recipe("count", _VIEWS),
    "impressions": Recipe("count", _VIEWS),
}

NODE_USER: dict[str, Recipe] = {
    "followers_count": Recipe("stock", net("follow")),
}

NODE_MEDIA: dict[str, Recipe] = {
    "like_count": Recipe("count", net("reaction", paid=False)),
    "comments_count": Recipe("count", net("comment", paid=False)),
    "saved_count": Recipe("count", net("save")),
    "shares_count": Recipe("count", net("share")),
    "reposts_count": Recipe("count", net("repost")),
    "total_like_count": Recipe("count", net("reaction")),
    "total_comments_count": Recipe("count", net("comment")),
    "total_views_count": Recipe("count", _VIEWS),
}
