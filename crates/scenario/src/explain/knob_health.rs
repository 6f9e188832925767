//! Rules of programmes over years as numbers that can be changed.

use super::knob::{AnyRule, Knob, Number};
use super::record::Unit;
use super::spot::without_forced;
use crate::health::calendar;
use crate::{Finished, Loaded};
use maillage_input::{Lang, Text};
use maillage_planning::HealthClash;
use maillage_programme::health::{
    CountWhat, Envelope, Funder, Health, HealthPlan, HealthRule, HealthTypeIx, Payer, Places, PoolIx, Rank,
    Standing, StructureKind, Tables, money,
};
use maillage_programme::{Hundredths, SiteIx, Task};
use maillage_territory::{Fte, Minutes, SiteId};
use std::collections::BTreeMap;

/// Most money that a scenario file may name.
const MOST_EUR: i64 = 1_000_000_000_000;
/// More posts than any programme recruits, in hundredths.
const MOST_POSTS: i64 = 1_000_000;
/// Most posts for each post that a file may name, in hundredths.
const MOST_RATIO: i64 = 100_000;

/// A change to a programme.
type Turn = Box<dyn Fn(&mut Health, Option<i64>)>;

/// The ways to loosen a rule.
pub(super) fn knobs(loaded: &Loaded, health: &Health, rule: HealthClash) -> Vec<Knob> {
    match rule {
        HealthClash::Rule(i) => of_rule(loaded, health, i),
        HealthClash::Team(kind) => team(health, kind),
        HealthClash::Pool(ix) => vec![pool(health, ix)],
        HealthClash::Owner => vec![owner(health)],
        HealthClash::Committed(site) => vec![committed(loaded, health, site)],
        HealthClash::Lead(kind) => vec![lead(loaded, health, kind)],
        HealthClash::Lever(lever) => {
            let ix = usize::from(lever.0);
            let id = &health.levers[ix].id;
            let label = Text::new(
                format!("ne plus exiger de date pour le levier « {id} »"),
                format!("ask for no date of lever `{id}`"),
            );
            let turn: Turn = Box::new(move |h, _| h.levers[ix].by = None);
            vec![knob(rule, format!("/problem/levers/{ix}/by_year"), label, None, turn)]
        }
    }
}

fn knob(rule: HealthClash, pointer: String, label: Text, number: Option<Number>, turn: Turn) -> Knob {
    let turn = Box::new(move |task: &mut Task, value| {
        if let Task::Health(health) = task {
            turn(health, value);
        }
    });
    Knob { rule: AnyRule::Health(rule), pointer, label, number, turn }
}

fn number(from: u32, to: i64, step: i64, unit: Unit, per_unit: i64) -> Number {
    Number { from: i64::from(from), to, step, unit, per_unit }
}

