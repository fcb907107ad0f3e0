"""What SQLFluff shows templates as dbt's `adapter`: it lints without a database, so every dialect macro is a function of its arguments."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro: str) -> Callable[..., str]:
    """A stand-in for a macro of macros/dialect."""
    if macro == "row_by_row":
        return lambda: "offset 0"
    if macro == "days":
        return str  # how far a window reaches is no function to SQLFluff
    if macro.startswith("type_"):
        return lambda *_: macro
    if macro in ("first_in_order", "last_in_order"):
        return lambda value, order_by, condition: f"{macro}({value} order by {order_by}) filter (where {condition})"
    return lambda *arguments: f"{macro}({', '.join(map(str, arguments))})"
