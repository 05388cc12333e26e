"""What the contenders in Python have in common: the inputs, and what they report."""

import resource
import sys
import time

# How long after a refusal a client tries again, in ms.
RETRY = 600_000


class Totals:
    """What a simulation comes to."""

    def __init__(self):
        self.attempts = self.completion = self.end = 0

    def complete(self, arrival, end):
        """A client that arrived at `arrival` completes at `end`."""
        self.completion += end - arrival
        self.end = max(self.end, end)


def measure(simulate):
    """Simulates the inputs and prints what came of it, the processor time in seconds, and the peak memory in KiB."""
    with open(sys.argv[1], encoding="ascii") as file:
        limit, *numbers = map(int, file.read().split())
    clients = list(zip(numbers[::2], numbers[1::2]))
    totals = Totals()
    start = time.process_time()
    simulate(limit, clients, totals)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(totals.attempts, int(totals.completion), int(totals.end), seconds, peak)
