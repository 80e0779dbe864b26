"""What a job is, may become and costs: pure, standard library only."""
