//! Users' classes: those of tuples with named fields (`collections.namedtuple`, `typing.NamedTuple`), enumerations, and
//! classes whose instances are objects.

use crate::constant::Const;
use crate::ty::Ty;
use std::sync::Arc;

/// Such a class, with everything of it that compiled code can use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserClass {
    /// `__name__`.
    pub name: Arc<str>,
    /// What it is and what is particular about it, in the words of `coachwhip._classes`: the first is `tuple`, `enum` or `object`.
    pub traits: Arc<[Arc<str>]>,
    /// Numbers of the class and of those of its bases that are such classes, in the table of the process.
    pub lineage: Arc<[u32]>,
    /// `_fields`; of an enumeration the names of its members, in order and without aliases; of instances with known
    /// attributes their names.
    pub fields: Arc<[Arc<str>]>,
    /// Defaults of the last fields; of an enumeration the values of its members.
    pub defaults: Arc<[Const]>,
    /// What its body, and those of its bases, define beside the fields, in the order of the bases.
    pub members: Arc<[Member]>,
    /// Types of the attributes of instances, where they are known: the class as part of an argument's or a result's type.
    /// Inside compiled code it is without them, so that classes that lead to themselves are finite, and so it is inside its
    /// own attributes.
    pub types: Arc<[Ty]>,
}

/// A name that the body of a class defines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The name.
    pub name: Arc<str>,
    /// How it is bound to instances.
    pub kind: MemberKind,
    /// Position of the class that defines it, in the lineage.
    pub owner: u32,
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
    /// A function that is called when a property is assigned.
    Setter,
    /// A method that `dataclasses` has made: of which fields.
    Generated,
    /// Another name of the member of an enumeration with this word.
    Alias,
    /// An attribute that each member of an enumeration has for itself: a tuple of their values.
    OfMember,
    /// Anything else, static methods among them.
    Value,
}

impl MemberKind {
    /// Every kind with its word in the text form.
    pub const WORDS: [(MemberKind, &'static str); 8] = [
        (MemberKind::Method, "method"),
        (MemberKind::Property, "property"),
        (MemberKind::ClassMethod, "class_method"),
        (MemberKind::Setter, "setter"),
        (MemberKind::Generated, "generated"),
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
        self.member_after(name, 0)
    }

    /// The same, as far as classes from a position of the lineage on define it.
    pub fn member_after(&self, name: &str, first: u32) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| *member.name == *name && member.kind != MemberKind::Setter && member.owner >= first)
    }

    /// What is called when a property is assigned.
    pub fn setter(&self, name: &str) -> Option<&Member> {
        let property = self.member(name).filter(|member| member.kind == MemberKind::Property)?;
        let of = |member: &&Member| member.kind == MemberKind::Setter && member.owner == property.owner;
        self.members.iter().filter(of).find(|member| *member.name == *name)
    }

    /// The class without attributes, as compiled code has it.
    pub fn bare(&self) -> UserClass {
        UserClass { fields: Arc::from([]), types: Arc::from([]), ..self.clone() }
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
