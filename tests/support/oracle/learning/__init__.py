"""An oracle for the outcomes of agents' actions: the specification once more, in plain Python, slow and clear.

Like the oracle of the conversations it knows nothing of the project's own code.
"""

from .aalen_johansen import Estimate, FollowUp, aalen_johansen
from .choice import Evidence, choose
from .daily import outcome_daily
from .deals import STAGES
from .facts import Action, Facts, Reply, Signal, StageChange, read_facts
from .outcomes import outcomes

__all__ = [
    "STAGES",
    "Action",
    "Estimate",
    "Evidence",
    "Facts",
    "FollowUp",
    "Reply",
    "Signal",
    "StageChange",
    "aalen_johansen",
    "choose",
    "outcome_daily",
    "outcomes",
    "read_facts",
]
