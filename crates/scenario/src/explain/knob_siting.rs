//! Rules of one-year scenarios as numbers that can be changed.

use super::knob::{AnyRule, Knob, Number, Turn};
use super::record::Unit;
use super::spot::without_forced;
use crate::Loaded;
use maillage_input::Text;
use maillage_planning::Rule;
use maillage_programme::{Euros, Plan, Programme, Role, SiteIx, Staffed, StructureForm, Task, TypeIx};

/// Most money that a scenario file may name.
const MOST_EUR: i64 = 1_000_000_000_000;
/// Most rooms that a type may have in a scenario file.
const MOST_ROOMS: i64 = 100;

/// Sets the number of a limit, or drops it.
type Set = fn(&mut Programme, Option<i64>);

/// The one way to loosen a rule.
pub(super) fn knob(loaded: &Loaded, programme: &Programme, rule: Rule) -> Knob {
    let limits = programme.limits;
    let count = |from: Option<u32>, to: u64, unit| {
        let from = i64::from(from.unwrap_or_default());
        Some(Number { from, to: from.max(to as i64), step: 1, unit, per_unit: 1 })
    };
    let (pointer, label, number, turn): (String, Text, Option<Number>, Set) = match rule {
        Rule::Budget => (
            "/problem/limits/budget_eur".to_owned(),
            Text::new("le budget", "the budget"),
            Some(Number {
                from: limits.budget.unwrap_or_default().0,
                to: MOST_EUR,
                step: 1,
                unit: Unit::Eur,
                per_unit: 1,
            }),
            |p, v| p.limits.budget = v.map(Euros),
        ),
        Rule::MaxNewSites => (
            "/problem/limits/max_new_sites".to_owned(),
            Text::new("le nombre maximal de nouveaux sites", "the most new sites"),
            count(limits.max_new_sites, candidates(programme), Unit::Sites),
            |p, v| p.limits.max_new_sites = v.map(|n| n as u32),
        ),
        Rule::GpPool => (
            "/problem/limits/gp_pool".to_owned(),
            Text::new("le nombre de médecins recrutables", "the number of GPs who can be recruited"),
            count(limits.gp_pool, all_rooms(programme), Unit::Gps),
            |p, v| p.limits.gp_pool = v.map(|n| n as u32),
        ),
        Rule::Team(kind) => return team(programme, kind),
        Rule::Forced(site) => return forced(loaded, programme, site),
    };
    Knob { rule: AnyRule::Siting(rule), pointer, label, number, turn: siting(turn) }
}

/// A change to a programme as one to a task.
fn siting(turn: impl Fn(&mut Programme, Option<i64>) + 'static) -> Turn {
    Box::new(move |task, value| {
        if let Task::Siting(programme) = task {
            turn(programme, value);
        }
    })
}

fn team(programme: &Programme, kind: TypeIx) -> Knob {
    let t = programme.kind(kind);
    // An MSP has two GPs by law; a structure without any has no list.
    let to = if t.form == StructureForm::Msp { 2 } else { 1 };
    let from = i64::from(t.min_gps);
    Knob {
        rule: AnyRule::Siting(Rule::Team(kind)),
        pointer: format!("/problem/structure_types/{}/min_gps", kind.0),
        label: Text::new(
            format!("l'équipe minimale de « {} »", t.id),
            format!("the smallest team of `{}`", t.id),
        ),
        number: Some(Number { from, to: to.min(from), step: 1, unit: Unit::Gps, per_unit: 1 }),
        turn: siting(move |p, v| p.types[usize::from(kind.0)].min_gps = v.map_or(0, |n| n as u32)),
    }
}

fn forced(loaded: &Loaded, programme: &Programme, site: SiteIx) -> Knob {
    let place = loaded.territory.place(programme.site(site).place);
    let (name, code) = (&place.name, &place.id);
    // What may open there by the rest of the file: nothing, where it is no candidate.
    let id = &programme.site(site).id;
    let rest = without_forced(loaded, code);
    let types = |task: &Task| match task {
        Task::Siting(other) => other.sites.iter().find(|s| s.id == *id).and_then(|s| match &s.role {
            Role::Candidate { types, .. } => Some(types.clone()),
            _ => None,
        }),
        _ => None,
    };
    let otherwise = rest.and_then(|other| types(&other.task)).unwrap_or_default();
    Knob {
        rule: AnyRule::Siting(Rule::Forced(site)),
        pointer: loaded.forced.get(&site).cloned().unwrap_or_default(),
        label: Text::new(
            format!("renoncer au site imposé à {name} ({code})"),
            format!("drop the forced site at {name} ({code})"),
        ),
        number: None,
        turn: siting(move |p, _| {
            if let Role::Candidate { forced, types } = &mut p.sites[site.0 as usize].role {
                *forced = false;
                types.clone_from(&otherwise);
            }
        }),
    }
}

