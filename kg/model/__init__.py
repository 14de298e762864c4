"""What flows between the stations: plain frozen data, the standard library and nothing else."""
