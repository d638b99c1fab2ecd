//! Lists: their headers and items, with every mistake seen: items that are not there, places that are overwritten, addresses
//! of items that have moved.

use super::Stop;
use super::machine::{Machine, wrong};
use super::value::Value;
use crate::func::{Func, InstData};
use crate::op::Op;
use crate::ty::Ty;

type Done = Result<(), Stop>;

/// A list of more items than this is not made here.
const MOST_ITEMS: i64 = 1 << 26;

impl<'m> Machine<'m, '_> {
    /// An operation on a list's header.
    pub fn list(&mut self, func: &'m Func, data: &InstData) -> Done {
        if data.op == Op::ListNew {
            let item = data.results.first().and_then(|&r| func.ty(r).stored());
            let (item, room) = (item.cloned().unwrap_or(Ty::Never), self.int(data, 0)?);
            if !(0..=MOST_ITEMS).contains(&room) {
                return Err(Stop::Unsupported(format!("a list with room for {room} items")));
            }
            let list = self.heap.list(&item, room, false);
            return self.give(data, Value::Pointer(list));
        }
        let list = self.pointer(data, 0)?;
        let header = self.heap.list_header(list).map_err(Stop::Wrong)?;
        match data.op {
            Op::ListLen => {
                let length = header.length;
                self.give(data, Value::int(length))
            }
            Op::ListRoom => {
                let room = header.room;
                self.give(data, Value::int(room))
            }
            Op::ListItems => {
                let items = header.items;
                self.give(data, Value::Pointer(items))
            }
            Op::ListResize => self.resize(data),
            _ => {
                let room = self.int(data, 1)?;
                if room > MOST_ITEMS {
                    return Err(Stop::Unsupported(format!("a list with room for {room} items")));
                }
                self.heap.list_reserve(list, room).map_err(Stop::Wrong)
            }
        }
    }

    fn resize(&mut self, data: &InstData) -> Done {
        let (list, length) = (self.pointer(data, 0)?, self.int(data, 1)?);
        let header = self.heap.list_header(list).map_err(Stop::Wrong)?;
        let (old, items, room) = (header.length, header.items, header.room);
        if !(0..=room).contains(&length) {
            return wrong(format!("{length} items in a list with room for {room}"));
        }
        header.length = length;
        let places = self.heap.items(items).map_err(Stop::Wrong)?;
        let there = |i: &i64| places.get(*i as usize).is_some_and(Option::is_some);
        match (0..length.max(old)).find(|i| there(i) != (*i < length)) {
            Some(i) if i < length => wrong(format!("item {i} is not there")),
            Some(i) => wrong(format!("item {i} is there, but not in the list")),
            None => Ok(()),
        }
    }

    /// An operation on items.
    pub fn item(&mut self, func: &'m Func, data: &InstData) -> Done {
        let (at, index) = (self.pointer(data, 0)?, self.int(data, 1)?);
        match data.op {
            Op::ItemsMove => {
                let (from, count) = (self.int(data, 2)?, self.int(data, 3)?);
                return self.move_items(at, index, from, count);
            }
            Op::ItemsDrop => {
                let count = self.int(data, 2)?;
                return self.drop_items(func, data, at, index, count);
            }
            _ => {}
        }
        let value = match data.op {
            Op::ItemStore | Op::ItemInit => {
                let (value, ty) = (self.operand(data, 2)?, data.args.get(2).map(|&v| func.ty(v)));
                Some(widened(value, ty))
            }
            _ => None,
        };
        let places = self.heap.items(at).map_err(Stop::Wrong)?;
        let room = places.len();
        let place = usize::try_from(index).ok().and_then(|i| places.get_mut(i));
        let Some(place) = place else { return wrong(format!("item {index} in room for {room}")) };
        match (data.op, place.is_some()) {
            (Op::ItemInit, true) => return wrong(format!("item {index} is there already")),
            (Op::ItemInit, false) => *place = value,
            (_, false) => return wrong(format!("item {index} is not there")),
            (Op::ItemStore, true) => *place = value,
            (_, true) => {
                let found = place.clone().unwrap_or(Value::Undefined);
                return self.give(data, found);
            }
        }
        Ok(())
    }

    fn drop_items(&mut self, func: &Func, data: &InstData, at: super::value::Pointer, from: i64, count: i64) -> Done {
        let item = match data.args.first().map(|&p| func.ty(p)) {
            Some(Ty::Ptr(Some(item))) => (**item).clone(),
            _ => return wrong("operand 0 leads to no items"),
        };
        for index in from..from.saturating_add(count) {
            let places = self.heap.items(at).map_err(Stop::Wrong)?;
            let value = usize::try_from(index).ok().and_then(|i| places.get_mut(i)).and_then(Option::take);
            let Some(value) = value else { return wrong(format!("item {index} is not there")) };
            // Before the ownership pass nothing is counted.
            if self.counts() {
                let held = super::ownership::owners(&value, &item, &[]);
                super::ownership::count(&mut self.heap, &held, -1).map_err(Stop::Wrong)?;
            }
        }
        Ok(())
    }

    fn move_items(&mut self, at: super::value::Pointer, to: i64, from: i64, count: i64) -> Done {
        let places = self.heap.items(at).map_err(Stop::Wrong)?;
        let range = |start: i64| Some(usize::try_from(start).ok()?..usize::try_from(start.checked_add(count)?).ok()?);
        let (Some(source), Some(target)) = (range(from), range(to)) else {
            return wrong("moves negative numbers of items");
        };
        let Some(moved) = places.get_mut(source) else { return wrong("moves items from outside the room") };
        let moved: Vec<Option<Value>> = moved.iter_mut().map(Option::take).collect();
        if moved.iter().any(Option::is_none) {
            return wrong("moves items that are not there");
        }
        let Some(places) = places.get_mut(target) else { return wrong("moves items out of the room") };
        if places.iter().any(Option::is_some) {
            return wrong("moves items over others");
        }
        places.iter_mut().zip(moved).for_each(|(place, value)| *place = value);
        Ok(())
    }
}

/// A literal has no machine form, but its place in a list is filled.
fn widened(value: Value, ty: Option<&Ty>) -> Value {
    match ty.and_then(Ty::literal) {
        Some(c) => Value::constant(c, &Ty::Lit(c.clone()).widened()).unwrap_or(value),
        None => value,
    }
}
