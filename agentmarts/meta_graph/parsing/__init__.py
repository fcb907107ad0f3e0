"""JSON of Meta → observations. Pure: no clock, no network, no database."""
