"""The face: cards and the buttons on them."""
