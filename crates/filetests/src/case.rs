//! The form of a test file.

/// A file of cases.
#[derive(Debug)]
pub struct File {
    /// Everything before the first case.
    pub head: String,
    /// What is tested.
    pub stage: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// A case.
#[derive(Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The text that goes in.
    pub input: String,
    /// The text that comes out.
    pub expected: String,
}

/// Reads a file.  Without `bless` every case has its expectation.
pub fn read(text: &str, bless: bool) -> Result<File, String> {
    let mut parts = text.split("\n=== ");
    let head = parts.next().unwrap_or("").to_string();
    let stage = head.lines().find_map(|line| line.strip_prefix("; stage:")).ok_or("no line '; stage: …'")?;
    let stage = stage.trim().to_string();
    let cases = parts.map(|part| case(part, bless)).collect::<Result<Vec<_>, _>>()?;
    for (position, case) in cases.iter().enumerate() {
        if cases.iter().take(position).any(|earlier| earlier.name == case.name) {
            return Err(format!("two cases are called {:?}", case.name));
        }
    }
    if cases.is_empty() { Err("no cases".into()) } else { Ok(File { head, stage, cases }) }
}

fn case(text: &str, bless: bool) -> Result<Case, String> {
    let (name, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut parts = rest.split("\n---\n");
    let (input, expected) = (parts.next().unwrap_or(""), parts.next());
    if parts.next().is_some() {
        return Err(format!("{name}: an expectation that nothing uses"));
    }
    match expected {
        None if !bless => Err(format!("{name}: no expectation; BLESS=1 writes it")),
        found => {
            let expected = found.unwrap_or("").to_string();
            Ok(Case { name: name.trim().to_string(), input: input.to_string(), expected })
        }
    }
}

/// The file with these outputs as expectations.
pub fn write(file: &File, outputs: &[String]) -> String {
    let mut text = file.head.trim_end().to_string();
    for (case, output) in file.cases.iter().zip(outputs) {
        text += &format!("\n\n=== {}\n{}\n---\n{}", case.name, case.input.trim(), output.trim());
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_strict() {
        let read = |text| read(text, false).map(|f| f.cases.len());
        assert_eq!(read("; stage: parse\n\n=== a\nx\n---\ny\n\n=== b\nx\n---\ny\n"), Ok(2));
        assert!(read("; stage: parse\n\n=== a\nx\n").is_err_and(|e| e.contains("no expectation")));
        assert!(read("; stage: parse\n\n=== a\nx\n---\ny\n---\nz\n").is_err_and(|e| e.contains("nothing uses")));
        assert!(
            read("; stage: parse\n\n=== a\nx\n---\ny\n\n=== a\nx\n---\ny\n").is_err_and(|e| e.contains("two cases"))
        );
        assert!(read("; stage: parse\n").is_err_and(|e| e.contains("no cases")));
        assert!(read("=== a\nx\n---\ny\n").is_err_and(|e| e.contains("; stage")));
    }
}
