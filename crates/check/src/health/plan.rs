//! What a result says was decided, read out of its section `programme`.

use super::world::World;
use crate::violation::{Findings, Rule, or_dash};
use maillage_programme::health::{FutureRecord, HealthRecord, PostRecord, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// The decisions of a plan, by places in the lists of the programme.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    /// Type and year, by site.
    pub openings: BTreeMap<usize, (usize, usize)>,
    /// Year, by site.
    pub closings: BTreeMap<usize, usize>,
    /// Year, by lever.
    pub levers: BTreeMap<usize, usize>,
    /// Duty points.
    pub duty: BTreeSet<usize>,
    /// One per future.
    pub courses: Vec<Course>,
}

impl Decisions {
    /// Nothing decided.
    pub fn none(world: &World<'_>) -> Decisions {
        Decisions { courses: vec![Course::default(); world.futures().len()], ..Decisions::default() }
    }
}

/// What is done in one future.
#[derive(Debug, Default, Clone)]
pub(super) struct Course {
    /// Where the future stands in the record.
    pub listed: Option<usize>,
    /// Steps by site, kind of post and year.
    pub hires: BTreeMap<(usize, usize, usize), i128>,
    /// Weekly sessions by site, lead and year.
    pub sessions: BTreeMap<(usize, usize, usize), i128>,
    /// Which row of posts speaks of a site, kind of post and year.
    pub rows: BTreeMap<(usize, usize, usize), usize>,
}

/// A field of the section.
pub(super) fn at(field: impl std::fmt::Display) -> String {
    format!("result.json /programme/{field}")
}

/// A field of a future.
pub(super) fn in_future(listed: Option<usize>, field: impl std::fmt::Display) -> String {
    listed.map_or_else(|| at("futures"), |f| at(format!("futures/{f}/{field}")))
}

/// Reads the decisions. What cannot be read is recorded and left out.
pub(super) fn read(world: &World<'_>, record: &HealthRecord, found: &mut Findings) -> Decisions {
    let join =
        |years: &mut dyn Iterator<Item = u16>| years.map(|y| y.to_string()).collect::<Vec<_>>().join(", ");
    let wanted = join(&mut world.planned().map(|y| world.calendar(y)));
    found.equal(Rule::Years, at("years"), join(&mut record.years.iter().copied()), wanted);
    let mut plan = Decisions::none(world);
    read_structures(world, record, &mut plan, found);
    read_levers(world, record, &mut plan, found);
    for (i, id) in record.duty.iter().enumerate() {
        match world.site(id) {
            None => found.add(Rule::UnknownName, at(format!("duty/{i}")), id, "—"),
            Some(site) if !plan.duty.insert(site) => {
                found.add(Rule::Twice, at(format!("duty/{i}")), id, "1 ×")
            }
            Some(_) => {}
        }
    }
    read_futures(world, record, &mut plan, found);
    plan
}

/// Openings and closings.
fn read_structures(world: &World<'_>, record: &HealthRecord, plan: &mut Decisions, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (i, claim) in record.structures.iter().enumerate() {
        let at = |field: &str| at(format!("structures/{i}/{field}"));
        let Some(site) = world.site(&claim.site_id).filter(|s| !world.is_practice(*s)) else {
            found.add(Rule::UnknownName, at("site_id"), &claim.site_id, "—");
            continue;
        };
        if !seen.insert(site) {
            found.add(Rule::Twice, at("site_id"), &claim.site_id, "1 ×");
            continue;
        }
        let mut year = |field: &str, calendar: u16| {
            let year = world.planned_year(calendar);
            if year.is_none() {
                found.add(Rule::Years, at(field), calendar, world.years_in_words());
            }
            year
        };
        let opens = claim.opens.and_then(|y| year("opens", y));
        let closes = claim.closes.and_then(|y| year("closes", y));
        match &world.spec(site).standing {
            Standing::Candidate { .. } => {
                let kind = world.health.types.iter().position(|t| t.id == claim.structure_type);
                plan.openings.extend(kind.zip(opens).map(|opening| (site, opening)));
                if claim.opens.is_none() {
                    found.add(Rule::Opening, at("opens"), "—", world.years_in_words());
                }
            }
            Standing::Existing(_) => plan.closings.extend(closes.map(|y| (site, y))),
            Standing::Practice => {}
        }
    }
    for site in world.sites().filter(|s| world.existing(*s).is_some() && !seen.contains(s)) {
        found.add(Rule::Missing, at("structures"), "—", world.id(site));
    }
}

fn read_levers(world: &World<'_>, record: &HealthRecord, plan: &mut Decisions, found: &mut Findings) {
    for (i, claim) in record.levers.iter().enumerate() {
        let at = |field: &str| at(format!("levers/{i}/{field}"));
        let Some(lever) = world.health.levers.iter().position(|l| l.id == claim.lever) else {
            found.add(Rule::UnknownName, at("lever"), &claim.lever, "—");
            continue;
        };
        let Some(year) = world.planned_year(claim.starts) else {
            found.add(Rule::Years, at("starts"), claim.starts, world.years_in_words());
            continue;
        };
        if plan.levers.insert(lever, year).is_some() {
            found.add(Rule::Twice, at("lever"), &claim.lever, "1 ×");
        }
    }
}

