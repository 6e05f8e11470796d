//! How far a record can be trusted: what its chain proves, who vouches for how much of it, and what was added since.

use std::path::{Path, PathBuf};

use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::journal::{Verdict, spoken};
use firedrill_record::store::{self, DataDir, Loaded, Proof, Standing, StoreFault};

use super::openssh::{self, SignError};
use super::settings::Settings;

/// What is known of a record.
#[derive(Debug)]
pub struct Trust {
    /// What its chain proves.
    pub proof: Proof,
    /// The head in words when the drill was closed, if more was added since.
    pub at_close: Option<Shown>,
    /// The drill was closed, by its record.
    pub is_closed: bool,
    /// How it stands to its seal.
    pub seal: Sealing,
}

/// How a record stands to its seal.
#[derive(Debug)]
pub enum Sealing {
    /// It was not sealed.
    None,
    /// What was signed names another record, or an earlier state of this one.
    OfAnother,
    /// It names this record.
    OfThis(OfThis),
}

/// A seal that names the record, or what the record was before more was added.
#[derive(Debug)]
pub struct OfThis {
    /// Each signature with what came of checking it.
    pub signatures: Vec<Signature>,
    /// How many entries it covers.
    pub covers: u64,
    /// What was signed.
    pub statement: PathBuf,
    /// Entries that were added since and may be: notes, bookmarks, and what was erased.
    pub later: u64,
    /// And anything else.
    pub others: u64,
}

/// A signature, checked.
#[derive(Debug)]
pub struct Signature {
    /// Where it is.
    pub file: PathBuf,
    /// The key that made it.
    pub key: Result<String, SignError>,
    /// Whose key that is, by the file of allowed signers.
    pub who: Vec<SafeText>,
}

impl Trust {
    /// Checks a record and its seal. `signers` is a file of allowed signers as OpenSSH reads it (`ALLOWED SIGNERS` in ssh-keygen(1)).
    ///
    /// # Errors
    /// When a file of the record can't be read.
    pub fn of(loaded: &Loaded, signers: Option<&Path>) -> Result<Self, StoreFault> {
        let proof = store::verify(loaded);
        let at_close = proof.closed_with.map(|entries| loaded.head_at(entries)).transpose()?;
        let at_close = at_close.map(|head| spoken::head_words(&head));
        let is_closed = loaded.closed_with.is_some();
        Ok(Self { proof, at_close, is_closed, seal: Sealing::of(loaded, signers)? })
    }

    /// How the record stands, its seal included.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let sealed = match &self.seal {
            Sealing::OfAnother => Standing::Changed,
            Sealing::OfThis(seal) if seal.has_a_bad_signature() => Standing::Changed,
            Sealing::OfThis(seal) if seal.others > 0 => Standing::AddedTo,
            Sealing::OfThis(_) | Sealing::None => Standing::Whole,
        };
        sealed.max(self.proof.standing())
    }

    /// The keys whose signatures are good.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        match &self.seal {
            Sealing::OfThis(seal) => seal.signatures.iter().filter_map(|one| one.key.as_deref().ok()).collect(),
            Sealing::None | Sealing::OfAnother => Vec::new(),
        }
    }

    /// Says whether somebody signed it, by the file of allowed signers.
    #[must_use]
    pub fn is_signed_by(&self, who: &str) -> bool {
        match &self.seal {
            Sealing::OfThis(seal) => {
                seal.signatures.iter().any(|one| one.key.is_ok() && one.who.iter().any(|name| name.as_str() == who))
            }
            Sealing::None | Sealing::OfAnother => false,
        }
    }

    /// All of it in one line, for a report: sealed by whom up to where, what was added, what is missing.
    #[must_use]
    pub fn line(&self) -> Shown {
        let mut said = vec![self.sealed()];
        said.extend(self.added());
        said.extend(self.gone());
        let standing = match self.standing() {
            Standing::Whole => "the record verifies",
            Standing::AddedTo => "the record was added to, and nothing of that is in this report",
            Standing::Changed => "the record does not verify",
        };
        said.push(standing.into());
        said.joined("; ")
    }

    fn sealed(&self) -> Shown {
        let seal = match &self.seal {
            Sealing::None => return "Not sealed".into(),
            Sealing::OfAnother => return "Its seal is of another record, or of an earlier state of this one".into(),
            Sealing::OfThis(seal) => seal,
        };
        let signers: Vec<Shown> = seal.signatures.iter().filter_map(Signature::signer).collect();
        if signers.is_empty() {
            return if seal.signatures.iter().any(|one| matches!(one.key, Err(SignError::Missing | SignError::Run(_)))) {
                "Sealed, by whom was not checked: ssh-keygen can't be run here".into()
            } else {
                "A seal names it, and no good signature is beside that".into()
            };
        }
        shown!("Sealed by {}, up to entry {} of {}", wording::list(&signers), seal.covers, self.proof.entries)
    }

    fn added(&self) -> Vec<Shown> {
        let mut said = Vec::new();
        if self.proof.later > 0 {
            said.push(shown!("{} added after the drill", entries(self.proof.later)));
        }
        said.extend(self.odd());
        said
    }

    /// What was added that has no place in the record.
    fn odd(&self) -> Option<Shown> {
        let foreign: u64 =
            self.proof.left_out.iter().filter(|file| !file.says_nothing_new).map(|file| file.entries).sum();
        let odd = self.proof.added.len() as u64 + foreign;
        let have = if odd == 1 { "has" } else { "have" };
        (odd > 0).then(|| shown!("{} added that {} no place in it", entries(odd), have))
    }

    /// Why the record doesn't verify, or what was added to it: nothing where it is whole.
    #[must_use]
    pub fn amiss(&self) -> Vec<Shown> {
        let mut said = self.broken();
        match &self.seal {
            Sealing::OfAnother => said.push("its seal is of another record, or of another state of this one".into()),
            Sealing::OfThis(seal) if seal.has_a_bad_signature() => {
                said.push("a signature beside its seal is not one of it".into());
            }
            Sealing::OfThis(_) | Sealing::None => {}
        }
        said.extend(self.odd());
        said
    }

    fn gone(&self) -> Vec<Shown> {
        let erased = self.proof.words.erased;
        let erased = (erased > 0).then(|| shown!("{} erased", texts(usize::try_from(erased).unwrap_or(usize::MAX))));
        self.broken().into_iter().chain(erased).collect()
    }

    /// What of the record was changed or is missing.
    fn broken(&self) -> Vec<Shown> {
        let words = &self.proof.words;
        let mut said = Vec::new();
        match &self.proof.verdict {
            Verdict::Whole | Verdict::Newer { .. } => {}
            Verdict::LineEnds { file } => said.push(shown!("the line ends of {} were changed on the way", file)),
            Verdict::Torn { file, .. } => said.push(shown!("the last write to {} didn't finish", file)),
            Verdict::Corrupt { file, line, .. } => said.push(shown!("{} is damaged at line {}", file, line)),
        }
        if !words.missing.is_empty() {
            said.push(shown!("{} missing", texts(words.missing.len())));
        }
        if !words.altered.is_empty() {
            said.push(shown!("{} altered", texts(words.altered.len())));
        }
        if !self.proof.scenario_matches {
            said.push("its scenario is not the one that was run".into());
        }
        said
    }
}

