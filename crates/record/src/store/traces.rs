//! What in a drill's folder shows that the drill had begun, whatever became of its journal.

use std::path::Path;

use super::disk::Disk;
use super::files::{MOST_READ, STATEMENT, journal_number, segment_kind};
use super::summary::SUMMARY;

/// The names of the files that something was written to once the drill was under way, sorted.
pub(super) fn in_folder(disk: &dyn Disk, folder: &Path) -> Vec<String> {
    let mut names = disk.names(folder).unwrap_or_default();
    names.retain(|name| is_trace(disk, folder, name));
    names
}

fn is_trace(disk: &dyn Disk, folder: &Path, name: &str) -> bool {
    match segment_kind(name) {
        Some("journal") => journal_number(name).is_some_and(|number| number > 1) && holds(disk, folder, name),
        Some(_) => holds(disk, folder, name),
        None => {
            let is_signature = name.strip_prefix("seal").is_some_and(|rest| rest.contains(".sig"));
            name == STATEMENT || name == SUMMARY || is_signature || name.contains(".torn")
        }
    }
}

/// Says whether there is more in a file than blanks and comments. What can't be read may hold anything.
fn holds(disk: &dyn Disk, folder: &Path, name: &str) -> bool {
    let says_something = |line: &[u8]| !line.trim_ascii().is_empty() && !line.starts_with(b"#");
    disk.read(&folder.join(name), MOST_READ)
        .map_or(true, |bytes| bytes.split(|byte| *byte == b'\n').any(says_something))
}

/// For a sentence: `words.jsonl and seal.txt are`.
pub(super) fn are(names: &[String]) -> String {
    match names {
        [] => "nothing is".to_owned(),
        [one] => format!("{one} is"),
        [rest @ .., last] => format!("{} and {last} are", rest.join(", ")),
    }
}
