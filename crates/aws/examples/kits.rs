//! Writes the template of every kit, and the operator's policy, to a folder, for validation by tools that nobody here wrote:
//! `cargo run -p firedrill-aws --example kits -- DIR`.

use std::fs;
use std::io;
use std::path::PathBuf;

use firedrill_aws::Kit;
use firedrill_aws::plan::operator_policy;
use firedrill_aws::template::{self, Settings};

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).map(PathBuf::from).ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(&folder)?;
    let settings = Settings::default();
    for kit in Kit::scenarios().filter_map(Kit::of) {
        let template = template::of(&kit, &settings);
        fs::write(folder.join(format!("{}.template.json", kit.scenario)), serde_json::to_string_pretty(&template)?)?;
        // A managed policy around it, so that cfn-lint knows its actions.
        let policy = serde_json::json!({ "Resources": { "Operator": { "Type": "AWS::IAM::ManagedPolicy",
            "Properties": { "PolicyDocument": operator_policy(&template) } } } });
        let file = folder.join(format!("{}-operator.template.json", kit.scenario));
        fs::write(file, serde_json::to_string_pretty(&policy)?)?;
    }
    Ok(())
}