/// The numbers of a rule of the list.
fn of_rule(loaded: &Loaded, health: &Health, i: usize) -> Vec<Knob> {
    let mut out = Vec::new();
    let mut put = |key: &str, of: Text, number: Number, set: fn(&mut HealthRule, i64)| {
        let turn: Turn = Box::new(move |h, v| match v {
            Some(value) => set(&mut h.rules[i], value),
            None => h.rules[i] = nothing(),
        });
        let label = Text::new(format!("{} (règle {i})", of.fr), format!("{} (rule {i})", of.en));
        let pointer = format!("/problem/rules/{i}/{key}");
        out.push(knob(HealthClash::Rule(i), pointer, label, Some(number), turn));
    };
    let longest = i64::from(loaded.territory.travel.max().hundredths());
    let minutes = |from: Minutes, to: i64| {
        // Whole minutes from what the rule says.
        number(from.hundredths(), to, 100, Unit::Minutes, 100)
    };
    let (least_of, most_of) = (
        Text::new("le nombre minimal de structures", "the least structures"),
        Text::new("le nombre maximal de structures", "the most structures"),
    );
    let share = || Text::new("la part minimale des gens", "the least share of people");
    match &health.rules[i] {
        HealthRule::Count { least, most, .. } => {
            if let Some(n) = least {
                put("min", least_of, number(*n, 0, 1, Unit::Sites, 1), |r, v| {
                    if let HealthRule::Count { least, .. } = r {
                        *least = Some(v as u32);
                    }
                });
            }
            if let Some(n) = most {
                let all = i64::from(*n).max(health.sites.len() as i64);
                put("max", most_of, number(*n, all, 1, Unit::Sites, 1), |r, v| {
                    if let HealthRule::Count { most, .. } = r {
                        *most = Some(v as u32);
                    }
                });
            }
        }
        HealthRule::Exclusive { sites, most } => {
            let all = i64::from(*most).max(sites.len() as i64);
            put("max", most_of, number(*most, all, 1, Unit::Sites, 1), |r, v| {
                if let HealthRule::Exclusive { most, .. } = r {
                    *most = v as u32;
                }
            });
        }
        HealthRule::Spacing { least, .. } => {
            let apart = Text::new("l'écart entre structures", "the time between structures");
            put("apart_min", apart, minutes(*least, 0), |r, v| {
                if let HealthRule::Spacing { least, .. } = r {
                    *least = time(v);
                }
            });
        }
        HealthRule::Coverage { within, percent, .. } => {
            let near = Text::new("le temps d'accès", "the time within which people are");
            put("min_percent", share(), number(u32::from(*percent), 0, 1, Unit::Percent, 1), |r, v| {
                if let HealthRule::Coverage { percent, .. } = r {
                    *percent = v as u8;
                }
            });
            let number = minutes(*within, longest.max(i64::from(within.hundredths())));
            put("within_min", near, number, |r, v| {
                if let HealthRule::Coverage { within, .. } = r {
                    *within = time(v);
                }
            });
        }
        HealthRule::Posts { least, most, .. } => {
            let posts = |fr: &str, en: &str| {
                Text::new(format!("le nombre {fr} de postes"), format!("the {en} posts"))
            };
            if let Some(n) = least {
                put("min_fte", posts("minimal", "least"), number(*n, 0, 1, Unit::Fte, 100), |r, v| {
                    if let HealthRule::Posts { least, .. } = r {
                        *least = Some(v as u32);
                    }
                });
            }
            if let Some(n) = most {
                let to = i64::from(*n).max(MOST_POSTS);
                put("max_fte", posts("maximal", "most"), number(*n, to, 1, Unit::Fte, 100), |r, v| {
                    if let HealthRule::Posts { most, .. } = r {
                        *most = Some(v as u32);
                    }
                });
            }
        }
        HealthRule::Ratio { least, most, .. } => {
            let posts = |fr: &str, en: &str| Text::new(format!("le rapport {fr}"), format!("the {en} ratio"));
            if let Some(n) = least {
                put("min", posts("minimal", "least"), number(*n, 0, 1, Unit::PerPost, 100), |r, v| {
                    if let HealthRule::Ratio { least, .. } = r {
                        *least = Some(v as u32);
                    }
                });
            }
            if let Some(n) = most {
                let to = i64::from(*n).max(MOST_RATIO);
                put("max", posts("maximal", "most"), number(*n, to, 1, Unit::PerPost, 100), |r, v| {
                    if let HealthRule::Ratio { most, .. } = r {
                        *most = Some(v as u32);
                    }
                });
            }
        }
        HealthRule::Attached { percent, .. } => {
            put("min_percent", share(), number(u32::from(*percent), 0, 1, Unit::Percent, 1), |r, v| {
                if let HealthRule::Attached { percent, .. } = r {
                    *percent = v as u8;
                }
            });
        }
    }
    out
}

/// A rule that any plan keeps: others keep their places in the list.
fn nothing() -> HealthRule {
    HealthRule::Count {
        places: Places::All,
        types: Vec::new(),
        what: CountWhat::Open,
        least: None,
        most: None,
        years: (1, 1),
    }
}

