//! Where and when documents are written, and the names and numbers that stand in them.

use alloc::collections::BTreeMap;

use chrono::{DateTime, Duration, SecondsFormat, Utc};

use super::About;
use crate::chance::{Chance, Purpose};
use crate::machine::Machine;
use firedrill_model::scenario::{Account, Emission};
use firedrill_model::{DrillTime, SafeText};

/// Sessions of roles that were there before the drill began up to so many minutes earlier.
const OLDEST_SESSION: u64 = 50;

/// Where and when documents are written.
#[derive(Debug, Clone)]
pub(crate) struct Office {
    account: Account,
    epoch: DateTime<Utc>,
    chance: Chance,
    /// Sessions, `role/session`, that got new credentials: how often, and from when the last are.
    renewed: BTreeMap<String, (u64, DrillTime)>,
}

impl Office {
    /// The office of an account. `epoch` is UTC at drill time 0.
    pub(crate) fn new(account: Account, epoch: DateTime<Utc>, chance: Chance) -> Self {
        Self { account, epoch, chance, renewed: BTreeMap::new() }
    }

    pub(crate) fn account_id(&self) -> &str {
        self.account.id.as_str()
    }

    /// The quota of virtual CPUs of standard instances, if the account has one.
    pub(crate) fn standard_vcpus(&self) -> Option<u32> {
        self.account.standard_vcpus
    }

    pub(crate) fn region(&self) -> &str {
        self.account.region.as_str()
    }

    /// A session has new credentials, from this moment.
    pub(crate) fn renew(&mut self, session: &str, at: DrillTime) {
        let (times, last) = self.renewed.entry(session.to_owned()).or_insert((0, at));
        *times += 1;
        *last = at;
    }

