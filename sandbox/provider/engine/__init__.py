"""Give jobs their life and answer as faults say, in no vendor's wire format."""
