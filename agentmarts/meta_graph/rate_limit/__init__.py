"""Whether a call may go out now: budgets that Meta announces, spread over the hour."""
