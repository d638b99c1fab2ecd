//! What the vectoriser says about loops, read from LLVM's reports.

/// One report about a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// File of the loop.
    pub file: String,
    /// Line of the loop, 1-based; 0 if unknown.
    pub line: u32,
    /// Whether the loop was vectorised.
    pub vectorised: bool,
    /// How, or why not, in LLVM's words.
    pub reason: String,
}

/// The reports about vectorised and not vectorised loops, in order and without repetition.
pub fn read(reports: &[String]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for remark in reports.iter().filter_map(|report| parse(report)) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    // A loop that was vectorised has a scalar rest, about which the vectoriser complains too.
    let done: Vec<(String, u32)> = remarks.iter().filter(|r| r.vectorised).map(|r| (r.file.clone(), r.line)).collect();
    remarks.retain(|r| r.vectorised || !done.contains(&(r.file.clone(), r.line)));
    remarks
}

/// `file:line:column: text`.
fn parse(report: &str) -> Option<Remark> {
    let (place, text) = report.split_once(": ")?;
    let mut parts = place.rsplitn(3, ':');
    let _column = parts.next()?;
    let line = parts.next().and_then(|l| l.parse().ok()).unwrap_or(0);
    let file = parts.next().unwrap_or("").to_string();
    let vectorised = text.starts_with("vectorized loop");
    let reason = match text.strip_prefix("loop not vectorized: ").unwrap_or(text) {
        // Only loops of sums are kept from the vectoriser: `Unit::keep_scalar`.
        "vectorization is explicitly disabled" => "additions in the order of the source wait for one another",
        reason => reason,
    };
    (vectorised || text.starts_with("loop not vectorized")).then(|| Remark {
        file,
        line,
        vectorised,
        reason: reason.to_string(),
    })
}
