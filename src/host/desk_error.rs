//! Why a drill can't be handed out.

use firedrill_model::SafeText;
use firedrill_model::id::DrillId;
use firedrill_record::store::StoreFault;

use super::resume::ResumeError;

/// Why a drill can't be handed out.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Files.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// A drill that was cut off can't be taken up.
    #[error("take up '{0}': {1}")]
    Resume(DrillId, ResumeError),
    /// The system gives no random numbers.
    #[error("get random numbers from the system: {0}")]
    Chance(getrandom::Error),
    /// The scenario as it was run can't be read.
    #[error("read the scenario as it was run: {file}, {why}")]
    Scenario {
        /// Why not, with the line.
        why: SafeText,
        /// Which file.
        file: SafeText,
    },
    /// The scenario as it was run is not there.
    #[error(
        "read the scenario as it was run: {file} is missing, and no scenario of that name comes with this program; put a copy back"
    )]
    NoScenario {
        /// Which file.
        file: SafeText,
    },
    /// A picture can't be drawn.
    #[error("draw a picture: {0}")]
    Picture(std::io::Error),
    /// A constant of the program.
    #[error("name the seat: {0}")]
    Seat(#[from] firedrill_model::id::InvalidId),
}