fn texts(count: usize) -> Shown {
    wording::count(count, "text or name", "texts or names")
}

/// So many entries, in words.
#[must_use]
pub fn entries(count: u64) -> Shown {
    wording::count(usize::try_from(count).unwrap_or(usize::MAX), "entry", "entries")
}

impl Sealing {
    fn of(loaded: &Loaded, signers: Option<&Path>) -> Result<Self, StoreFault> {
        let Some(seal) = store::Seal::beside(loaded)? else { return Ok(Self::None) };
        let Some(covers) = seal.entries().filter(|covers| *covers <= loaded.next) else { return Ok(Self::OfAnother) };
        if loaded.statement_at(covers)?.as_bytes() != seal.statement {
            return Ok(Self::OfAnother);
        }
        let may_follow = loaded.entries.iter().filter(|entry| entry.seq >= covers && entry.event.may_follow_the_end());
        let later = may_follow.count() as u64;
        let signature = |path: &PathBuf| {
            let key = openssh::check(path, &seal.statement);
            let who = signers.filter(|_| key.is_ok()).map(|file| openssh::signers(path, &seal.statement, file));
            Signature { file: path.clone(), key, who: who.unwrap_or_default() }
        };
        let signatures = seal.signatures.iter().map(signature).collect();
        let others = (loaded.next - covers).saturating_sub(later);
        Ok(Self::OfThis(OfThis { signatures, covers, statement: seal.path, later, others }))
    }
}

impl OfThis {
    /// Says whether a signature is not one of what was signed.
    #[must_use]
    pub fn has_a_bad_signature(&self) -> bool {
        self.signatures.iter().any(|one| matches!(one.key, Err(SignError::Bad)))
    }
}

impl Signature {
    /// Who made it, as far as it is good: the key, and whose that is where the file of allowed signers says so.
    #[must_use]
    pub fn signer(&self) -> Option<Shown> {
        let key = SafeText::one_line(self.key.as_deref().ok()?);
        let who: Vec<Shown> = self.who.iter().map(Shown::from).collect();
        Some(if who.is_empty() { key.into() } else { shown!("{} ({})", wording::list(&who), key) })
    }
}

/// The file of allowed signers that the settings name, if they do.
#[must_use]
pub fn allowed_signers(data: &DataDir) -> Option<PathBuf> {
    // A mistake in the settings is told by `history` and the lobby.
    let settings = Settings::of(data).unwrap_or_default();
    settings.allowed_signers.map(|path| data.path().join(path))
}
