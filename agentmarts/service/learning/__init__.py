"""/v1/learning: actions, outcomes, calibration, coaching and the role dashboards."""
