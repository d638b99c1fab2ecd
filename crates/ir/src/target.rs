//! The machine that code is made for.  It comes from above; no stage asks the machine that it runs on.

use std::sync::{Arc, OnceLock};

/// A machine, in LLVM's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What kind of machine it is: `x86_64-unknown-linux-gnu`.
    pub triple: Arc<str>,
    /// Its processor: `haswell`.
    pub cpu: Arc<str>,
    /// What its processor has and has not, beyond its name: `+avx2,-avx512f`.
    pub features: Arc<str>,
}

impl Target {
    /// A machine of which nothing is known.
    pub fn unknown() -> &'static Arc<Target> {
        static UNKNOWN: OnceLock<Arc<Target>> = OnceLock::new();
        UNKNOWN.get_or_init(|| Arc::new(Target { triple: "".into(), cpu: "".into(), features: "".into() }))
    }

    /// Whether its processor certainly has all of these features.
    pub fn has(&self, features: &[&str]) -> bool {
        features.iter().all(|name| self.features.split(',').any(|given| given.strip_prefix('+') == Some(name)))
    }
}
