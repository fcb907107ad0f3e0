"""Raw streams: what may be sent, how it is checked, and how it reaches schema `raw` exactly once."""