/// One more room in every structure of each type that has one full of GPs, and in each full extension.
pub(super) fn rooms(programme: &Programme, staffed: &[(SiteIx, TypeIx, u32)]) -> Vec<(Knob, Text)> {
    let mut out: Vec<(Knob, Text)> = Vec::new();
    for (kind, t) in (0..).map(TypeIx).zip(&programme.types) {
        let full = |(site, k, gps): &(SiteIx, TypeIx, u32)| {
            *k == kind && *gps == t.max_gps && matches!(programme.site(*site).role, Role::Candidate { .. })
        };
        if staffed.iter().any(full) {
            let pointer = format!("/problem/structure_types/{}/max_gps", kind.0);
            let label = Text::new(
                format!("les bureaux de médecins de « {} »", t.id),
                format!("the rooms for GPs of `{}`", t.id),
            );
            let says = Text::new(
                format!("une structure « {} » a {} bureaux de médecins", t.id, t.max_gps),
                format!("a structure `{}` has {} rooms for GPs", t.id, t.max_gps),
            );
            let turn = move |p: &mut Programme, v: Option<i64>| {
                let t = &mut p.types[usize::from(kind.0)];
                t.max_gps = v.map_or(t.max_gps, |n| n as u32);
            };
            out.push((room(pointer, label, t.max_gps, Rule::Team(kind), turn), says));
        }
    }
    for &(site, _, gps) in staffed {
        let s = programme.site(site);
        if let Role::Extension { free_rooms, .. } = s.role
            && free_rooms == gps
        {
            let label = Text::new(
                format!("les bureaux libres de « {} »", s.id),
                format!("the free rooms of `{}`", s.id),
            );
            let says = Text::new(
                format!("la structure « {} » a {free_rooms} bureaux libres", s.id),
                format!("structure `{}` has {free_rooms} free rooms", s.id),
            );
            let turn = move |p: &mut Programme, v: Option<i64>| {
                if let (Role::Extension { free_rooms, .. }, Some(n)) = (&mut p.sites[site.0 as usize].role, v)
                {
                    *free_rooms = n as u32;
                }
            };
            let pointer = "/problem/extensions".to_owned();
            out.push((room(pointer, label, free_rooms, Rule::Forced(site), turn), says));
        }
    }
    out
}

fn room(
    pointer: String,
    label: Text,
    rooms: u32,
    rule: Rule,
    turn: impl Fn(&mut Programme, Option<i64>) + 'static,
) -> Knob {
    let number = Number { from: i64::from(rooms), to: MOST_ROOMS, step: 1, unit: Unit::Rooms, per_unit: 1 };
    Knob { rule: AnyRule::Siting(rule), pointer, label, number: Some(number), turn: siting(turn) }
}

fn candidates(programme: &Programme) -> u64 {
    let candidate = |role: &Role| matches!(role, Role::Candidate { .. });
    programme.sites.iter().filter(|s| candidate(&s.role)).count() as u64
}

/// More posts than any plan can hold.
fn all_rooms(programme: &Programme) -> u64 {
    let rooms = |role: &Role| match role {
        Role::Practice { .. } => 0,
        Role::Extension { free_rooms, .. } => *free_rooms,
        Role::Candidate { types, .. } => types.iter().map(|t| programme.kind(*t).max_gps).max().unwrap_or(0),
    };
    programme.sites.iter().map(|s| u64::from(rooms(&s.role))).sum()
}

/// What decisions take of what a rule limits.
pub(super) fn needed(programme: &Programme, rule: Rule, staffed: &[Staffed]) -> Option<i64> {
    let opened = || staffed.iter().filter(|s| matches!(programme.site(s.site).role, Role::Candidate { .. }));
    match rule {
        Rule::Budget => Some(Plan { staffed: staffed.to_vec(), assignments: Vec::new() }.cost(programme).0),
        Rule::MaxNewSites => Some(opened().count() as i64),
        Rule::GpPool => Some(staffed.iter().map(|s| i64::from(s.gps)).sum()),
        Rule::Team(kind) => opened().filter(|s| s.kind == kind).map(|s| i64::from(s.gps)).min(),
        Rule::Forced(_) => None,
    }
}
