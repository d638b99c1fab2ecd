//! Operations on numbers: one machine type, of the right kind.

use super::Check;
use super::types::Typed;
use crate::eval::Machine;
use crate::op::Rule;
use crate::ty::Ty;

/// Checks an operation on numbers.
pub fn check(t: &Typed<'_>, rule: Rule) -> Check {
    match rule {
        Rule::Number => same(t, |m| m.is_int() || m.is_float(), "an integer or float"),
        Rule::Float => same(t, Machine::is_float, "a float"),
        Rule::Integer => same(t, Machine::is_int, "an integer"),
        Rule::Bits => same(t, |m| m.is_int() || m == Machine::Bool, "an integer or bool"),
        Rule::Overflow => {
            same(t, Machine::is_int, "an integer")?;
            match t.results.get(1) {
                Some(Ty::Bool) => Ok(()),
                _ => Err("the second result is bool".into()),
            }
        }
        Rule::Count => both_ints(t),
        Rule::Compare => {
            equal_operands(t)?;
            t.give(&Ty::Bool)
        }
        Rule::InRange => {
            equal_operands(t)?;
            integer(t.machine(0)?)?;
            t.give(&Ty::Bool)
        }
        Rule::Convert if matches!(t.arg(0)?, Ty::Ref(_)) => {
            let (from, to) = (t.arg(0)?, t.result()?);
            let fit = |list: &Ty, object: &Ty| list.list_item().is_some() && object.instance_class().is_some();
            if fit(from, to) || fit(to, from) { Ok(()) } else { Err(format!("{from} is no other form of {to}")) }
        }
        Rule::Convert => {
            t.machine(0)?;
            t.result_machine().map(|_| ())
        }
        Rule::Saturate => {
            let from = t.machine(0)?;
            integer(t.result_machine()?)?;
            if from.is_float() { Ok(()) } else { Err("the operand is a float".into()) }
        }
        Rule::Bitcast => {
            let (from, to) = (t.machine(0)?, t.result_machine()?);
            if from.bits() == to.bits() { Ok(()) } else { Err("operand and result have one width".into()) }
        }
        _ => Err(format!("the verifier does not know {}", t.data.op.text())),
    }
}

/// Operands and first result have one machine type of a kind.
fn same(t: &Typed<'_>, kind: impl Fn(Machine) -> bool, name: &str) -> Check {
    let machine = t.result_machine()?;
    if !kind(machine) {
        return Err(format!("the result is not {name}"));
    }
    for index in 0..t.args.len() {
        if t.machine(index)? != machine {
            return Err(format!("operand {index} is {}, the result is {}", t.arg(index)?, t.result()?));
        }
    }
    Ok(())
}

/// Two operands of one machine type.
fn equal_operands(t: &Typed<'_>) -> Check {
    // Addresses may be compared too.
    if let (Ty::Ptr(_), Ty::Ptr(_)) = (t.arg(0)?, t.arg(1)?) {
        return Ok(());
    }
    if t.machine(0)? == t.machine(1)? {
        return Ok(());
    }
    Err(format!("the operands are {} and {}", t.arg(0)?, t.arg(1)?))
}

fn both_ints(t: &Typed<'_>) -> Check {
    integer(t.machine(0)?)?;
    integer(t.result_machine()?)
}

fn integer(machine: Machine) -> Check {
    if machine.is_int() { Ok(()) } else { Err("an integer is wanted".into()) }
}
