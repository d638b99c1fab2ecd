//! Users' classes: those of tuples with named fields (`collections.namedtuple`, `typing.NamedTuple`), and enumerations.

use crate::constant::Const;
use std::sync::Arc;

/// Such a class, with everything of it that compiled code can use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserClass {
    /// `__name__`.
    pub name: Arc<str>,
    /// What it is and what is particular about it, in the words of `coachwhip._classes`: the first is `tuple` or `enum`.
    pub traits: Arc<[Arc<str>]>,
    /// Numbers of the class and of those of its bases that are such classes, in the table of the process.
    pub lineage: Arc<[u32]>,
    /// `_fields`; of an enumeration the names of its members, in order and without aliases.
    pub fields: Arc<[Arc<str>]>,
    /// Defaults of the last fields; of an enumeration the values of its members.
    pub defaults: Arc<[Const]>,
    /// What its body, and those of its bases, define beside the fields; by name.
    pub members: Arc<[Member]>,
}

/// A name that the body of a class defines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The name.
    pub name: Arc<str>,
    /// How it is bound to instances.
    pub kind: MemberKind,
    /// The function, or the value itself.
    pub value: Const,
}

/// How a member is bound when it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// A function that gets the instance.
    Method,
    /// A function that is called for the value of the attribute.
    Property,
    /// A function that gets the class.
    ClassMethod,
    /// Another name of the member of an enumeration with this word.
    Alias,
    /// An attribute that each member of an enumeration has for itself: a tuple of their values.
    OfMember,
    /// Anything else, static methods among them.
    Value,
}

impl MemberKind {
    /// Every kind with its word in the text form.
    pub const WORDS: [(MemberKind, &'static str); 6] = [
        (MemberKind::Method, "method"),
        (MemberKind::Property, "property"),
        (MemberKind::ClassMethod, "class_method"),
        (MemberKind::Alias, "alias"),
        (MemberKind::OfMember, "of_member"),
        (MemberKind::Value, "value"),
    ];

    /// Its word in the text form.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

impl UserClass {
    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| **field == *name)
    }

    /// What its body defines under a name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| *member.name == *name)
    }

    /// Its own number in the table of the process.
    pub fn number(&self) -> u32 {
        self.lineage.first().copied().unwrap_or(u32::MAX)
    }

    /// Whether it is that class, or derived from it.
    pub fn derives(&self, from: &UserClass) -> bool {
        self.lineage.contains(&from.number())
    }

    /// Whether a word of its description says so.
    pub fn is(&self, word: &str) -> bool {
        self.traits.iter().any(|known| **known == *word)
    }

    /// The word of the member of an enumeration at a position: its value in a class of flags, else the position.
    pub fn word(&self, position: usize) -> Option<i64> {
        match self.defaults.get(position)? {
            Const::Int(value) if self.is("flag") => Some(*value),
            _ => Some(position as i64),
        }
    }

    /// The word of the member of an enumeration with a name.
    pub fn word_of(&self, name: &str) -> Option<i64> {
        match (self.field(name), self.member(name)) {
            (Some(position), _) => self.word(position),
            (_, Some(Member { kind: MemberKind::Alias, value: Const::Int(word), .. })) => Some(*word),
            _ => None,
        }
    }

    /// The position of the member of an enumeration with a word; a combination of flags has none.
    pub fn position(&self, word: i64) -> Option<usize> {
        (0..self.fields.len()).find(|&position| self.word(position) == Some(word))
    }
}
