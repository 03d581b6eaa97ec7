"""A network seen from outside: who is there, who would serve whom, and why nobody would."""
