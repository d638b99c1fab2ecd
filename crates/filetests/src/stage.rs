//! What each stage makes of a case.

use crate::datum;
use coachwhip_ir::interp::{self, Datum, Limits, Report, Stop};
use coachwhip_ir::verify::{self, Stage};
use coachwhip_ir::{Module, parse};
use coachwhip_opt::STAGES;

/// The text that comes out.
pub fn output(stage: &str, input: &str) -> String {
    let module = match parse::module(input) {
        Ok(module) => module,
        Err(error) => return error.to_string(),
    };
    match stage {
        "parse" => format!("{module:#}"),
        "verify" => problems(&module, Stage::Typed).unwrap_or("no problems".into()),
        "verify owned" => problems(&module, Stage::Owned).unwrap_or("no problems".into()),
        "infer" => inferred(module, input),
        "interp" => problems(&module, Stage::Owned).unwrap_or_else(|| runs(&module, input, false)),
        pass => passes(pass, module, input),
    }
}

/// The problems of a module, if it has any.
fn problems(module: &Module, stage: Stage) -> Option<String> {
    let found: Vec<String> = verify::module(module, stage).iter().map(|p| p.to_string()).collect();
    if found.is_empty() { None } else { Some(found.join("\n")) }
}

/// What inference makes of untyped functions.
fn inferred(module: Module, input: &str) -> String {
    match crate::source::infer(module, input) {
        Err(refusal) => refusal,
        Ok(module) => {
            problems(&module, Stage::Typed).unwrap_or_else(|| format!("{module}{}", runs(&module, input, false)))
        }
    }
}

/// The module that one pass, or all of them, make.
fn passes(name: &str, module: Module, input: &str) -> String {
    let chosen: Vec<_> = STAGES.iter().filter(|s| name == "optimise" || s.name == name).collect();
    if chosen.is_empty() {
        return format!("no stage is called {name}");
    }
    let owned_before = |pass: &str| {
        let at = |name: &str| STAGES.iter().position(|s| s.name == name);
        at(pass) > at("ownership")
    };
    let mut module = module;
    let mut owned = chosen.first().is_some_and(|s| owned_before(s.name));
    if let Some(text) = problems(&module, if owned { Stage::Owned } else { Stage::Typed }) {
        return format!("the input is wrong:\n{text}");
    }
    let before = runs(&module, input, owned);
    for stage in chosen {
        coachwhip_opt::run_stage(stage, &mut module);
        owned |= stage.name == "ownership";
        if let Some(text) = problems(&module, if owned { Stage::Owned } else { Stage::Typed }) {
            return format!("{} made a wrong module:\n{text}\n{module}", stage.name);
        }
        let after = runs(&module, input, owned);
        if before != after {
            return format!(
                "{} changed what the program does:\nbefore\n{before}\nafter\n{after}\n{module}",
                stage.name
            );
        }
    }
    let text = module.to_string();
    match parse::module(&text).map(|again| again.to_string()) {
        Ok(again) if again == text => text,
        Ok(again) => format!("the text reads back as something else:\n{again}"),
        Err(error) => format!("the text does not read back: {error}\n{text}"),
    }
}

/// What the `; run:` lines do, one line each.
fn runs(module: &Module, input: &str, leaks: bool) -> String {
    let lines = input.lines().filter_map(|line| line.trim().strip_prefix("; run:"));
    lines.map(|line| format!("{} {}\n", line.trim(), run(module, line.trim(), leaks))).collect()
}

fn run(module: &Module, args: &str, leaks: bool) -> String {
    let args = match datum::read_arguments(args) {
        Ok(args) => args,
        Err(message) => return message,
    };
    let report = interp::run(module, &args, &[], &Limits { leaks, ..Limits::default() });
    let mut text = format!("-> {}", outcome(&report));
    for parts in &report.printed {
        text += &format!(", printed {}", datum::write(&Datum::Text(parts.clone())));
    }
    let changed = args.iter().zip(&report.args).filter(|(a, b)| a != b);
    changed.for_each(|(_, after)| text += &format!(", left {}", datum::write(after)));
    text
}

fn outcome(report: &Report) -> String {
    match &report.outcome {
        Ok(value) => datum::write(value),
        Err(Stop::Failed(failure)) => {
            let args: Vec<String> = failure.args.iter().map(datum::write).collect();
            let class = failure.class.as_ref().map_or(String::new(), |c| format!(" {c}"));
            format!("failed[{}]{class} {}", failure.kind.text(), args.join(", "))
        }
        Err(Stop::Wrong(message)) => format!("wrong: {message}"),
        Err(Stop::Unsupported(message)) => format!("unsupported: {message}"),
        Err(Stop::Steps) => "too many steps".into(),
    }
}
