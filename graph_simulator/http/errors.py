"""Errors as Meta words them: code, subcode, message. HTTP is 400 for almost everything and `type` says next to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_DOCUMENTATION = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"


@dataclass
class GraphError(Exception):
    """An answer of the interface that is an error. `message` never contains a token."""

    code: int
    message: str
    subcode: int | None = None
    status: int = 400
    type: str = "OAuthException"
    is_transient: bool | None = None
    user_title: str = ""
    user_message: str = ""
    data: dict[str, Any] | None = None

    def body(self, trace: str) -> dict[str, Any]:
        """The JSON body."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.is_transient is not None:
            error["is_transient"] = self.is_transient
        if self.user_title:
            error |= {"error_user_title": self.user_title, "error_user_msg": self.user_message}
        if self.data is not None:
            error["error_data"] = self.data
        return {"error": {**error, "fbtrace_id": trace}}


def parameter(message: str, subcode: int | None = None) -> GraphError:
    """Code 100: something asked for is wrong."""
    return GraphError(100, f"(#100) {message}", subcode)


def unknown_path(path: str) -> GraphError:
    """Code 2500: no such edge, or no such version."""
    return GraphError(2500, f"Unknown path components: {path}")


def unsupported_get(object_id: str) -> GraphError:
    """100/33: deleted, no access, or a throttle in disguise."""
    reason = "does not exist, cannot be loaded due to missing permissions, or does not support this operation"
    message = f"Unsupported get request. Object with ID '{object_id}' {reason}. {_DOCUMENTATION}"
    return GraphError(100, message, 33, type="GraphMethodException")


def no_such_field(name: str, node_type: str) -> GraphError:
    """Code 100: a field or edge that this type of node lacks."""
    return parameter(f"Tried accessing nonexisting field ({name}) on node type ({node_type})")


def no_alias(alias: str) -> GraphError:
    """Code 803: one of `ids` does not exist, and so none is answered."""
    return GraphError(803, f"(#803) Some of the aliases you requested do not exist: {alias}")


def dead_facebook_metric() -> GraphError:
    """Code 100: one of the metrics is none; Facebook does not say which."""
    return parameter("The value must be a valid insights metric")


def dead_instagram_metric(position: int, valid: Iterable[str]) -> GraphError:
    """Code 100: the metric at this position is none; Instagram lists those that are."""
    return parameter(f"metric[{position}] must be one of the following values: {', '.join(valid)}")


def no_longer_supported(metric: str, version: str) -> GraphError:
    """Code 100: how Instagram speaks of metrics that ended with v22.0."""
    return parameter(f"Starting from version {version} and above, the {metric} metric is no longer supported for the queried media.")


def needs_total_value(metrics: Iterable[str]) -> GraphError:
    """Code 100: these metrics of the request are not time series."""
    return parameter(f"The following metrics ({','.join(metrics)}) should be specified with parameter metric_type=total_value")


def needs_time_series(metrics: Iterable[str]) -> GraphError:
    """Code 100: these metrics of the request have no total value."""
    return parameter(f"The following metrics ({','.join(metrics)}) should be specified with parameter metric_type=time_series")


def not_for_this_product(metric: str, subcode: int | None = None) -> GraphError:
    """Code 100: the media product has no such metric; 2207086: these media are not shared to Facebook."""
    return parameter(f"The Media Insights API does not support the {metric} metric for this media product type.", subcode)


def before_conversion() -> GraphError:
    """100/2108006: media of the time before the account was a professional one."""
    explained = (
        "The media was posted before the most recent time that the user's account was converted to a business account "
        "from a personal account."
    )
    title = "Media Posted Before Business Account Conversion"
    blamed = {"blame_field_specs": [[""]]}
    return GraphError(100, "Invalid parameter", 2108006, is_transient=False, user_title=title, user_message=explained, data=blamed)


def no_metric() -> GraphError:
    """3001/1504028: no metric was named."""
    explained = "No metric was specified to be fetched. Please specify one or more metrics to be fetched and try again."
    return GraphError(3001, f"(#3001) {explained}", 1504028, user_title="No Metric Specified to be Fetched", user_message=explained)


def too_long(days: int) -> GraphError:
    """Code 100: more days between since and until than allowed."""
    return parameter(f"There cannot be more than {days} days ({days * 86_400} s) between since and until")


def too_old() -> GraphError:
    """Code 100: since lies more than two years back."""
    return parameter("since param is not valid. Metrics data is available for the last 2 years")


def unknown_error() -> GraphError:
    """Code 1: among others the answer to an unsupported breakdown."""
    return GraphError(1, "An unknown error has occurred.", status=500)


def too_much_data() -> GraphError:
    """Code 1: limit times metrics is more than the interface likes to compute."""
    return GraphError(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)


def not_enough_viewers() -> GraphError:
    """Code 10: a story with fewer than five viewers."""
    return GraphError(10, "(#10) Not enough viewers for the media to show insights")


def small_page() -> GraphError:
    """Code 200: unique viewers of a post of a page with few followers."""
    return GraphError(200, "(#200) Insufficient data to compute this metric for the page", status=403)


def missing_permission(permission: str) -> GraphError:
    """Code 10: the token lacks a permission."""
    return GraphError(10, f"(#10) This endpoint requires the '{permission}' permission.", status=403)


def missing_instagram_permission() -> GraphError:
    """Code 10 in the words of Instagram, which name no permission."""
    return GraphError(10, "(#10) Application does not have permission for this action", status=403)


def missing_task(task: str) -> GraphError:
    """Code 200: the user may not do this on the page."""
    return GraphError(200, f"(#200) The user does not have the task {task} on this Page", status=403)


def no_token() -> GraphError:
    """Code 104: no access token at all."""
    return GraphError(104, "(#104) An access token is required to request this resource.")


def bad_token(message: str, subcode: int | None = None) -> GraphError:
    """Code 190: the token is not valid, or is of the wrong kind."""
    return GraphError(190, message, subcode)


def bad_proof() -> GraphError:
    """Code 100: appsecret_proof does not belong to the token."""
    return GraphError(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")


def missing_proof() -> GraphError:
    """Code 100: the app is set to demand appsecret_proof."""
    return GraphError(100, "API calls from the server require an appsecret_proof argument", type="GraphMethodException")


_THROTTLES = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
    80002: "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
}


def throttled(code: int) -> GraphError:
    """Codes 4, 17, 32, 613, 80001, 80002: a budget is used up."""
    return GraphError(code, _THROTTLES[code], 2446079 if code == 613 else None, status=403 if code < 613 else 400, is_transient=code < 613)
