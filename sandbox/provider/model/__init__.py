"""What jobs, orders, faults and settings are; it does no work."""
