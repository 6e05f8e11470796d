//! Signing and checking with OpenSSH's own program. Keys are named to it by their paths; nothing of a key is ever read here.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use firedrill_model::SafeText;

/// What a signature is for, so that it can't be taken for one of something else (`PROTOCOL.sshsig` of OpenSSH).
pub const NAMESPACE: &str = "firedrill-record";

const PROGRAM: &str = "ssh-keygen";
/// Names that one key may have in a file of allowed signers.
const MOST_SIGNERS: usize = 8;

/// Why there is no signature, or none that was checked.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// OpenSSH isn't there.
    #[error("find ssh-keygen: install OpenSSH (the package openssh-client), then try again")]
    Missing,
    /// It can't be run.
    #[error("run ssh-keygen: {0}")]
    Run(io::Error),
    /// It made no signature, and said why.
    #[error("sign with that key: ssh-keygen said no; its reason stands above")]
    Refused,
    /// The signature isn't one of this statement.
    #[error("check the signature: it is not one of this statement")]
    Bad,
}

/// Signs a statement with the key at `key`: a private key, or a public one whose private key an agent holds. ssh-keygen asks for a
/// passphrase by itself, at the terminal.
///
/// # Errors
/// When ssh-keygen isn't there, or doesn't sign.
pub fn sign(key: &Path, statement: &str) -> Result<Vec<u8>, SignError> {
    let mut command = Command::new(PROGRAM);
    command.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).stderr(Stdio::inherit());
    let output = fed(command, statement.as_bytes())?;
    let signed = output.status.success() && output.stdout.starts_with(b"-----BEGIN SSH SIGNATURE-----");
    if signed { Ok(output.stdout) } else { Err(SignError::Refused) }
}

/// Checks that a signature is one of the statement, and gives the key that made it, for example `ED25519 key SHA256:...`. Whose key that
/// is only somebody who knows the person can say.
///
/// # Errors
/// When ssh-keygen isn't there, or the signature is not good.
pub fn check(signature: &Path, statement: &[u8]) -> Result<String, SignError> {
    let mut command = Command::new(PROGRAM);
    command.args(["-Y", "check-novalidate", "-n", NAMESPACE, "-s"]).arg(signature).stderr(Stdio::piped());
    let output = fed(command, statement)?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let key = said.lines().next().and_then(|line| line.split_once(" signature with ")).map(|(_, key)| key.to_owned());
    key.filter(|_| output.status.success()).ok_or(SignError::Bad)
}

/// Whose the key of a good signature is, by a file of allowed signers: everybody there for whom the signature counts. Nobody where the file
/// can't be read, or knows nobody with that key.
#[must_use]
pub fn signers(signature: &Path, statement: &[u8], allowed: &Path) -> Vec<SafeText> {
    let mut command = Command::new(PROGRAM);
    command.args(["-Y", "find-principals", "-f"]).arg(allowed).arg("-s").arg(signature).stderr(Stdio::null());
    let Ok(output) = fed(command, &[]) else { return Vec::new() };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let known = said.lines().take(MOST_SIGNERS).filter(|who| {
        let mut command = Command::new(PROGRAM);
        command.args(["-Y", "verify", "-n", NAMESPACE, "-f"]).arg(allowed).args(["-I", who, "-s"]).arg(signature);
        command.stderr(Stdio::null());
        fed(command, statement).is_ok_and(|output| output.status.success())
    });
    known.map(SafeText::one_line).collect()
}

fn fed(mut command: Command, input: &[u8]) -> Result<Output, SignError> {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SignError::Missing,
        _ => SignError::Run(error),
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // It may have gone away before it read everything; what it says then tells why.
        let _ = stdin.write_all(input);
    }
    child.wait_with_output().map_err(SignError::Run)
}
