//! The run-time functions of exception handlers.

use super::machine::{Machine, wrong};
use super::value::Value;
use super::{Failure, Stop};
use crate::constant::Const;
use crate::eval::{Number, Width};
use crate::func::InstData;
use coachwhip_abi::{RuntimeFn, class};

/// Whether a function is one of these.
pub fn is_of_handling(function: RuntimeFn) -> bool {
    use RuntimeFn::*;
    matches!(
        function,
        Handled
            | Caught
            | EndHandling
            | KeepCaught
            | CaughtClass
            | CaughtIs
            | Reraise
            | ReraiseHandled
            | HoldCause
            | CauseHeld
            | CauseCaught
    )
}

impl Machine<'_, '_> {
    /// Runs one of them.
    pub fn handling(&mut self, data: &InstData, function: RuntimeFn) -> Result<(), Stop> {
        let number = |n: i64| Value::Number(Number::Int(i128::from(n), Width { bits: 64, signed: true }));
        match function {
            RuntimeFn::Handled => self.give(data, number(self.handled.len() as i64)),
            RuntimeFn::Caught => {
                let depth = self.int(data, 0)?;
                let Some(failure) = self.recorded.take() else { return wrong("no failure was recorded") };
                self.handled.truncate(depth as usize);
                self.handled.push(failure);
                self.give(data, number(self.handled.len() as i64 - 1))
            }
            RuntimeFn::EndHandling => {
                let depth = self.int(data, 0)?;
                self.handled.truncate(depth as usize);
                Ok(())
            }
            RuntimeFn::CaughtClass => {
                let class = class_number(self.caught(data)?)?;
                self.give(data, number(i64::from(class)))
            }
            RuntimeFn::Reraise => {
                self.recorded = Some(self.caught(data)?.clone());
                Ok(())
            }
            RuntimeFn::ReraiseHandled => {
                self.recorded = self.handled.last().cloned().or(self.recorded.take());
                self.give(data, number(i64::from(!self.handled.is_empty())))
            }
            RuntimeFn::KeepCaught => Err(Stop::Unsupported("an exception that outlives its handler".into())),
            RuntimeFn::CaughtIs => Err(Stop::Unsupported("a user's exception class in a handler".into())),
            // Causes do not show in the report.
            RuntimeFn::HoldCause => {
                self.recorded = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The exception whose number is the first operand.
    fn caught(&mut self, data: &InstData) -> Result<&Failure, Stop> {
        let index = self.int(data, 0)?;
        self.handled.get(index as usize).ok_or_else(|| Stop::Wrong("no such exception is being handled".into()))
    }
}

fn class_number(failure: &Failure) -> Result<u32, Stop> {
    let number = match (&failure.class, failure.kind) {
        (Some(Const::Named(name)), _) => class::number(name),
        (None, kind) => class::number(kind.class()),
        _ => None,
    };
    number.ok_or_else(|| Stop::Unsupported("a user's exception class in a handler".into()))
}
