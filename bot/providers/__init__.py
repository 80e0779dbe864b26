"""Video providers: one protocol, one shared client, and the wire format of each vendor."""
