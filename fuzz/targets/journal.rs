//! Any bytes as a journal: what is whole of it is read, and the rest is named.
#![no_main]

use firedrill_record::journal::{last_line, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = scan("journal.jsonl", bytes);
    let _ = last_line(bytes);
});
