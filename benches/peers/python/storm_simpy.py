"""The storm for SimPy: a process for each client, and a resource. What it happens to hold for the same instant
comes in the order in which it was scheduled, so an end may come after an attempt."""

import simpy

from storm import RETRY, measure


def simulate(limit, clients, totals):
    env = simpy.Environment()
    server = simpy.Resource(env, capacity=limit)

    def client(arrival, transfer):
        yield env.timeout(arrival)
        while True:
            totals.attempts += 1
            if server.count < server.capacity:
                with server.request() as connection:
                    yield connection
                    yield env.timeout(transfer)
                totals.complete(arrival, env.now)
                return
            yield env.timeout(RETRY)

    for arrival, transfer in clients:
        env.process(client(arrival, transfer))
    env.run()


measure(simulate)
