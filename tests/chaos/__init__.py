"""Kill the bot with signal 9 at every point of a job's life, start it again, and see whether its promises hold."""
