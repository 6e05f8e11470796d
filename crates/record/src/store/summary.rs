//! The summary beside a record: a cache, made anew whenever it may not be true. It carries a checksum of itself, made as that of a journal's
//! first line is, so that a changed bit in it is not taken for what happened.

use std::path::Path;

use serde::Deserialize;

use super::disk::Disk;
use super::fault::StoreFault;
use super::files::{Output, clear};
use crate::journal::{chained, stands_alone};
use firedrill_model::Phase;
use firedrill_model::id::DrillId;

pub(super) const SUMMARY: &str = "summary.json";
/// Most bytes of a summary.
const MOST_SUMMARY: u64 = 1024 * 1024;

/// Puts a new summary in place of the old one: a JSON object, to which the checksum is added. It is not made durable: what a power cut
/// leaves of it is whole, or no summary that anybody takes for true.
pub(super) fn write_summary(disk: &dyn Disk, folder: &Path, json: &str) -> Result<(), StoreFault> {
    let (line, _) = chained(None, json.strip_suffix('}').unwrap_or(json));
    let (new, path) = (folder.join(format!("{SUMMARY}.new")), folder.join(SUMMARY));
    clear(disk, std::slice::from_ref(&new));
    let written = Output::create(disk, new.clone())
        .and_then(|mut file| file.write(line.as_bytes()))
        .and_then(|()| disk.rename(&new, &path).map_err(StoreFault::io("write", &path)));
    if written.is_err() {
        clear(disk, &[new]);
    }
    written
}

/// The summary in a folder, if there is one and its checksum is right.
pub(super) fn read_summary(disk: &dyn Disk, folder: &Path) -> Option<String> {
    let bytes = disk.read(&folder.join(SUMMARY), MOST_SUMMARY).ok()?;
    stands_alone(&bytes).then(|| String::from_utf8(bytes).ok()).flatten()
}

/// What a summary says of its drill, in this program's form or an older one's.
#[derive(Deserialize)]
struct Says {
    outline: Outline,
}

#[derive(Deserialize)]
struct Outline {
    drill: DrillId,
    phase: Phase,
}

/// Says whether the summary tells that the drill was closed. It proves nothing, but nobody reopens a drill against it.
pub(super) fn says_closed(disk: &dyn Disk, folder: &Path, drill: &DrillId) -> bool {
    let Ok(bytes) = disk.read(&folder.join(SUMMARY), MOST_SUMMARY) else { return false };
    serde_json::from_slice::<Says>(&bytes)
        .is_ok_and(|Says { outline }| outline.drill == *drill && outline.phase == Phase::Closed)
}
