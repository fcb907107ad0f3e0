"""Facts to deliver: made by hand, by chance, by a simulated Meta, or from real conversations."""