    /// How often a session, `role/session`, got new credentials so far, and when it began.
    pub(super) fn session_of(&self, session: &str, at: DrillTime) -> (u64, String) {
        if let Some((times, since)) = self.renewed.get(session).filter(|(_, since)| *since <= at) {
            return (*times, self.stamp(*since));
        }
        let minutes = self.chance.bits(Purpose::DocumentId, session, 60) % OLDEST_SESSION + 1;
        let before = self.epoch - Duration::minutes(i64::try_from(minutes).unwrap_or(1));
        (0, before.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// A moment in UTC.
    pub(super) fn utc(&self, at: DrillTime) -> DateTime<Utc> {
        let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
        self.epoch.checked_add_signed(Duration::microseconds(micros)).unwrap_or(self.epoch)
    }

    /// `2026-11-24T10:00:00Z`
    pub(super) fn stamp(&self, at: DrillTime) -> String {
        self.utc(at).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// `2026-11-24T10:00:00.123Z`
    pub(super) fn fine_stamp(&self, at: DrillTime) -> String {
        self.utc(at).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// `2026-11-24T10:00:00.123+0000`, as `CloudWatch` writes it.
    pub(super) fn zone_stamp(&self, at: DrillTime) -> String {
        self.utc(at).format("%Y-%m-%dT%H:%M:%S%.3f%z").to_string()
    }

    /// `Tue, 24 Nov 2026 10:00:00 GMT`, as AWS Health writes it.
    pub(super) fn http_stamp(&self, at: DrillTime) -> String {
        self.utc(at).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// A moment some days before the drill, in seconds of Unix time: when something named so was made.
    pub(super) fn seconds_before(&self, name: &str) -> i64 {
        let minutes = self.bits(name, 61) % (90 * 24 * 60) + 24 * 60;
        self.epoch.timestamp() - 60 * i64::try_from(minutes).unwrap_or(0)
    }

    /// The same as `2026-11-12T10:00:00.000Z`.
    pub(super) fn days_before(&self, name: &str) -> String {
        let made = DateTime::from_timestamp(self.seconds_before(name), 0).unwrap_or(self.epoch);
        made.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// 64 bits that belong to a name and number.
    pub(super) fn bits(&self, name: &str, count: u64) -> u64 {
        self.chance.bits(Purpose::DocumentId, name, count)
    }

    /// So many hexadecimal digits that belong to a name and number.
    pub(super) fn hex(&self, name: &str, count: u64, digits: usize) -> String {
        let halves = [0, 1].map(|half| {
            let bits = self.bits(name, count.wrapping_mul(2).wrapping_add(half));
            format!("{bits:016x}")
        });
        let mut hex = halves.concat();
        hex.truncate(digits);
        hex
    }

    /// An identifier of the form of a UUID.
    pub(super) fn uuid(&self, name: &str, count: u64) -> String {
        let hex = self.hex(name, count, 32);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// The public address behind which the workload's instances call: that of its NAT gateway, of a range that is kept
    /// for documentation (RFC 5737), as everybody's here.
    pub(crate) fn egress(&self) -> String {
        format!("192.0.2.{}", self.bits("nat", 90) % 200 + 20)
    }

    /// The public address of the company's own network, from which its people call.
    pub(crate) fn desk(&self) -> String {
        format!("198.51.100.{}", self.bits("desk", 91) % 100 + 120)
    }

    /// `Nov 24, 2026, 9:10:05 AM`, as CloudTrail writes the dates in the answers of some services.
    pub(super) fn long_stamp(&self, at: DrillTime) -> String {
        long_form(self.utc(at))
    }

    /// A session token, which CloudTrail shows: it is of no use without the secret key.
    pub(super) fn token(&self, (name, number): (&str, u64)) -> String {
        format!("IQoJb3JpZ2luX2Vj{}", self.base32(name, number.wrapping_add(96), 25))
    }

    /// A public key, as somebody would send it to an instance.
    pub(super) fn public_key(&self, (name, number): (&str, u64)) -> String {
        format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{}", self.base32(name, number.wrapping_add(97), 25))
    }

    /// An id of IAM: a prefix and 16 letters of base 32 (IAM user guide, unique identifiers).
    pub(crate) fn iam_id(&self, prefix: &str, name: &str) -> String {
        format!("{prefix}{}", self.base32(name, 3, 17))
    }

    /// So many letters of base 32 (RFC 4648) that belong to a name and number.
    pub(crate) fn base32(&self, name: &str, count: u64, letters: usize) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digits = self.hex(name, count, 32);
        let value = u128::from_str_radix(&digits, 16).unwrap_or(0);
        let letter = |place: usize| {
            let at = usize::try_from(value >> (5 * place) & 31).unwrap_or(0);
            LETTERS.get(at).map_or('A', |letter| char::from(*letter))
        };
        (0..letters.min(25)).map(letter).collect()
    }

    /// The network interface of an instance.
    pub(super) fn interface(&self, machine: &Machine) -> String {
        format!("eni-0{}", self.hex(machine.id.as_str(), 1, 16))
    }

    /// The volume of an instance.
    pub(super) fn volume(&self, instance: &str) -> String {
        format!("vol-0{}", self.hex(instance, 20, 16))
    }

    /// The network of the workload.
    pub(super) fn vpc(&self) -> String {
        format!("vpc-0{}", self.hex("vpc", 0, 16))
    }

    /// The subnet of a zone.
    pub(super) fn subnet(&self, zone: &str) -> String {
        format!("subnet-0{}", self.hex(zone, 10, 16))
    }

    /// One of the names or addresses of an emission.
    pub(super) fn draw<'a>(&self, choices: &'a [SafeText], about: &About<'_>, part: u64) -> Option<&'a str> {
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, part), choices.len())?;
        choices.get(at).map(SafeText::as_str)
    }

    /// A number of a record between `from` and `from + count - 1`.
    pub(super) fn number(&self, about: &About<'_>, part: u64, from: u32, count: u32) -> u32 {
        let count = usize::try_from(count).unwrap_or(1);
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, part), count).unwrap_or(0);
        from.saturating_add(u32::try_from(at).unwrap_or(0))
    }

    /// The remote address of a record: one that the scenario names, or one of the ranges that are kept for documentation (RFC 5737).
    pub(super) fn address(&self, emission: &Emission, about: &About<'_>) -> String {
        if let Some(named) = self.draw(&emission.addresses, about, 0) {
            return named.to_owned();
        }
        let net = ["192.0.2", "198.51.100", "203.0.113"];
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, 1), net.len()).unwrap_or(0);
        format!("{}.{}", net.get(at).unwrap_or(&"192.0.2"), self.number(about, 2, 1, 254))
    }
}

/// `Nov 24, 2026, 9:10:05 AM`
pub(super) fn long_form(moment: DateTime<Utc>) -> String {
    moment.format("%b %-d, %Y, %-I:%M:%S %p").to_string()
}

/// Each record draws from eight numbers of its own.
fn part_of(about: &About<'_>, part: u64) -> u64 {
    about.key.1.wrapping_mul(8).wrapping_add(part)
}
