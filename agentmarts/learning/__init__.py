"""What SQL cannot do for the learning domain: drawing."""
