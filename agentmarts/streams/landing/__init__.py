"""Files as they land, whatever their form, into events."""