fn time(hundredths: i64) -> Minutes {
    Minutes::from_hundredths(hundredths as u32)
}

/// The fewest posts of each kind in a team; of an MSP no fewer than the law says.
fn team(health: &Health, kind: HealthTypeIx) -> Vec<Knob> {
    let t = health.kind(kind);
    let k = usize::from(kind.0);
    let rank =
        |p: &maillage_programme::health::PostKind| health.professions[usize::from(p.profession.0)].rank;
    let floor = |i: usize| -> i64 {
        let law = match (t.kind, rank(&t.posts[i])) {
            (StructureKind::Msp, Rank::Gp) => 200,
            (StructureKind::Msp, Rank::Carer) => 100,
            _ => 0,
        };
        let others = t.posts.iter().enumerate().filter(|(j, p)| *j != i && rank(p) == rank(&t.posts[i]));
        let others: i64 = others.map(|(_, p)| i64::from(p.least.hundredths())).sum();
        (law - others).max(0)
    };
    let some = t.posts.iter().enumerate().filter(|(_, p)| p.least > Fte::default());
    let one = |(i, p): (usize, &maillage_programme::health::PostKind)| {
        let who = &health.professions[usize::from(p.profession.0)].id;
        let label = Text::new(
            format!("l'équipe minimale de « {} » en {who}", t.id),
            format!("the smallest team of `{}` in {who}", t.id),
        );
        let from = p.least.hundredths();
        let to = floor(i).min(i64::from(from));
        let turn: Turn = Box::new(move |h, v| match v {
            Some(value) => h.types[k].posts[i].least = Fte::from_hundredths(value as u32),
            None => h.types[k].posts.iter_mut().for_each(|p| p.least = Fte::default()),
        });
        let step = i64::from(p.step.hundredths().max(1));
        let pointer = format!("/problem/structure_types/{k}/posts/{i}/min_fte");
        knob(HealthClash::Team(kind), pointer, label, Some(number(from, to, step, Unit::Fte, 100)), turn)
    };
    some.map(one).collect()
}

/// A pool, every year by as much.
fn pool(health: &Health, ix: PoolIx) -> Knob {
    let i = usize::from(ix.0);
    let p = &health.pools[i];
    let from = p.by_year.first().map_or(0, |f| f.hundredths());
    let year = calendar(health, 1);
    let label = Text::new(
        format!("le vivier « {} » en {year}, et d'autant chaque année suivante,", p.id),
        format!("pool `{}` in {year}, and every later year by as much,", p.id),
    );
    let years = usize::from(health.years);
    let turn: Turn = Box::new(move |h, v| {
        let more = v.map_or(MOST_POSTS, |value| value - i64::from(from));
        let by_year = &mut h.pools[i].by_year;
        by_year.resize(years, Fte::default());
        by_year.iter_mut().for_each(|f| *f = Fte::from_hundredths((i64::from(f.hundredths()) + more) as u32));
    });
    let number = number(from, i64::from(from) + MOST_POSTS, 1, Unit::Fte, 100);
    knob(HealthClash::Pool(ix), format!("/problem/pools/{i}/fte_by_year"), label, Some(number), turn)
}

/// The first limit of an envelope: in all, else of the first year that has one.
fn first_limit(envelope: &Envelope) -> i64 {
    let by_year = envelope.by_year.iter().flatten().next().copied();
    envelope.total.or(by_year).unwrap_or_default().0
}

/// Every limit of an envelope by as much.
fn raise(envelope: &mut Envelope, by: i64) {
    envelope.total.iter_mut().for_each(|e| e.0 += by);
    envelope.by_year.iter_mut().flatten().for_each(|e| e.0 += by);
}

