//! `firedrill seal DRILL`: signs a record with the person's own SSH key, so that plain OpenSSH can say who vouched for it.

use std::path::{Path, PathBuf};

use super::args::{Args, Seal};
use super::exit::{Exit, Failure, worded};
use super::{output, place};
use crate::host::openssh::{self, NAMESPACE};
use firedrill_model::{SafeText, Shown, shown};
use firedrill_model::{
    event::{DrillEvent, Event},
    phase::Phase,
};
use firedrill_record::store::{self, Loaded};

/// Keys that are looked for where people keep them, the one that OpenSSH makes by default first.
const USUAL: [&str; 5] = ["id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa"];

/// Seals a closed drill.
///
/// # Errors
/// When it isn't closed, doesn't verify, there is no key, or it isn't signed.
pub fn run(args: &Args, seal: &Seal) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = place::drill(&data, &seal.drill)?;
    let loaded = store::load(&data, &drill)?;
    if !store::verify(&loaded).holds() {
        return Err(Failure::Outside(shown!(
            "failed to seal {}: its record does not verify; `firedrill verify {}` says why",
            drill,
            drill
        )));
    }
    if !is_closed(&loaded) {
        return Err(Failure::Usage(shown!(
            "{} is not closed yet, and what comes later would not be sealed; close it first: firedrill run --resume {}",
            drill,
            drill
        )));
    }
    let key = key(seal)?;
    let statement = statement(&loaded)?;
    let signature =
        openssh::sign(&key, &statement).map_err(|error| Failure::Outside(shown!("failed to {}", worded(&error))))?;
    let kept = data.keep_seal(&drill, &statement, &signature)?;
    output::result(&shown!(
        "{} is sealed: {}\nAnyone can check that with OpenSSH alone, once they have your public key:\n  {}\n  {}\n\
         Then `firedrill verify {}` says whether the record is still the one that was sealed.",
        drill,
        place::shown(&kept),
        allow(&key),
        check(&kept, &kept.with_file_name(store::STATEMENT)),
        drill
    ))?;
    Ok(Exit::Done)
}

/// What is signed: the record as it is, or what others have signed of it before more was noted, so that their signatures stay good.
fn statement(loaded: &Loaded) -> Result<String, Failure> {
    let Some(seal) = store::Seal::beside(loaded)? else { return Ok(loaded.statement()?) };
    let covers = seal.entries().filter(|covers| *covers <= loaded.next);
    let before = covers.map(|covers| loaded.statement_at(covers)).transpose()?;
    before.filter(|before| before.as_bytes() == seal.statement).ok_or_else(|| {
        Failure::Usage(shown!(
            "{} is of another record, or of an earlier state of this one; move it and its signatures away first",
            place::shown(&seal.path)
        ))
    })
}

fn is_closed(loaded: &Loaded) -> bool {
    let closes = |event: &Event| matches!(event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, .. }));
    loaded.entries.iter().any(|entry| closes(&entry.event))
}

/// The key that was named, or the first that lies where keys usually are. Only whether it is there is looked at.
fn key(seal: &Seal) -> Result<PathBuf, Failure> {
    if let Some(key) = &seal.key {
        return if key.is_file() {
            Ok(key.clone())
        } else {
            Err(Failure::Usage(shown!("there is no key {}; name another with --key FILE", place::shown(key))))
        };
    }
    let folder = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".ssh"));
    let usual = folder.iter().flat_map(|folder| USUAL.map(|name| folder.join(name)));
    usual.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        Failure::Usage(
            "there is no SSH key in the usual place; name one with --key FILE, or make one with ssh-keygen".into(),
        )
    })
}

/// The command that says whose key it is.
fn allow(key: &Path) -> Shown {
    let public = if key.extension().is_some_and(|ending| ending == "pub") {
        key.to_owned()
    } else {
        let mut name = key.as_os_str().to_owned();
        name.push(".pub");
        name.into()
    };
    shown!("echo \"me@example.org $(cat {})\" > allowed_signers", quoted(&public))
}

/// The command that checks a signature.
pub(super) fn check(signature: &Path, statement: &Path) -> Shown {
    shown!(
        "ssh-keygen -Y verify -f allowed_signers -I me@example.org -n {} -s {} < {}",
        NAMESPACE,
        quoted(signature),
        quoted(statement)
    )
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> SafeText {
    let shown = place::shown(path);
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,@%".contains(c);
    if shown.as_str().chars().all(plain) {
        shown
    } else {
        SafeText::one_line(&format!("'{}'", shown.as_str().replace('\'', "'\\''")))
    }
}
