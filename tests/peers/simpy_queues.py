"""Random workloads in SimPy, a discrete-event simulator that nobody here wrote (https://pypi.org/project/simpy/, MIT).

Prints the figures that simpy_queues.csv, simpy_steps.csv and simpy_surges.csv hold, and that tests/it/world/peers.rs holds the workload model against:

    python -m venv venv && venv/bin/pip install simpy==4.1.2
    venv/bin/python simpy_queues.py 1 > simpy_queues.csv
    venv/bin/python simpy_queues.py 1 steps > simpy_steps.csv
    venv/bin/python simpy_queues.py 1 surges > simpy_surges.csv

The first argument is the seed of the workloads; another one makes other workloads, on which nothing was tuned. What is simulated is what
"What happens to a request" in scenarios/README.md says, word by word, and none of the program's formulas.
"""

import math
import random
import sys
from collections import deque

import simpy

RUNS = 3
REQUESTS = 60_000  # from outside, in each run


class Service:
    """Workers, a bounded queue in front of them, and what was seen there."""

    def __init__(self, env, make, rng, warm):
        self.env, self.rng, self.warm = env, rng, warm
        self.workers, self.queue, self.own, self.timeout, self.traffic, self.calls = make
        self.others = None
        self.waiting, self.busy = deque(), 0
        self.asked = self.failed = 0
        self.times = []
        self.work = 0.0

    def counts(self):
        return self.env.now >= self.warm

    def ask(self, answer):
        """A request comes. `answer(good)` is called once: when it is answered, refused, or given up on."""
        if self.counts():
            self.asked += 1
        if self.busy >= self.workers and len(self.waiting) >= self.queue:
            if self.counts():
                self.failed += 1
            answer(False)
            return
        request = {"since": self.env.now, "answer": answer}
        if self.timeout < 50:
            self.after(self.timeout, lambda: self.give_up(request))
        if self.busy < self.workers:
            self.start(request)
        else:
            self.waiting.append(request)

    def after(self, seconds, then):
        self.env.timeout(seconds).callbacks.append(lambda _: then())

    def give_up(self, request):
        answer, request["answer"] = request["answer"], None
        if answer:
            answer(False)

    def start(self, request):
        self.busy += 1
        seconds = self.rng.expovariate(1.0 / self.own)
        if self.counts():
            self.work += seconds
        self.after(seconds, lambda: self.call(request, 0, 0))

    def call(self, request, which, attempt):
        """Own work is done: the calls, one after the other, each with its further attempts."""
        if which == len(self.calls):
            self.finish(request, True)
            return
        callee, retries = self.calls[which]

        def answered(good):
            if good:
                self.call(request, which + 1, 0)
            elif attempt < retries:
                self.call(request, which, attempt + 1)
            else:
                self.finish(request, False)

        self.others[callee].ask(answered)

    def finish(self, request, good):
        self.busy -= 1
        took = self.env.now - request["since"]
        if self.counts():
            self.times.append(min(took, self.timeout))
            if not good or took > self.timeout:
                self.failed += 1
        if self.waiting and self.busy < self.workers:
            self.start(self.waiting.popleft())
        answer, request["answer"] = request["answer"], None
        if answer:
            answer(good)

    def arrivals(self):
        while True:
            yield self.env.timeout(self.rng.expovariate(self.traffic))
            self.ask(lambda good: None)


def build(makes, seed, warm):
    env = simpy.Environment()
    rng = random.Random(seed)
    services = [Service(env, make, rng, warm) for make in makes]
    for service in services:
        service.others = services
        if service.traffic > 0:
            env.process(service.arrivals())
    return env, services


def figures(service, seconds):
    times = sorted(service.times)
    mean = 1000 * sum(times) / len(times)
    p99 = 1000 * times[int(0.99 * len(times))]
    lost = 100 * service.failed / service.asked
    cpu = 100 * service.work / seconds / service.workers
    return mean, p99, lost, cpu


def at_rest(makes, seed):
    """Mean and standard error of the figures of each service over some runs."""
    seconds = REQUESTS / sum(make[4] for make in makes)
    # Several times what a full queue takes to empty.
    warm = 0.1 * seconds + 12 * sum(make[2] * (1 + make[1] / make[0]) for make in makes)
    seen = []
    for run in range(RUNS):
        env, services = build(makes, 1000 * seed + run, warm)
        env.run(warm + seconds)
        seen.append([figures(service, seconds) for service in services])
    for place in range(len(makes)):
        row = []
        for figure in range(4):
            values = [run[place][figure] for run in seen]
            mean = sum(values) / RUNS
            error = math.sqrt(sum((value - mean) ** 2 for value in values) / (RUNS - 1) / RUNS)
            row += [f"{mean:.4g}", f"{error:.2g}"]
        yield row


# --- Random workloads ---


def geometric(rng, low, high):
    return low * (high / low) ** rng.random()


def own_work(rng):
    return round(geometric(rng, 0.002, 0.05), 5)


def queue(rng):
    return int(geometric(rng, 5, 250))


