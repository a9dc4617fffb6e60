"""What people get to see: terminal summary, outcomes.csv, leftovers.csv, summary.json, progress."""
