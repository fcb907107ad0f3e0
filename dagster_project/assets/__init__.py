"""Assets: raw streams from landing files, dbt models in `build`, published marts."""
