//! Chance without state: a random number is a function of what it is for.
//!
//! `value = f(seed, purpose, entity, count)`. Adding an actor or leaving an event out shifts no other draw, so that two runs
//! that differ in one thing share all the rest (common random numbers). The mixing step is the finaliser of `SplitMix64`
//! (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Samples are made by inversion: one draw, one sample.

use firedrill_model::Span;
use firedrill_model::scenario::Latency;

/// What a random number is for. The figure is part of the record's meaning: never change one that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(super) enum Purpose {
    /// How long a response takes.
    Takes = 1,
    /// How long an instance boots.
    Boot = 2,
    /// How long a group needs to find an instance unhealthy.
    Unhealthy = 3,
    /// Id of a new instance.
    InstanceId = 4,
    /// The gap between two records.
    Gap = 5,
    /// What stands in a record.
    Record = 6,
    /// How late a record arrives.
    Delivery = 7,
    /// How long a detector needs.
    Detect = 8,
    /// Whether a detector misses.
    Miss = 9,
    /// How long a channel needs.
    Carry = 10,
    /// Where the adversary goes.
    Place = 11,
    /// The small unrest of a displayed signal.
    Jitter = 12,
    /// Identifiers inside documents.
    DocumentId = 13,
    /// Whether a stage happens at all.
    Happens = 14,
    /// Which resource the fault exposes.
    Exposed = 15,
    /// In which phase the load balancer checks an instance.
    Check = 16,
    /// When an instance and its processes get new credentials.
    Metadata = 17,
    /// How long a deny needs to take effect.
    DenyTakes = 18,
}

/// All chance of one drill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance {
    seed: u64,
}

impl Chance {
    /// Chance that follows from `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 random bits.
    pub(super) fn bits(self, purpose: Purpose, entity: &str, count: u64) -> u64 {
        let mut state = finalise(self.seed.wrapping_add(GAMMA));
        for part in [purpose as u64, hash(entity), count] {
            state = finalise(state.wrapping_add(GAMMA) ^ finalise(part.wrapping_add(GAMMA)));
        }
        state
    }

    /// A number between 0 and 1, never either.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    pub(super) fn unit(self, purpose: Purpose, entity: &str, count: u64) -> f64 {
        ((self.bits(purpose, entity, count) >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// A place among `len`, or none if there is none.
    pub(super) fn index(self, purpose: Purpose, entity: &str, count: u64, len: usize) -> Option<usize> {
        let len = u64::try_from(len).ok().filter(|len| *len > 0)?;
        // The upper half of a 128-bit product maps all bits evenly on 0..len.
        let wide = u128::from(self.bits(purpose, entity, count)) * u128::from(len);
        usize::try_from(wide >> 64).ok()
    }

    /// A length drawn from what the scenario says of it.
    pub(super) fn latency(self, latency: &Latency, purpose: Purpose, entity: &str, count: u64) -> Span {
        if latency.spread == Span::ZERO {
            return latency.typical;
        }
        let spread = latency.spread.as_secs_f64();
        let drawn = latency.typical.as_secs_f64() + spread * (2.0 * self.unit(purpose, entity, count) - 1.0);
        Span::from_secs_f64(drawn)
    }

    /// An exponential gap with this mean; at least a millisecond, at most twenty means.
    pub(super) fn gap(self, mean: Span, entity: &str, count: u64) -> Span {
        let unit = self.unit(Purpose::Gap, entity, count);
        let drawn = -mean.as_secs_f64() * libm::log(unit);
        Span::from_secs_f64(drawn.clamp(0.001, (20.0 * mean.as_secs_f64()).max(0.001)))
    }
}

/// Weyl constant of `SplitMix64`: the golden ratio in 64 bits.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of `SplitMix64`.
fn finalise(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// FNV-1a over the bytes of a name.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finaliser_agrees_with_published_splitmix64_output() {
        // The first outputs for the seed 1234567, as printed by the reference implementation.
        let outputs: Vec<u64> =
            (1..=5_u64).map(|n| finalise(1_234_567_u64.wrapping_add(GAMMA.wrapping_mul(n)))).collect();
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(outputs, expected);
    }

    #[test]
    fn hash_agrees_with_published_fnv_vectors() {
        assert_eq!(hash(""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(hash("a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(hash("foobar"), 0x8594_4171_F739_67E8);
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let chance = Chance::new(1);
        let value = chance.bits(Purpose::Gap, "a", 0);
        assert_ne!(value, Chance::new(2).bits(Purpose::Gap, "a", 0));
        assert_ne!(value, chance.bits(Purpose::Boot, "a", 0));
        assert_ne!(value, chance.bits(Purpose::Gap, "b", 0));
        assert_ne!(value, chance.bits(Purpose::Gap, "a", 1));
        assert_eq!(value, chance.bits(Purpose::Gap, "a", 0));
    }

    #[test]
    fn samples_have_the_moments_of_their_distributions() {
        let chance = Chance::new(42);
        let count = 40_000_u32;
        let units: f64 = (0..count).map(|n| chance.unit(Purpose::Record, "u", u64::from(n))).sum();
        assert!((units / f64::from(count) - 0.5).abs() < 0.006);
        let mean = Span::from_secs(30);
        let gaps: f64 = (0..count).map(|n| chance.gap(mean, "g", u64::from(n)).as_secs_f64()).sum();
        assert!((gaps / f64::from(count) - 30.0).abs() < 0.6);
    }

    proptest! {
        #[test]
        fn stays_in_range(seed in any::<u64>(), count in any::<u64>(), len in 1_usize..50) {
            let chance = Chance::new(seed);
            let unit = chance.unit(Purpose::Miss, "x", count);
            prop_assert!(unit > 0.0 && unit < 1.0);
            prop_assert!(chance.index(Purpose::Place, "x", count, len).is_some_and(|at| at < len));
            prop_assert_eq!(chance.index(Purpose::Place, "x", count, 0), None);
        }
    }
}
