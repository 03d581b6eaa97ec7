"""One module per format of a report, and nothing else."""
