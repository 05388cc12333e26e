"""What the contenders in Python have in common: the inputs, and what they report."""

import array
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
    """Simulates the inputs, and prints what came of it, the processor time in seconds, and by how much the peak of
    memory is above what there was before, in KiB."""
    with open(sys.argv[1], "rb") as file:
        limit, count = array.array("Q", file.read(16))
        arrivals, transfers = array.array("Q"), array.array("Q")
        for _ in range(count):
            arrivals.fromfile(file, 1)
            transfers.fromfile(file, 1)
    totals = Totals()
    before, start = kib("VmRSS:"), time.process_time()
    simulate(limit, zip(arrivals, transfers), totals)
    seconds = time.process_time() - start
    grown = kib("VmHWM:") - before
    print(totals.attempts, int(totals.completion), int(totals.end), seconds, grown)


def kib(name):
    """An amount of memory of this process that Linux reports, in KiB."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))
