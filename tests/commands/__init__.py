"""The command line, run for real in this process: its own processes, networks and files."""
