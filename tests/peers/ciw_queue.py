"""One M/M/c/K queue in Ciw, a queueing simulator that nobody here wrote (https://pypi.org/project/ciw/, MIT).

Prints the figures that ciw_queue.csv holds and that tests/it/world/peers.rs holds the workload model against:

    python -m venv venv && venv/bin/pip install ciw==3.2.7
    venv/bin/python ciw_queue.py > ciw_queue.csv
"""

import ciw

SERVICE = 0.010  # seconds, mean
WARM_UP, SECONDS, RUNS = 20, 400, 4

print("workers,waiting,load,mean_ms,p99_ms,refused_percent")
for workers, waiting, load in [(4, 30, 0.3), (4, 30, 0.6), (4, 30, 0.9), (4, 30, 1.0), (4, 30, 1.2), (12, 60, 0.8), (12, 60, 1.05)]:
    times, refused, arrived = [], 0, 0
    for seed in range(RUNS):
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(load * workers / SERVICE)],
            service_distributions=[ciw.dists.Exponential(1 / SERVICE)],
            number_of_servers=[workers],
            queue_capacities=[waiting],
        )
        ciw.seed(seed)
        run = ciw.Simulation(network)
        run.simulate_until_max_time(WARM_UP + SECONDS)
        for record in run.get_all_records():
            if record.arrival_date < WARM_UP:
                continue
            arrived += 1
            if record.record_type == "service":
                times.append(record.exit_date - record.arrival_date)
            else:
                refused += 1
    times.sort()
    mean, p99 = 1000 * sum(times) / len(times), 1000 * times[int(0.99 * len(times))]
    print(f"{workers},{waiting},{load},{mean:.2f},{p99:.2f},{100 * refused / arrived:.2f}", flush=True)
