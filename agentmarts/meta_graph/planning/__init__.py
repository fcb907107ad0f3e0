"""Clock, catalogue and ledger → requests that are due. Pure."""
