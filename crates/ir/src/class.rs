//! Users' classes of tuples with named fields: `collections.namedtuple` and `typing.NamedTuple`.

use crate::constant::Const;
use std::sync::Arc;

/// Such a class, with everything of it that compiled code can use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TupleClass {
    /// `__name__`.
    pub name: Arc<str>,
    /// Numbers of the class and of those of its bases that are such classes, in the table of the process.
    pub lineage: Arc<[u32]>,
    /// `_fields`.
    pub fields: Arc<[Arc<str>]>,
    /// Defaults of the last fields.
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
    /// Anything else, static methods among them.
    Value,
}

impl MemberKind {
    /// Every kind with its word in the text form.
    pub const WORDS: [(MemberKind, &'static str); 4] = [
        (MemberKind::Method, "method"),
        (MemberKind::Property, "property"),
        (MemberKind::ClassMethod, "class_method"),
        (MemberKind::Value, "value"),
    ];

    /// Its word in the text form.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

impl TupleClass {
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
    pub fn derives(&self, from: &TupleClass) -> bool {
        self.lineage.contains(&from.number())
    }
}
