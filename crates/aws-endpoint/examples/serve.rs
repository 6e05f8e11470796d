//! Serves an emulated account until standard input ends: `cargo run -p firedrill-aws-endpoint --example serve -- [RATE] [CONSENT]`.
//!
//! `RATE` is how many times as fast as the wall's its time runs, `CONSENT` the text of the owner's parameter. Then, elsewhere:
//! `AWS_ENDPOINT_URL=... AWS_REGION=eu-central-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x firedrill plan open-ssh-port --live`

use std::io::Read;
use std::time::SystemTime;

use firedrill_aws_endpoint::{Account, Endpoint};

#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program to try things with")]
fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rate = arguments.next().and_then(|rate| rate.parse().ok()).unwrap_or(1.0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let mut account = Account::new("111122223333", "eu-central-1", now);
    if let Some(consent) = arguments.next() {
        account.parameters.insert("/ops-check/consent".into(), consent);
    }
    let endpoint = Endpoint::serve(account)?;
    endpoint.hurry(rate);
    println!("{}", endpoint.url());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    endpoint.account(|account| {
        println!(
            "{:#?}",
            (
                &account.groups,
                &account.schedules,
                account.stacks.keys(),
                account.experiments.values().map(|one| &one.status).collect::<Vec<_>>()
            )
        );
    });
    Ok(())
}
