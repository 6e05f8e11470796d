//! A debrief through a template of the team's own, within bounds that the template's fuel alone doesn't keep.
//!
//! Fuel counts what the language does step by step. A list that is doubled sixty times costs sixty steps, and counting or printing it goes
//! on for ever. So it is rendered in a thread of its own, and when that has taken too much, the mistake is told and the program ends.

use std::fs;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::host::clock::processor_time;
use firedrill_authoring::Problem;
use firedrill_core::projection::Debrief;
use firedrill_report::template::{self, Template};

/// Processor time that a template may take: the page of a drill of 50,000 lines takes a tenth of it.
const MOST_TIME: Duration = Duration::from_secs(10);
/// Memory that it may take, in bytes.
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Its stack. What nests deeply in a template or in a value of it is followed by calls that nest as deeply, and a stack that runs over would
/// end the program without a word. This one is larger than the memory that a template may take, so that the bound is reached first. Only
/// what is used of it takes memory.
const STACK: usize = 1536 * 1024 * 1024;
/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(10);

/// Renders a debrief through a template. One that takes too much is left behind: the program has to end after that.
///
/// # Errors
/// The first mistake of the template, or that it takes too much.
pub(super) fn render(debrief: &Debrief, own: &Template) -> Result<String, Box<Problem>> {
    let (to_caller, rendered) = channel();
    let (told, through) = (debrief.clone(), own.clone());
    // Nobody waits any more if this can't be sent.
    let render = move || drop(to_caller.send(template::render(&told, Some(&through))));
    if thread::Builder::new().stack_size(STACK).spawn(render).is_err() {
        return Err(Box::new(template::no_room(own)));
    }
    let (time, memory) = (processor_time(), memory());
    loop {
        match rendered.recv_timeout(GLANCE) {
            Ok(made) => return made,
            Err(RecvTimeoutError::Disconnected) => return Err(Box::new(template::too_much(own))),
            Err(RecvTimeoutError::Timeout) => {
                let too_long = processor_time().saturating_sub(time) > MOST_TIME;
                if too_long || self::memory().saturating_sub(memory) > MOST_MEMORY {
                    return Err(Box::new(template::too_much(own)));
                }
            }
        }
    }
}

/// Bytes of memory that the program takes. Where the system doesn't say, time alone is the bound.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or_default().saturating_mul(1024)
}