def near_full(rng, workers, waiting, own):
    """A time-out between a third of a full queue's wait and all of it."""
    return round(max(3 * own, rng.uniform(0.3, 1.0) * own * (1 + waiting / workers)), 3)


LONG = 60.0


def single(rng, low=0.3, timeout=False):
    workers, own = int(geometric(rng, 1, 51)), own_work(rng)
    waiting = queue(rng)
    load = rng.uniform(low, 1.2)
    limit = near_full(rng, workers, waiting, own) if timeout else LONG
    return [(workers, waiting, own, limit, round(load * workers / own, 2), [])]


def caller(rng, rate, hold, calls, tight):
    """A service with workers to spare, or with hardly enough."""
    own = own_work(rng)
    need = rate * (own + hold)
    spare = rng.uniform(0.8, 1.3) if tight else rng.uniform(1.3, 3.0)
    return (max(1, math.ceil(need * spare)), queue(rng), own, LONG, round(rate, 2), calls)


def called(rng, timeout):
    workers, own = int(geometric(rng, 1, 24)), own_work(rng)
    waiting = queue(rng)
    limit = near_full(rng, workers, waiting, own) if timeout else LONG
    return (workers, waiting, own, limit, 0.0, []), rng.uniform(0.3, 1.2) * workers / own


def series(rng, depth, tight=None, retries=0, timeout=False, mixed=0.0):
    last, rate = called(rng, timeout)
    hold, chain = 1.3 * last[2], [last]
    for place in range(depth - 1, 0, -1):
        one = caller(rng, rate * (1 - mixed), hold, [(place, retries)], rng.random() < 0.5 if tight is None else tight)
        hold = 1.3 * (hold + one[2])
        chain.insert(0, one)
    chain = [make if place == 0 else make[:4] + (0.0,) + make[5:] for place, make in enumerate(chain)]
    if mixed:
        chain[-1] = last[:4] + (round(rate * mixed, 2),) + last[5:]
    return chain


def fan_in(rng, retries=0, timeout=False):
    last, rate = called(rng, timeout)
    share = rng.uniform(0.2, 0.8)
    one = caller(rng, rate * share, 1.3 * last[2], [(2, retries)], rng.random() < 0.4)
    other = caller(rng, rate * (1 - share), 1.3 * last[2], [(2, retries)], rng.random() < 0.4)
    return [one, other, last]


def fan_out(rng, retries=0):
    last, rate = called(rng, False)
    own = own_work(rng)
    other = (max(1, math.ceil(rate * own / rng.uniform(0.3, 1.0))), queue(rng), own, LONG, 0.0, [])
    first = caller(rng, rate, 1.3 * (last[2] + own), [(1, retries), (2, retries)], rng.random() < 0.5)
    return [first, last, other]


FAMILIES = [
    ("single", 12, lambda rng: single(rng)),
    ("single-timeout", 8, lambda rng: single(rng, 0.6, True)),
    ("series-2", 8, lambda rng: series(rng, 2)),
    ("series-3", 8, lambda rng: series(rng, 3)),
    ("limit", 8, lambda rng: series(rng, 2, tight=True)),
    ("retry", 8, lambda rng: series(rng, 2, retries=rng.randint(1, 3))),
    ("series-timeout", 6, lambda rng: series(rng, 2, timeout=True)),
    ("retry-timeout", 6, lambda rng: series(rng, 2, retries=rng.randint(1, 2), timeout=True)),
    ("mixed", 6, lambda rng: series(rng, 2, mixed=0.4)),
    ("fan-in", 8, lambda rng: fan_in(rng)),
    ("fan-in-retry", 6, lambda rng: fan_in(rng, retries=1)),
    ("fan-in-timeout", 6, lambda rng: fan_in(rng, timeout=True)),
    ("fan-out", 6, lambda rng: fan_out(rng)),
]


def text(make):
    calls = " ".join(f"{callee}:{retries}" for callee, retries in make[5])
    return ",".join(str(value) for value in make[:5]) + "," + calls


def main(seed, families):
    names = "mean_ms,mean_error,p99_ms,p99_error,lost_percent,lost_error,cpu_percent,cpu_error"
    print("family,workload,service,workers,queue,own_s,timeout_s,traffic,calls," + names)
    for family, count, make in FAMILIES:
        if families and family not in families:
            continue
        for number in range(count):
            # The same whichever families are asked for.
            makes = make(random.Random(f"{seed} {family} {number}"))
            for place, row in enumerate(at_rest(makes, 100 * seed + number)):
                print(f"{family},{number},{place},{text(makes[place])},{','.join(row)}", flush=True)


# --- Steps of capacity ---