fn read_futures(world: &World<'_>, record: &HealthRecord, plan: &mut Decisions, found: &mut Findings) {
    let timeline = super::ledger::timeline(world, plan);
    for (i, claim) in record.futures.iter().enumerate() {
        let at = |field: &str| at(format!("futures/{i}/{field}"));
        let Some(future) = world.health.futures.iter().position(|f| f.id == claim.future) else {
            found.add(Rule::UnknownName, at("future"), &claim.future, "—");
            continue;
        };
        if plan.courses[future].listed.is_some() {
            found.add(Rule::Twice, at("future"), &claim.future, "1 ×");
            continue;
        }
        let percent = world.future(future).probability_percent;
        found.equal(Rule::Facts, at("probability_percent"), claim.probability_percent, percent);
        let mut course = Course { listed: Some(i), ..Course::default() };
        read_posts(world, &timeline, future, claim, &mut course, found);
        read_sessions(world, claim, &mut course, found);
        plan.courses[future] = course;
    }
    for future in world.futures().filter(|f| plan.courses[*f].listed.is_none()) {
        found.add(Rule::Missing, at("futures"), "—", &world.future(future).id);
    }
}

/// Steps of posts. Only a structure that works may open any, and none that may close.
fn read_posts(
    world: &World<'_>,
    timeline: &[Vec<Option<usize>>],
    future: usize,
    claim: &FutureRecord,
    course: &mut Course,
    found: &mut Findings,
) {
    for (i, row) in claim.posts.iter().enumerate() {
        let at = |field: &str| in_future(course.listed, format!("posts/{i}/{field}"));
        let Some(site) = world.site(&row.site_id).filter(|s| !world.is_practice(*s)) else {
            found.add(Rule::UnknownName, at("site_id"), &row.site_id, "—");
            continue;
        };
        let Some(year) = world.planned_year(row.year) else {
            found.add(Rule::Years, at("year"), row.year, world.years_in_words());
            continue;
        };
        let refused = world.future(future).refused.iter().any(|s| s.0 as usize == site);
        let Some(kind) = timeline[year][site].filter(|_| !refused) else {
            found.add(Rule::PostWhere, at("site_id"), format!("{} ({})", row.site_id, row.year), "—");
            continue;
        };
        let Some(post) = post_of(world, kind, row) else {
            found.add(Rule::UnknownName, at("profession"), &row.profession, "—");
            continue;
        };
        if course.rows.insert((site, post, year), i).is_some() {
            found.add(Rule::Twice, at("profession"), format!("{} {}", row.site_id, row.profession), "1 ×");
            continue;
        }
        let step = i64::from(world.kind(kind).posts[post].step.hundredths());
        let steps = row.hired.0 / step;
        if row.hired.0 % step != 0 || u32::try_from(steps).is_err() {
            let step = world.kind(kind).posts[post].step;
            found.add(Rule::PostSteps, at("hired"), row.hired, format!("0, {step}, 2 × {step}, …"));
            continue;
        }
        let may_close = matches!(&world.spec(site).standing, Standing::Existing(e) if e.may_close);
        if steps > 0 && may_close {
            found.add(Rule::PostWhere, at("hired"), row.hired, 0);
        } else if steps > 0 {
            course.hires.insert((site, post, year), i128::from(steps));
        }
    }
}

fn post_of(world: &World<'_>, kind: usize, row: &PostRecord) -> Option<usize> {
    let named = |p: usize| world.health.professions[p].id == row.profession;
    world.kind(kind).posts.iter().position(|p| p.mode == row.mode && named(usize::from(p.profession.0)))
}

fn read_sessions(world: &World<'_>, claim: &FutureRecord, course: &mut Course, found: &mut Findings) {
    for (i, row) in claim.sessions.iter().enumerate() {
        let at = |field: &str| in_future(course.listed, format!("sessions/{i}/{field}"));
        let (site, lead) = (world.site(&row.site_id), world.site(&row.lead));
        for (field, id, known) in [("site_id", &row.site_id, site), ("lead", &row.lead, lead)] {
            if known.is_none() {
                found.add(Rule::UnknownName, at(field), id, or_dash::<u8>(None));
            }
        }
        let year = world.planned_year(row.year);
        if year.is_none() {
            found.add(Rule::Years, at("year"), row.year, world.years_in_words());
        }
        let (Some(site), Some(lead), Some(year)) = (site, lead, year) else { continue };
        if course.sessions.insert((site, lead, year), i128::from(row.sessions)).is_some() {
            found.add(Rule::Twice, at("site_id"), &row.site_id, "1 ×");
        }
    }
}
