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

/// The reports about vectorised and not vectorised loops, in order and without repetition; `place` tells file and line
/// of the place with a number.
pub fn read(reports: &[String], place: &dyn Fn(u32) -> Option<(String, u32)>) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for remark in reports.iter().filter_map(|report| parse(report, place)) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    // A loop that was vectorised has a scalar rest, about which the vectoriser complains too.
    let done: Vec<(String, u32)> = remarks.iter().filter(|r| r.vectorised).map(|r| (r.file.clone(), r.line)).collect();
    remarks.retain(|r| r.vectorised || !done.contains(&(r.file.clone(), r.line)));
    remarks
}

/// `file:line:column: text`, where lines are numbers of places.
fn parse(report: &str, place: &dyn Fn(u32) -> Option<(String, u32)>) -> Option<Remark> {
    let (position, text) = report.split_once(": ")?;
    let mut parts = position.rsplitn(3, ':');
    let _column = parts.next()?;
    let number = parts.next().and_then(|l| l.parse::<u32>().ok()).unwrap_or(0);
    let (file, line) = number.checked_sub(1).and_then(place).unwrap_or_default();
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