def steps(seed):
    """One service loses or gets instances: mean time and loss of the requests that come in each of the ten seconds after it."""
    print("workload,instances,instances_after,workers,queue,own_s,traffic,second,mean_ms,mean_error,lost_percent,lost_error")
    for number in range(12):
        rng = random.Random(f"{seed} step {number}")
        each, own = int(geometric(rng, 1, 9)), round(geometric(rng, 0.01, 0.05), 5)
        places = int(geometric(rng, 5, 100))
        before, then = rng.choice([(2, 1), (3, 2), (4, 2), (1, 2), (2, 3), (3, 4)])
        fewest = min(before, then) * each
        rate = round(rng.uniform(0.85, 1.4) * fewest / own, 2)
        runs = min(300, int(400_000 / (14 * rate)) + 30)
        seen = [[[], []] for _ in range(10)]
        for run in range(runs):
            times, lost = one_step((before, then), each, places, own, rate, 1_000_000 * seed + 1000 * number + run)
            for second in range(10):
                if times[second]:
                    seen[second][0].append(sum(times[second]) / len(times[second]))
                    seen[second][1].append(100 * lost[second] / (lost[second] + len(times[second])))
        for second, (means, losses) in enumerate(seen):
            row = []
            for values in (means, losses):
                mean = sum(values) / len(values)
                error = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
                row += [f"{mean:.4g}", f"{error:.2g}"]
            print(f"{number},{before},{then},{each},{places},{own},{rate},{second},{','.join(row)}", flush=True)


def one_step(instances, each, places, own, rate, seed):
    before, then = instances
    warm = 4 + 3 * own * places / each
    env, (service,) = build([(before * each, before * places, own, LONG, 0.0, [])], seed, warm)
    times, lost = [[] for _ in range(10)], [0] * 10

    def arrivals():
        while True:
            yield env.timeout(service.rng.expovariate(rate))
            since, second = env.now, math.floor(env.now - warm)
            if 0 <= second < 10:
                failed = service.failed
                service.ask(lambda good, since=since, second=second: times[second].append(1000 * (env.now - since)) if good else None)
                lost[second] += service.failed - failed
            else:
                service.ask(lambda good: None)

    def step():
        yield env.timeout(warm)
        # Requests of an instance that leaves go on on the others, as far as there is room: the last ones find no place.
        service.workers, service.queue = then * each, then * places
        while service.busy + len(service.waiting) > then * (each + places) and service.waiting:
            service.waiting.pop()
        while service.busy < service.workers and service.waiting:
            service.start(service.waiting.popleft())

    env.process(arrivals())
    env.process(step())
    env.run(warm + 10 + 3 * own * (1 + places / each))
    return times, lost


# --- Surges of traffic ---


def surges(seed):
    """Traffic goes up to 1 to 1.2 of what one service can do, and back after ten seconds; callers give up, but for every third service. Mean time, cut
    off at the time-out, and loss of the requests that come in each of the twenty seconds after the rise."""
    print("workload,workers,queue,own_s,timeout_s,calm,surge,second,mean_ms,mean_error,lost_percent,lost_error")
    for number in range(12):
        rng = random.Random(f"{seed} surge {number}")
        workers, own = int(geometric(rng, 1, 17)), round(geometric(rng, 0.01, 0.05), 5)
        places = int(geometric(rng, 5, 100))
        limit = LONG if number % 3 == 2 else near_full(rng, workers, places, own)
        calm, surge = (round(load * workers / own, 2) for load in (rng.uniform(0.4, 0.9), rng.uniform(1.0, 1.2)))
        runs = min(400, int(600_000 / (24 * surge)) + 60)
        seen = [[[], []] for _ in range(20)]
        for run in range(runs):
            times, lost, asked = one_surge((workers, places, own, limit), calm, surge, 1_000_000 * seed + 1000 * number + run)
            for second in range(20):
                if times[second]:
                    seen[second][0].append(sum(times[second]) / len(times[second]))
                if asked[second]:
                    seen[second][1].append(100 * lost[second] / asked[second])
        for second, pair in enumerate(seen):
            row = []
            for values in pair:
                mean = sum(values) / len(values)
                error = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
                row += [f"{mean:.4g}", f"{error:.2g}"]
            print(f"{number},{workers},{places},{own},{limit},{calm},{surge},{second},{','.join(row)}", flush=True)


def one_surge(make, calm, surge, seed):
    workers, places, own, limit = make
    warm = 4 + 3 * own * places / workers
    env, (service,) = build([(workers, places, own, limit, 0.0, [])], seed, warm)
    times, lost, asked = [[] for _ in range(20)], [0] * 20, [0] * 20

    def ask(second):
        since = env.now
        asked[second] += 1
        inside = True

        def answer(good):
            if not (inside and not good):
                times[second].append(1000 * min(env.now - since, limit))
            lost[second] += not good

        service.ask(answer)
        inside = False

    def arrivals():
        while True:
            yield env.timeout(service.rng.expovariate(surge))
            second = math.floor(env.now - warm)
            if not 0 <= second < 10 and service.rng.random() > calm / surge:
                continue
            if 0 <= second < 20:
                ask(second)
            else:
                service.ask(lambda good: None)

    env.process(arrivals())
    env.run(warm + 20 + 3 * own * (1 + places / workers))
    return times, lost, asked


if __name__ == "__main__":
    if sys.argv[2:] == ["steps"]:
        steps(int(sys.argv[1]))
    elif sys.argv[2:] == ["surges"]:
        surges(int(sys.argv[1]))
    else:
        main(int(sys.argv[1]), sys.argv[2:])
