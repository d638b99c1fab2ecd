//! Users' classes of tuples with named fields, and enumerations, as `coachwhip._classes` describes them.

use super::Snapshot;
use super::code::Scope;
use coachwhip_ir::{Member, MemberKind, UserClass};
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use std::sync::Arc;

/// Name, traits, lineage, fields, defaults, members.
type Described<'py> = (
    String,
    Vec<String>,
    Vec<Bound<'py, PyAny>>,
    Vec<String>,
    Vec<Bound<'py, PyAny>>,
    Vec<(String, String, u32, Bound<'py, PyAny>)>,
);

impl<'py> Snapshot<'_, 'py> {
    /// The class of an argument, if it is a user's class of tuples with named fields.
    pub fn argument_class(&mut self, class: &Bound<'_, PyType>) -> PyResult<Option<Arc<UserClass>>> {
        let class = class.clone().unbind().into_bound(self.py);
        let mut scope = self.outside();
        self.tuple_class(class.as_any(), &mut scope)
    }

    /// The class of an argument, if it is an enumeration.
    pub fn argument_enum(&mut self, class: &Bound<'_, PyType>) -> PyResult<Option<Arc<UserClass>>> {
        let class = class.clone().unbind().into_bound(self.py);
        let mut scope = self.outside();
        self.enum_class(class.as_any(), &mut scope)
    }

    /// The class, if it is one that compiled code can use.
    pub(super) fn user_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<UserClass>>> {
        match self.tuple_class(class, scope)? {
            None => self.enum_class(class, scope),
            found => Ok(found),
        }
    }

    /// The class, if it is a user's class of tuples with named fields.
    pub(super) fn tuple_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<UserClass>>> {
        match class.cast::<PyType>().is_ok_and(|class| class.is_subclass_of::<PyTuple>().unwrap_or(false)) {
            true => self.described_class(class, scope),
            false => Ok(None),
        }
    }

    /// The class, if it is an enumeration.
    pub(super) fn enum_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<UserClass>>> {
        let metaclass = class.get_type();
        let plain = metaclass.is(self.py.get_type::<PyType>()) || class.cast::<PyType>().is_err();
        match !plain && metaclass.is(self.py.import("enum")?.getattr("EnumMeta")?) {
            true => self.described_class(class, scope),
            false => Ok(None),
        }
    }

    /// The class of an argument, if it is a class whose instances are objects.
    pub fn argument_object(&mut self, class: &Bound<'_, PyType>) -> PyResult<Option<Arc<UserClass>>> {
        let class = class.clone().unbind().into_bound(self.py);
        let mut scope = self.outside();
        self.object_class(class.as_any(), &mut scope)
    }

    /// The class of an argument, if it was met before and its instances are objects.
    pub fn known_object(&self, class: &Bound<'_, PyType>) -> Option<Arc<UserClass>> {
        let known = self.memo.classes.get(&(class.as_ptr() as usize))?.as_ref()?;
        known.is("object").then(|| known.clone())
    }

    /// The class, if it is one whose instances are objects.
    pub(super) fn object_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<UserClass>>> {
        match class.cast::<PyType>().is_ok_and(|class| !class.is_subclass_of::<PyTuple>().unwrap_or(true)) {
            true => self.described_class(class, scope),
            false => Ok(None),
        }
    }

    fn described_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<UserClass>>> {
        let key = class.as_ptr() as usize;
        if let Some(known) = self.memo.classes.get(&key) {
            return Ok(known.clone());
        }
        // While its body is read, what stands there for the class itself is an object like others.
        self.memo.classes.insert(key, None);
        let read = self.read_class(class, scope);
        match &read {
            Ok(found) => {
                self.memo.kept.push(class.clone().unbind());
                if found.is_some() {
                    self.guards.add_class(class);
                }
                self.memo.classes.insert(key, found.clone());
            }
            Err(_) => {
                self.memo.classes.remove(&key);
            }
        }
        read
    }

    fn read_class(&mut self, class: &Bound<'py, PyAny>, scope: &mut Scope<'py>) -> PyResult<Option<Arc<UserClass>>> {
        let described = self.py.import("coachwhip._classes")?.getattr("described")?.call1((class,))?;
        let Some((name, traits, lineage, fields, defaults, members)) = described.extract::<Option<Described<'py>>>()?
        else {
            return Ok(None);
        };
        let argument = std::mem::replace(&mut scope.argument, false);
        let defaults = defaults.iter().map(|value| self.constant(value, scope, None)).collect::<PyResult<_>>();
        let members = members.iter().map(|(name, word, owner, value)| {
            let kind = MemberKind::WORDS.into_iter().find(|(_, known)| known == word).map(|(kind, _)| kind);
            let kind = kind.unwrap_or(MemberKind::Value);
            Ok(Member { name: name.as_str().into(), kind, owner: *owner, value: self.constant(value, scope, None)? })
        });
        let members = members.collect::<PyResult<_>>();
        scope.argument = argument;
        Ok(Some(Arc::new(UserClass {
            name: name.into(),
            traits: traits.into_iter().map(Arc::from).collect(),
            lineage: lineage.iter().map(crate::classes::register).collect::<PyResult<_>>()?,
            fields: fields.into_iter().map(Arc::from).collect(),
            defaults: defaults?,
            members: members?,
            types: Arc::from([]),
        })))
    }
}
