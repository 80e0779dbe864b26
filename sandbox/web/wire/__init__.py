"""The wire between the page and the sandbox as types: one source for the Python here and for the page's scripts."""