/// The envelope of each funder that has one, every limit by as much.
pub(super) fn envelopes(health: &Health) -> Vec<(Knob, Text)> {
    let limited = |e: &Envelope| e.total.is_some() || e.by_year.iter().any(Option::is_some);
    let one = |(i, funder): (usize, &Funder)| {
        let from = first_limit(&funder.envelope);
        let key = if funder.envelope.total.is_some() { "total_eur" } else { "by_year_eur" };
        let label = Text::new(
            format!("l'enveloppe « {} », en tout et par an,", funder.name.fr),
            format!("the envelope `{}`, in all and by year,", funder.name.en),
        );
        let turn: Turn = Box::new(move |h, v| {
            let envelope = &mut h.funders[i].envelope;
            match v {
                Some(value) => raise(envelope, value - from),
                None => *envelope = Envelope::default(),
            }
        });
        let says = Text::new(
            format!("« {} » ne donne pas plus que son enveloppe", funder.name.fr),
            format!("`{}` gives no more than its envelope", funder.name.en),
        );
        let number = Number { from, to: MOST_EUR.max(from), step: 1, unit: Unit::Eur, per_unit: 1 };
        let pointer = format!("/problem/funders/{i}/envelope/{key}");
        (knob(HealthClash::Owner, pointer, label, Some(number), turn), says)
    };
    health.funders.iter().enumerate().filter(|(_, f)| limited(&f.envelope)).map(one).collect()
}

/// What owners can pay, every limit by as much.
fn owner(health: &Health) -> Knob {
    let from = first_limit(&health.owner);
    let years = health.owner.by_year.iter().any(Option::is_some);
    let (pointer, label) = match (health.owner.total, years) {
        (Some(_), false) => {
            ("total_eur", Text::new("ce que les porteurs paient au plus", "the most that owners pay"))
        }
        (Some(_), true) => (
            "total_eur",
            Text::new(
                "ce que les porteurs paient au plus en tout, et d'autant chaque année,",
                "the most that owners pay in all, and every year by as much,",
            ),
        ),
        (None, _) => (
            "by_year_eur",
            Text::new(
                "ce que les porteurs paient au plus la première année limitée, et d'autant les autres,",
                "the most that owners pay in the first year with a limit, and in the others by as much,",
            ),
        ),
    };
    let turn: Turn = Box::new(move |h, v| match v {
        Some(value) => raise(&mut h.owner, value - from),
        None => h.owner = Envelope::default(),
    });
    let number = Number { from, to: MOST_EUR.max(from), step: 1, unit: Unit::Eur, per_unit: 1 };
    knob(HealthClash::Owner, format!("/problem/owner/{pointer}"), label, Some(number), turn)
}

/// What owners would need for a plan, on the scale of the first limit.
pub(super) fn owner_needs(health: &Health, plan: &HealthPlan) -> i64 {
    let mut excess = 0;
    for (i, future) in health.futures.iter().enumerate() {
        let tables = Tables::new(health, future);
        let mut by_year = vec![0; usize::from(health.years)];
        for row in money(health, &tables, plan, i).iter().filter(|r| r.payer == Payer::Owner) {
            by_year[usize::from(row.year) - 1] += row.euros.0;
        }
        for (year, paid) in health.planned().zip(&by_year) {
            excess = excess.max(health.owner.of(year).map_or(0, |limit| paid - limit.0));
        }
        let total: i64 = by_year.iter().sum();
        excess = excess.max(health.owner.total.map_or(0, |limit| total - limit.0));
    }
    first_limit(&health.owner) + excess
}

