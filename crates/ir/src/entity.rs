//! Dense numbered things: typed indices and the vectors they index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A typed index.
pub trait Entity: Copy + Eq {
    /// From a position.
    fn new(index: usize) -> Self;
    /// The position.
    fn index(self) -> usize;
}

/// Declares an entity with its text prefix (`v3`, `block2`).
#[macro_export]
macro_rules! entity {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $crate::entity::Entity for $name {
            fn new(index: usize) -> Self { $name(index as u32) }
            fn index(self) -> usize { self.0 as usize }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}{}", $prefix, self.0) }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}{}", $prefix, self.0) }
        }
    };
}

/// A vector indexed by an entity.  Indexing with an entity of another vector is a bug and panics; the
/// driver catches it and reports an internal error that names the stage.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    items: Vec<V>,
    key: PhantomData<K>,
}

impl<K: Entity, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Map { items: Vec::new(), key: PhantomData }
    }
    /// Adds an item and returns its number.
    pub fn push(&mut self, item: V) -> K {
        self.items.push(item);
        K::new(self.items.len() - 1)
    }
    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// The item, if the number is in range.  (Not called `get`: clippy then takes indexing for a slip.)
    pub fn lookup(&self, key: K) -> Option<&V> {
        self.items.get(key.index())
    }
    /// All numbers in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> + use<K, V> {
        (0..self.items.len()).map(K::new)
    }
    /// All items in order.
    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.items.iter()
    }
    /// All items in order, to change.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, V> {
        self.items.iter_mut()
    }
    /// Numbers and items.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.items.iter().enumerate().map(|(i, v)| (K::new(i), v))
    }
    /// Makes the map as long as `len`, filling with `item`.
    pub fn resize(&mut self, len: usize, item: V)
    where
        V: Clone,
    {
        self.items.resize(len, item)
    }
}

impl<K: Entity, V> Default for Map<K, V> {
    fn default() -> Self {
        Map::new()
    }
}

impl<K: Entity, V> Index<K> for Map<K, V> {
    type Output = V;
    #[allow(clippy::indexing_slicing)] // the one place where entities are looked up; see the type's comment
    fn index(&self, key: K) -> &V {
        &self.items[key.index()]
    }
}

impl<K: Entity, V> IndexMut<K> for Map<K, V> {
    #[allow(clippy::indexing_slicing)] // as above
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.items[key.index()]
    }
}
