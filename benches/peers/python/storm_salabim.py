"""The storm for salabim: a component for each client, and a resource."""

import salabim as sim

from storm import RETRY, measure


def simulate(limit, clients, totals):
    sim.yieldless(False)
    env = sim.Environment(trace=False)
    server = sim.Resource("server", capacity=limit, monitor=False)

    class Client(sim.Component):
        def setup(self, arrival, transfer):
            self.arrival, self.transfer = arrival, transfer

        def process(self):
            while True:
                totals.attempts += 1
                if server.available_quantity() > 0:
                    yield self.request(server)
                    # Ends come before attempts of the same instant.
                    yield self.hold(self.transfer, priority=-1)
                    self.release()
                    totals.complete(self.arrival, env.now())
                    return
                yield self.hold(RETRY)

    for arrival, transfer in clients:
        Client(arrival=arrival, transfer=transfer, at=arrival)
    env.run()


measure(simulate)