fn committed(loaded: &Loaded, health: &Health, site: SiteIx) -> Knob {
    let s = health.site(site);
    let name = &loaded.territory.place(s.main()).name;
    let label = Text::new(
        format!("renoncer à l'ouverture décidée à {name} ({})", s.id),
        format!("drop the settled opening at {name} ({})", s.id),
    );
    let pointer = loaded.forced.get(&site).cloned().unwrap_or_default();
    // What may open there by the rest of the file. A site with a name of its own stays what it is.
    let mut otherwise = s.types().to_vec();
    if pointer.starts_with("/problem/committed/") {
        let rest = without_forced(loaded, &loaded.territory.place(s.main()).id);
        let types = |task: &Task| match task {
            Task::Health(other) => Some(other.sites.iter().find(|o| o.id == s.id)?.types().to_vec()),
            _ => None,
        };
        otherwise = rest.and_then(|other| types(&other.task)).unwrap_or_default();
    }
    let turn: Turn = Box::new(move |h, _| {
        if let Standing::Candidate { committed, types, .. } = &mut h.sites[site.0 as usize].standing {
            *committed = None;
            types.clone_from(&otherwise);
        }
    });
    knob(HealthClash::Committed(site), pointer, label, None, turn)
}

/// How far a lead may be. Without a number it may be as far as the table of times reaches.
fn lead(loaded: &Loaded, health: &Health, kind: HealthTypeIx) -> Knob {
    let t = health.kind(kind);
    let k = usize::from(kind.0);
    let within = t.lead.as_ref().map_or(0, |l| l.within.hundredths());
    let longest = i64::from(loaded.territory.travel.max().hundredths()).max(i64::from(within));
    let label = Text::new(
        format!("le temps entre « {} » et ce dont elle dépend", t.id),
        format!("the time between `{}` and what it depends on", t.id),
    );
    let turn: Turn = Box::new(move |h, v| {
        if let Some(lead) = &mut h.types[k].lead {
            lead.within = time(v.unwrap_or(longest));
        }
    });
    let number = number(within, longest, 100, Unit::Minutes, 100);
    let pointer = format!("/problem/structure_types/{k}/lead/within_min");
    knob(HealthClash::Lead(kind), pointer, label, Some(number), turn)
}

/// One more room in every structure of each type that has less than a room left in some year of the first future.
pub(super) fn rooms(health: &Health, base: &Finished) -> Vec<(Knob, Text)> {
    let Some(record) = &base.record.programme else { return Vec::new() };
    let mut out = Vec::new();
    for (k, t) in health.types.iter().enumerate().filter(|(_, t)| t.rooms > 0) {
        let mut taken: BTreeMap<(&SiteId, u16), i64> = BTreeMap::new();
        let posts = record.futures.first().map_or(&[][..], |f| &f.posts);
        let ours =
            |id: &SiteId| record.structures.iter().any(|s| s.site_id == *id && s.structure_type == t.id);
        for row in posts.iter().filter(|row| ours(&row.site_id)) {
            let kind = t.posts.iter().find(|p| {
                health.professions[usize::from(p.profession.0)].id == row.profession && p.mode == row.mode
            });
            let rooms = kind.map_or(0, |p| i64::from(p.rooms));
            *taken.entry((&row.site_id, row.year)).or_default() += row.filled.0 * rooms / 100;
        }
        if !taken.values().any(|taken| i64::from(t.rooms) - taken < 100) {
            continue;
        }
        let label = Text::new(format!("les bureaux de « {} »", t.id), format!("the rooms of `{}`", t.id));
        let rooms = both(t.rooms);
        let says = Text::new(
            format!("une structure « {} » a {} bureaux, pris dans le plan", t.id, rooms[0]),
            format!("a structure `{}` has {} rooms, taken in the plan", t.id, rooms[1]),
        );
        let turn: Turn = Box::new(move |h, v| {
            let t = &mut h.types[k];
            t.rooms = v.map_or(t.rooms, |n| n as u32);
        });
        let number = number(t.rooms, i64::from(t.rooms) + 100, 100, Unit::Rooms, 100);
        let rule = HealthClash::Team(HealthTypeIx(k as u16));
        let pointer = format!("/problem/structure_types/{k}/rooms");
        out.push((knob(rule, pointer, label, Some(number), turn), says));
    }
    out
}

/// Hundredths as French and English write them.
fn both(hundredths: u32) -> [String; 2] {
    let h = Hundredths(i64::from(hundredths));
    [h.said(Lang::Fr), h.said(Lang::En)]
}
