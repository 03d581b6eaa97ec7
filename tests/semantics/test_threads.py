"""Patterns are parsed by many threads: an engine's requests, an adapter's handlers."""

import subprocess
import sys

AT_ONCE = """
import sys, threading
sys.setswitchinterval(1e-6)
from gridlingua.semantics.patterns import parse_body

start, errors = threading.Barrier(8), []

def parse():
    start.wait()
    try:
        parse_body('?a <http://e/p> 1 ; <http://e/q> "x"@en , true . ?b <http://e/r> ?a')
    except Exception as error:
        errors.append(error)

threads = [threading.Thread(target=parse) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
sys.exit(str(errors) if errors else 0)
"""


def test_the_first_patterns_of_a_process_can_be_parsed_at_once() -> None:
    for _ in range(3):  # a process that has parsed once is safe, so each try needs a new one
        done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
