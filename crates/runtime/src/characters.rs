//! What is known of characters: the answer of [`crate::Hooks::characters`], a page of them at a time.

/// Characters of a page.
pub const PAGE: usize = 256;
/// Classes of characters, a bit each.
pub mod class {
    /// `str.isalpha`.
    pub const ALPHA: u32 = 1;
    /// `str.isdecimal`.
    pub const DECIMAL: u32 = 2;
    /// `str.isdigit`.
    pub const DIGIT: u32 = 4;
    /// `str.isnumeric`.
    pub const NUMERIC: u32 = 8;
    /// `str.isspace`.
    pub const SPACE: u32 = 16;
    /// `str.isupper`.
    pub const UPPER: u32 = 32;
    /// `str.islower`.
    pub const LOWER: u32 = 64;
    /// In title case, and not upper.
    pub const TITLE: u32 = 128;
    /// `str.isprintable`.
    pub const PRINTABLE: u32 = 256;
    /// May begin an identifier; `_` apart.
    pub const ID_START: u32 = 512;
    /// May stand in an identifier.
    pub const ID_CONTINUE: u32 = 1024;
    /// Has case, in the sense of `str.title`.
    pub const CASED: u32 = 2048;
    /// Is passed over where a final sigma is looked for.
    pub const CASE_IGNORABLE: u32 = 4096;
    /// Letters and numbers (`str.isalnum`).
    pub const ALNUM: u32 = ALPHA | DECIMAL | DIGIT | NUMERIC;
}

/// The cases of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `str.lower` of it alone.
    Lower,
    /// `str.upper`.
    Upper,
    /// `str.title`.
    Title,
    /// `str.casefold`.
    Fold,
}

/// Up to three characters, zeros after the last.
pub type Mapped = [u32; 3];

/// What is known of one character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Character {
    /// Its classes.
    pub classes: u32,
    /// Its value as a decimal digit.
    pub decimal: u32,
    /// Its cases, by [`Case`].
    pub cases: [Mapped; 4],
}

/// What is known of a page of characters.
pub type Page = [Character; PAGE];
