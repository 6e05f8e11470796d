//! A second opinion on the workload: every request simulated one by one, with the same rules and none of the formulas.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A service.
#[derive(Clone)]
pub struct Node {
    pub workers: usize,
    pub room: usize,
    /// Mean own work, in seconds.
    pub own: f64,
    pub timeout: f64,
    /// Arrivals from outside, per second.
    pub traffic: f64,
    /// Called service and further attempts.
    pub calls: Vec<(usize, u32)>,
}

/// What was seen of a service.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub asked: u64,
    pub failed: u64,
    /// Times of the requests that were let in, cut off at the time-out, in seconds.
    pub times: Vec<f64>,
    /// Sum over time of requests waiting for a worker.
    waiting_area: f64,
}

impl Seen {
    pub fn failing(&self) -> f64 {
        self.failed as f64 / self.asked as f64
    }

    pub fn mean(&self) -> f64 {
        self.times.iter().sum::<f64>() / self.times.len() as f64
    }

    pub fn p99(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times[times.len() * 99 / 100]
    }

    pub fn waiting(&self, seconds: f64) -> f64 {
        self.waiting_area / seconds
    }
}

enum Event {
    Arrival(usize),
    WorkDone(usize),
    GivenUp(usize),
}

struct Request {
    node: usize,
    caller: Option<usize>,
    arrived: f64,
    call: usize,
    attempt: u32,
    /// The attempt that it waits for.
    child: Option<usize>,
    over: bool,
}

/// A run.
pub struct Run {
    nodes: Vec<Node>,
    queues: Vec<VecDeque<usize>>,
    busy: Vec<usize>,
    there: Vec<usize>,
    requests: Vec<Request>,
    agenda: BinaryHeap<Reverse<(u64, u64, usize)>>,
    events: Vec<Option<Event>>,
    free_events: Vec<usize>,
    seq: u64,
    now: f64,
    state: u64,
    from: f64,
    pub seen: Vec<Seen>,
}

impl Run {
    pub fn new(nodes: Vec<Node>, seed: u64) -> Self {
        let count = nodes.len();
        Self {
            nodes,
            queues: vec![VecDeque::new(); count],
            busy: vec![0; count],
            there: vec![0; count],
            requests: Vec::new(),
            agenda: BinaryHeap::new(),
            events: Vec::new(),
            free_events: Vec::new(),
            seq: 0,
            now: 0.0,
            state: seed,
            from: 0.0,
            seen: vec![Seen::default(); count],
        }
    }

    /// Runs for `warm` seconds that don't count and then `seconds` that do.
    pub fn go(mut self, warm: f64, seconds: f64) -> Vec<Seen> {
        self.from = warm;
        for node in 0..self.nodes.len() {
            self.next_arrival(node);
        }
        while let Some(Reverse((at, _, slot))) = self.agenda.pop() {
            let at = at as f64 / 1e9;
            if at > warm + seconds {
                break;
            }
            if self.now >= warm {
                for node in 0..self.nodes.len() {
                    self.seen[node].waiting_area += (at - self.now) * self.queues[node].len() as f64;
                }
            }
            self.now = at;
            self.free_events.push(slot);
            match self.events[slot].take() {
                Some(Event::Arrival(node)) => {
                    self.next_arrival(node);
                    self.arrive(node, None);
                }
                Some(Event::WorkDone(request)) => self.call_next(request),
                Some(Event::GivenUp(request)) => self.given_up(request),
                None => {}
            }
        }
        self.seen
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut x = self.state;
        x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        x ^= x >> 33;
        let unit = ((x >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        -mean * libm::log(unit)
    }

    fn plan(&mut self, after: f64, event: Event) {
        let slot = self.free_events.pop().unwrap_or_else(|| {
            self.events.push(None);
            self.events.len() - 1
        });
        self.events[slot] = Some(event);
        self.seq += 1;
        self.agenda.push(Reverse((((self.now + after) * 1e9) as u64, self.seq, slot)));
    }

    fn next_arrival(&mut self, node: usize) {
        if self.nodes[node].traffic > 0.0 {
            let gap = self.exponential(1.0 / self.nodes[node].traffic);
            self.plan(gap, Event::Arrival(node));
        }
    }

    fn counts(&self) -> bool {
        self.now >= self.from
    }

    /// A request arrives; false if it is refused.
    fn arrive(&mut self, node: usize, caller: Option<usize>) -> Option<usize> {
        if self.counts() {
            self.seen[node].asked += 1;
        }
        if self.there[node] >= self.nodes[node].room {
            if self.counts() {
                self.seen[node].failed += 1;
            }
            return None;
        }
        self.there[node] += 1;
        let request = Request { node, caller, arrived: self.now, call: 0, attempt: 0, child: None, over: false };
        // Requests with a give-up event in flight are never reused, so that the event can't hit another one.
        self.requests.push(request);
        let id = self.requests.len() - 1;
        if caller.is_some() && self.nodes[node].timeout.is_finite() {
            self.plan(self.nodes[node].timeout, Event::GivenUp(id));
        }
        if self.busy[node] < self.nodes[node].workers {
            self.start(id);
        } else {
            self.queues[node].push_back(id);
        }
        Some(id)
    }

    fn start(&mut self, id: usize) {
        let node = self.requests[id].node;
        self.busy[node] += 1;
        let work = self.exponential(self.nodes[node].own);
        self.plan(work, Event::WorkDone(id));
    }

    /// Own work or a call is done: the next call, or the end.
    fn call_next(&mut self, id: usize) {
        let (node, call) = (self.requests[id].node, self.requests[id].call);
        let Some((callee, retries)) = self.nodes[node].calls.get(call).copied() else {
            self.finish(id, true);
            return;
        };
        loop {
            if let Some(child) = self.arrive(callee, Some(id)) {
                self.requests[id].child = Some(child);
                return;
            }
            if self.requests[id].attempt >= retries {
                self.finish(id, false);
                return;
            }
            self.requests[id].attempt += 1;
        }
    }

    fn given_up(&mut self, id: usize) {
        if self.requests[id].over {
            return;
        }
        if let Some(caller) = self.requests[id].caller.take() {
            self.answered(caller, false);
        }
    }

    fn answered(&mut self, id: usize, good: bool) {
        self.requests[id].child = None;
        let (node, call) = (self.requests[id].node, self.requests[id].call);
        if good {
            self.requests[id].call += 1;
            self.requests[id].attempt = 0;
            self.call_next(id);
        } else if self.requests[id].attempt < self.nodes[node].calls[call].1 {
            self.requests[id].attempt += 1;
            self.call_next(id);
        } else {
            self.finish(id, false);
        }
    }

    fn finish(&mut self, id: usize, good: bool) {
        let node = self.requests[id].node;
        self.requests[id].over = true;
        self.busy[node] -= 1;
        self.there[node] -= 1;
        let took = self.now - self.requests[id].arrived;
        let timeout = self.nodes[node].timeout;
        if self.counts() {
            self.seen[node].times.push(took.min(timeout));
            if !good || took > timeout {
                self.seen[node].failed += 1;
            }
        }
        if let Some(next) = self.queues[node].pop_front() {
            self.start(next);
        }
        if let Some(caller) = self.requests[id].caller {
            self.answered(caller, good);
        }
    }
}
