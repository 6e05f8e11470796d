use super::oracle::{Node, Run, Seen};
use firedrill::domain::DrillTime;
use firedrill::scenario::Scenario;
use firedrill::scenario::model::Service;
use firedrill::world::workload::{Capacity, Workload};

#[test]
fn probe_net() {
    let scenario = super::scenario("crypto-mining");
    for n in [2u32, 1] {
    let nodes: Vec<Node> = scenario.services.iter().map(|s| {
        let inst = if s.id.as_str() == "personalization" { n } else { 2 };
        Node { workers: (s.workers*inst) as usize, room: ((s.workers+s.queue)*inst) as usize, own: s.service_time.as_secs_f64(), timeout: s.timeout.as_secs_f64(),
            traffic: s.traffic.first().map_or(0.0, |t| t.rate), calls: s.calls.iter().map(|c| (scenario.services.iter().position(|o| o.id == c.service).unwrap(), c.retries)).collect() }
    }).collect();
    let seen = Run::new(nodes, 7).go(20.0, 100.0);
    let mut w = Workload::new(&scenario.services);
    for (i, s) in scenario.services.iter().enumerate() {
        let inst = if s.id.as_str() == "personalization" { n } else { 2 };
        w.set_traffic(i, s.traffic.first().map_or(0.0, |t| t.rate), DrillTime::ZERO);
        w.set_capacity(i, Capacity { instances: inst, speed: 1.0, usable: true }, DrillTime::ZERO);
    }
    w.settle();
    for (i, s) in scenario.services.iter().enumerate() {
        let t = w.sojourn(i);
        let st = &w.stations()[i];
        println!("{} n={n}\n  fluid mean {:.2} p99 {:.2} fail {:.3} asked {:.1} waiting {:.1}\n  exact mean {:.2} p99 {:.2} fail {:.3} asked {:.1} waiting {:.1}", s.id,
            t.mean_up_to(10.0)*1e3, t.quantile(0.99)*1e3, st.shown_failing()*100.0, st.shown_asked(), st.level.population - st.level.figures.busy,
            seen[i].mean()*1e3, seen[i].p99()*1e3, seen[i].failing()*100.0, seen[i].asked as f64/100.0, seen[i].waiting(100.0));
    }
    }
}
