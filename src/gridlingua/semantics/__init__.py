"""Terms, rows, patterns, lift and lower, SHACL: pure functions, no I/O."""
