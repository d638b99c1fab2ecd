//! Users' classes of tuples with named fields, as `coachwhip._classes` describes them.

use super::Snapshot;
use super::code::Scope;
use coachwhip_ir::{Member, MemberKind, TupleClass};
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use std::sync::Arc;

/// Name, lineage, fields, defaults, members.
type Described<'py> =
    (String, Vec<Bound<'py, PyAny>>, Vec<String>, Vec<Bound<'py, PyAny>>, Vec<(String, String, Bound<'py, PyAny>)>);

impl<'py> Snapshot<'_, 'py> {
    /// The class of an argument, if it is a user's class of tuples with named fields.
    pub fn argument_class(&mut self, class: &Bound<'_, PyType>) -> PyResult<Option<Arc<TupleClass>>> {
        let class = class.clone().unbind().into_bound(self.py);
        let mut scope = self.outside();
        self.tuple_class(class.as_any(), &mut scope)
    }

    /// The class, if it is a user's class of tuples with named fields.
    pub(super) fn tuple_class(
        &mut self,
        class: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Option<Arc<TupleClass>>> {
        let known = class.cast::<PyType>().is_ok_and(|class| class.is_subclass_of::<PyTuple>().unwrap_or(false));
        if !known {
            return Ok(None);
        }
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
                self.memo.classes.insert(key, found.clone());
            }
            Err(_) => {
                self.memo.classes.remove(&key);
            }
        }
        read
    }

    fn read_class(&mut self, class: &Bound<'py, PyAny>, scope: &mut Scope<'py>) -> PyResult<Option<Arc<TupleClass>>> {
        let described = self.py.import("coachwhip._classes")?.getattr("described")?.call1((class,))?;
        let Some((name, lineage, fields, defaults, members)) = described.extract::<Option<Described<'py>>>()? else {
            return Ok(None);
        };
        let argument = std::mem::replace(&mut scope.argument, false);
        let defaults = defaults.iter().map(|value| self.constant(value, scope, None)).collect::<PyResult<_>>();
        let members = members.iter().map(|(name, word, value)| {
            let kind = MemberKind::WORDS.into_iter().find(|(_, known)| known == word).map(|(kind, _)| kind);
            let kind = kind.unwrap_or(MemberKind::Value);
            Ok(Member { name: name.as_str().into(), kind, value: self.constant(value, scope, None)? })
        });
        let members = members.collect::<PyResult<_>>();
        scope.argument = argument;
        Ok(Some(Arc::new(TupleClass {
            name: name.into(),
            lineage: lineage.iter().map(crate::classes::register).collect::<PyResult<_>>()?,
            fields: fields.into_iter().map(Arc::from).collect(),
            defaults: defaults?,
            members: members?,
        })))
    }
}
