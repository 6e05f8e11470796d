"""The twin of a drill in SimPy, a discrete-event simulator that nobody here wrote (https://pypi.org/project/simpy/, MIT).

It plays an hour of a scenario file: every request through the services, the stages of the adversary with the records that they leave, the
ordinary records, the delivery of the logs, detectors, channels, and an instance that is terminated and replaced by its group.
`cargo bench --bench peers` runs it beside the program's own world and says what it needs:

    python -m venv venv && venv/bin/pip install simpy==4.1.2
    venv/bin/python drill_simpy.py SCENARIO.toml SEED DRILLS whole|findings

`findings` leaves the requests out: only what decides when the team is told. One line of JSON for each drill goes to standard output: CPU
seconds, seconds from the fault to the first finding of the first detector, from there to the first channel, and what was counted.
"""

import json
import pathlib
import random
import re
import sys
import time
import tomllib

import simpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "peers"))
from simpy_queues import Service  # noqa: E402  (the rules of a request, as scenarios/README.md has them)

EXPERIMENT, TERMINATED, END = 300.0, 1230.0, 3600.0
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text):
    """`2m30s` in seconds."""
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|s|m|h)", text))


def drawn(rng, latency):
    spread = seconds(latency.get("spread", "0s"))
    return seconds(latency["typical"]) + rng.uniform(-spread, spread)


class Drill:
    def __init__(self, scenario, seed, with_requests):
        self.env, self.rng, self.scenario = simpy.Environment(), random.Random(seed), scenario
        self.began = {stage["id"]: self.env.event() for stage in scenario["stage"]}
        self.lost = {stage["id"]: self.env.event() for stage in scenario["stage"]}
        self.fault = EXPERIMENT + seconds(scenario["fault"].get("after", "0s"))
        self.told = self.found = None
        self.records = 0
        self.delays = {log["source"]: log["delay"] for log in scenario.get("log", [])}
        self.services = self.serve() if with_requests else []
        for stage in scenario["stage"]:
            self.env.process(self.stage(stage))
        for emission in scenario.get("background", []):
            self.env.process(self.leaves(emission, None))
        self.env.process(self.terminate())

    def serve(self):
        made, places = [], {service["id"]: at for at, service in enumerate(self.scenario["service"])}
        for service in self.scenario["service"]:
            instances = len(service["instance"])
            calls = [(places[call["service"]], call.get("retries", 0)) for call in service.get("calls", [])]
            make = (
                service["workers"] * instances,
                service["queue"] * instances,
                seconds(service["service-time"]),
                seconds(service["timeout"]),
                service.get("traffic", [{"rate": 0.0}])[0]["rate"],
                calls,
            )
            made.append(Service(self.env, make, self.rng, 0.0))
        for service in made:
            service.others = made
            if service.traffic > 0:
                self.env.process(service.arrivals())
        return made

    def terminate(self):
        """The instance of the first stage goes with what runs on it; its group starts another one."""
        yield self.env.timeout(TERMINATED)
        gone = self.scenario["stage"][0]["on"]["instance"]
        for stage in self.scenario["stage"]:
            there = stage.get("on", {}).get("instance") == gone and "instance" in stage.get("needs", [])
            if there and self.began[stage["id"]].triggered:
                self.lost[stage["id"]].succeed()
        for place, service in enumerate(self.scenario["service"]):
            if self.services and gone in [instance["id"] for instance in service["instance"]]:
                self.env.process(self.replace(self.services[place], service))

    def replace(self, queue, service):
        queue.workers -= service["workers"]
        queue.queue -= service["queue"]
        yield self.env.timeout(drawn(self.rng, service["group"]["boot"]))
        queue.workers += service["workers"]
        queue.queue += service["queue"]

    def stage(self, stage):
        begins = stage["begins"]
        delay = seconds(begins.get("delay", "0s"))
        if "at" in begins:
            yield self.env.timeout(seconds(begins["at"]))
        elif "after-fault" in begins:
            yield self.env.timeout(self.fault + seconds(begins["after-fault"]))
        elif "after-start-of" in begins:
            yield self.began[begins["after-start-of"]]
            yield self.env.timeout(delay)
        elif "after-loss-of" in begins:
            yield self.lost[begins["after-loss-of"]]
            yield self.env.timeout(delay)
        self.began[stage["id"]].succeed()
        for emission in stage.get("leaves", []):
            self.env.process(self.leaves(emission, self.lost[stage["id"]]))
        for detector in self.scenario["detector"]:
            if stage["id"] in detector["sees"] and self.rng.random() >= detector.get("misses", 0.0):
                self.env.process(self.detect(detector))

    def leaves(self, emission, until):
        if "every" not in emission:
            yield self.env.timeout(0)
            return self.deliver(emission["source"])
        every = seconds(emission["every"])
        while until is None or not until.triggered:
            gap = self.rng.expovariate(1.0 / every) if emission.get("random") else every
            yield self.env.timeout(max(1.0, gap))
            self.deliver(emission["source"])

    def deliver(self, source):
        def arrive(env, delay):
            yield env.timeout(delay)
            self.records += 1

        delay = self.delays.get(source)
        self.env.process(arrive(self.env, drawn(self.rng, delay) if delay else 0.0))

    def detect(self, detector):
        yield self.env.timeout(drawn(self.rng, detector["latency"]))
        first = detector is self.scenario["detector"][0] and self.found is None
        if first:
            self.found = self.env.now - self.fault
        for channel in self.scenario["channel"]:
            if detector["id"] in channel["carries"] and "broken" not in channel:
                self.env.process(self.carry(channel, first))

    def carry(self, channel, first):
        since = self.env.now
        yield self.env.timeout(drawn(self.rng, channel["latency"]))
        if first and self.told is None:
            self.told = self.env.now - since


def main(path, seed, drills, part):
    scenario = tomllib.loads(pathlib.Path(path).read_text())
    for number in range(drills):
        start = time.process_time()
        drill = Drill(scenario, seed + number, part == "whole")
        drill.env.run(END)
        spent = time.process_time() - start
        requests = sum(service.asked for service in drill.services)
        failed = sum(service.failed for service in drill.services)
        seen = {"cpu": spent, "found": drill.found, "told": drill.told, "records": drill.records}
        print(json.dumps({**seen, "requests": requests, "failed": failed}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
