"""Load every day from a sandbox with faults while the loading process is killed; then compare with the sandbox."""
