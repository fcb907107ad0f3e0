"""The only SQL of `raw.graph_*`, `raw.metric_observations` and `raw.collection_ledger`."""
