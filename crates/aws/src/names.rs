//! Names in the account: neutral ones, so that a blind drill isn't given away, and all of them found again from the drill's id alone.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The version of what is shipped. A stack of another version is refused.
const KIT_VERSION: u32 = 1;
/// Where names begin, unless the team chooses otherwise.
pub const PREFIX: &str = "ops-check";

/// SHA-256 in hex.
#[must_use]
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a stack's output says of the kit that it was made of: nothing that a reader understands, and we find again.
#[must_use]
pub fn mark(scenario: &str) -> String {
    mark_of(scenario, KIT_VERSION)
}

/// The same of another version.
#[must_use]
fn mark_of(scenario: &str, version: u32) -> String {
    digest(&format!("firedrill kit {version} {scenario}")).chars().take(16).collect()
}

/// The scenario of a mark, if it is of this version.
#[must_use]
pub fn scenario_of(mark: &str) -> Option<&'static str> {
    crate::Kit::scenarios().find(|scenario| self::mark(scenario) == mark)
}

/// A token in the form of a UUID. The same drill, purpose and count give the same one, so that a lost reply is asked for again, from
/// another machine as well, and done once.
#[must_use]
pub fn token(drill: &str, purpose: &str, count: u32) -> String {
    let hex = digest(&format!("{drill}/{purpose}/{count}"));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// The name of a drill's schedule.
#[must_use]
pub fn schedule(prefix: &str, drill: &str) -> String {
    format!("{prefix}-{}", digest(drill).chars().take(12).collect::<String>())
}

/// The name of a kit's stack.
#[must_use]
pub fn stack(prefix: &str, scenario: &str) -> String {
    format!("{prefix}-{}", mark(scenario).chars().take(6).collect::<String>())
}

/// The tag's value of a stack: the same for its resources, and for nothing else in the account.
#[must_use]
pub(crate) fn tag_value(account: &str, stack: &str) -> String {
    digest(&format!("{account}/{stack}")).chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_uuid_and_found_again() {
        let one = token("2026-11-30-brave-otter", "fire", 0);
        assert_eq!(one, token("2026-11-30-brave-otter", "fire", 0));
        assert_ne!(one, token("2026-11-30-brave-otter", "fire", 1));
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
    }

    #[test]
    fn a_mark_names_its_scenario_to_us_only() {
        assert_eq!(scenario_of(&mark("open-ssh-port")), Some("open-ssh-port"));
        assert_eq!(scenario_of(&mark_of("open-ssh-port", 0)), None);
        assert!(!stack(PREFIX, "open-ssh-port").contains("ssh"));
    }
}
