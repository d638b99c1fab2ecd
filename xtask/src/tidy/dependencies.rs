//! Who may know whom: the arrows of ARCHITECTURE.md, read back from `cargo metadata`.

use crate::shell::{command, output};
use anyhow::{Context, Result};
use serde_json::Value;

/// A crate and every crate of ours it may use.  `filetests` and `xtask` are tools and may use any.
const ALLOWED: &[(&str, &[&str])] = &[
    ("abi", &[]),
    ("ir", &["abi"]),
    ("frontend", &["abi", "ir"]),
    ("infer", &["abi", "ir"]),
    ("opt", &["abi", "ir"]),
    ("codegen", &["abi", "ir"]),
    ("runtime", &["abi"]),
    ("driver", &["abi", "ir", "frontend", "infer", "opt", "codegen"]),
    ("py", &["abi", "ir", "frontend", "driver", "runtime"]),
];

/// Outside libraries that one crate alone may name.
const ONE_OWNER: &[(&str, &str)] = &[("llvm-sys", "codegen"), ("pyo3", "py"), ("pyo3-ffi", "py")];

/// Dependencies, tests' ones left out, that break a rule.
pub fn check() -> Result<Vec<String>> {
    let text = output(&mut command("cargo", &["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata")?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo metadata has no packages")?;
    Ok(packages.iter().flat_map(check_package).collect())
}

fn check_package(package: &Value) -> Vec<String> {
    let name = text(package, "name");
    let Some(name) = name.strip_prefix("coachwhip-") else { return Vec::new() };
    let Some((_, allowed)) = ALLOWED.iter().find(|(krate, _)| *krate == name) else {
        return if name == "filetests" {
            Vec::new()
        } else {
            vec![format!("crate '{name}' has no row in tidy's table of dependencies")]
        };
    };
    let none = Vec::new();
    let dependencies = package.get("dependencies").and_then(Value::as_array).unwrap_or(&none);
    let shipped = dependencies.iter().filter(|d| d.get("kind").is_none_or(|kind| kind.as_str() != Some("dev")));
    shipped
        .filter_map(|d| {
            let used = text(d, "name");
            if let Some(ours) = used.strip_prefix("coachwhip-") {
                return (!allowed.contains(&ours)).then(|| format!("crate '{name}' must not know '{ours}'"));
            }
            let owner = ONE_OWNER.iter().find(|(library, _)| *library == used).map(|(_, owner)| *owner)?;
            (owner != name).then(|| format!("only '{owner}' may name {used}, but '{name}' does"))
        })
        .collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
