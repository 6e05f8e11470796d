//! The workload model against a simulator that nobody here wrote: Ciw. `tests/peers/ciw_queue.py` made the figures.

use firedrill::domain::{DrillTime, Span};
use firedrill::world::workload::{Capacity, Workload};

#[test]
fn one_queue_agrees_with_ciw() {
    let figures = include_str!("../../peers/ciw_queue.csv");
    let mut compared = 0;
    for line in figures.lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|figure| figure.parse().expect("a figure")).collect();
        let [workers, waiting, load, mean, p99, refused] = row[..] else { panic!("six figures: {line}") };
        let mut service = super::scenario("crypto-mining").services[1].clone();
        service.workers = workers as u32;
        service.queue = waiting as u32;
        service.service_time = Span::from_millis(10);
        service.timeout = Span::from_secs(60);
        service.calls = Vec::new();
        let mut workload = Workload::new(&[service]);
        workload.set_traffic(0, load * workers * 100.0, DrillTime::ZERO);
        workload.set_capacity(0, Capacity { instances: 1, speed: 1.0, fails: 0.0 }, DrillTime::ZERO);
        workload.settle();
        let sojourn = &workload.sojourns()[0];
        let (ours, tail) = (1e3 * sojourn.mean_up_to(60.0), 1e3 * sojourn.quantile(0.99));
        assert!((ours / mean - 1.0).abs() < 0.03, "{line}: mean {ours}");
        assert!((tail / p99 - 1.0).abs() < 0.05, "{line}: 99th percentile {tail}");
        let lost = 100.0 * workload.stations()[0].shown_failing();
        assert!((lost - refused).abs() < 1.0, "{line}: lost {lost}");
        compared += 1;
    }
    assert_eq!(compared, 7);
}
