//! What each rule costs: the scenario solved without it, then with one more unit of what it limits.

use super::compare::{Plans, outcome};
use super::knob::{AnyRule, Knob, in_words, knobs, rules};
use super::record::{Figure, OneMore, Outcome, Price, Unit};
use super::spot::{bans, lifted};
use super::{Halt, Session};
use super::{knob_health, knob_siting};
use crate::{Finished, Loaded};
use maillage_input::Text;
use maillage_planning::{HealthClash, Rule};
use maillage_programme::health::FutureRecord;
use maillage_programme::{Clash, Hundredths, Programme, Role, SiteIx, SiteStatus, Task, TypeIx};

/// Every rule, ban and full room in turn; what is done when the user stops stays.
pub(super) fn priced(
    session: &mut Session<'_>,
    base: &Finished,
    step_eur: u32,
    out: &mut Vec<Price>,
) -> Result<(), Halt> {
    let loaded = session.loaded;
    for rule in rules(&loaded.task) {
        let knobs = knobs(loaded, rule);
        let Some(first) = knobs.first() else { continue };
        // A lead gives sessions too: without it there would be less, not more.
        let lead = matches!(rule, AnyRule::Health(HealthClash::Lead(_)));
        let without = if lead { None } else { Some(turned(session, base, first, None)?) };
        let free = without.as_ref().is_some_and(is_free);
        let one_more = match knobs.iter().find(|k| k.number.is_some()) {
            Some(knob) if !free => one_more(session, base, knob, step_eur)?,
            _ => None,
        };
        out.push(Price { rule: in_words(loaded, rule), left: left(loaded, base, rule), without, one_more });
    }
    for i in 0..bans(loaded).len() {
        let found = match lifted(loaded, i) {
            Some(other) => session.solve(&other)?,
            // Nothing could open there anyway: the same scenario.
            None => base.clone(),
        };
        let without = outcome(loaded, base, &found, Plans::More);
        out.push(Price { rule: ban(loaded, i), left: None, without: Some(without), one_more: None });
    }
    let rooms = match &loaded.task {
        Task::Siting(programme) => knob_siting::rooms(programme, &staffed(programme, base)),
        Task::Health(health) => knob_health::rooms(health, base),
        Task::Location(_) => Vec::new(),
    };
    let envelopes = match &loaded.task {
        Task::Health(health) => knob_health::envelopes(health),
        _ => Vec::new(),
    };
    let named = |name: &'static str| move |(knob, says): (Knob, Text)| (name, knob, says);
    for (name, knob, says) in
        rooms.into_iter().map(named("rooms")).chain(envelopes.into_iter().map(named("envelope")))
    {
        let Some(more) = one_more(session, base, &knob, step_eur)? else { continue };
        let rule = Clash { rule: name.to_owned(), pointer: knob.pointer.clone(), text: says };
        out.push(Price { rule, left: None, without: None, one_more: Some(more) });
    }
    Ok(())
}

/// Whether it is proven that a rule costs nothing, whatever the goal.
pub(super) fn is_free(without: &Outcome) -> bool {
    !without.goals.is_empty() && without.goals.iter().all(|d| d.is_exact() && d.difference.0 == 0)
}

fn turned(
    session: &mut Session<'_>,
    base: &Finished,
    knob: &Knob,
    value: Option<i64>,
) -> Result<Outcome, Halt> {
    let task = knob.turned(&session.loaded.task, value);
    let plans = plans(&session.loaded.task, &task, knob.rule);
    let found = session.solve_task(task)?;
    Ok(outcome(session.loaded, base, &found, plans))
}

/// A loosened rule lets more plans through. Not so team minima on which grants depend, and forced sites that are no
/// candidates of these types: they are gone.
fn plans(task: &Task, loosened: &Task, rule: AnyRule) -> Plans {
    let kept = match (task, loosened, rule) {
        (Task::Health(health), _, AnyRule::Health(HealthClash::Team(_))) => {
            health.funders.iter().flat_map(|f| &f.rules).all(|r| r.least_posts == 0)
        }
        (Task::Health(now), Task::Health(then), AnyRule::Health(HealthClash::Committed(site))) => {
            now.site(site).types().iter().all(|k| then.site(site).types().contains(k))
        }
        (Task::Siting(now), Task::Siting(then), AnyRule::Siting(Rule::Forced(site))) => {
            match (&now.site(site).role, &then.site(site).role) {
                (Role::Candidate { types, .. }, Role::Candidate { types: left, .. }) => {
                    types.iter().all(|k| left.contains(k))
                }
                _ => true,
            }
        }
        _ => true,
    };
    if kept { Plans::More } else { Plans::Other }
}

fn one_more(
    session: &mut Session<'_>,
    base: &Finished,
    knob: &Knob,
    step_eur: u32,
) -> Result<Option<OneMore>, Halt> {
    let Some(number) = knob.number.filter(|n| n.steps() > 0) else { return Ok(None) };
    let wanted = if number.unit == Unit::Eur { i64::from(step_eur) } else { number.per_unit };
    let steps = (wanted / number.step).clamp(1, number.steps());
    let value = Some(number.after(steps));
    Ok(Some(OneMore { change: knob.change(value), outcome: turned(session, base, knob, value)? }))
}

/// What the plan leaves of what a rule limits.
fn left(loaded: &Loaded, base: &Finished, rule: AnyRule) -> Option<Figure> {
    if let (Task::Health(health), AnyRule::Health(HealthClash::Owner)) = (&loaded.task, rule) {
        let paid = |f: &FutureRecord| -> i64 {
            f.money.iter().filter(|row| row.payer == "owner").map(|row| row.euros.0).sum()
        };
        let most = base.record.programme.as_ref()?.futures.iter().map(paid).max()?;
        return Some(Figure { value: Hundredths::whole(health.owner.total?.0 - most), unit: Unit::Eur });
    }
    let (Task::Siting(programme), AnyRule::Siting(rule)) = (&loaded.task, rule) else { return None };
    let limits = programme.limits;
    let staffed = staffed(programme, base);
    let (value, unit) = match rule {
        Rule::Budget => (limits.budget?.0 - base.record.cost_eur?.0, Unit::Eur),
        Rule::MaxNewSites => {
            let opened = base.record.sites.iter().filter(|s| s.status == SiteStatus::Opened).count();
            (i64::from(limits.max_new_sites?) - opened as i64, Unit::Sites)
        }
        Rule::GpPool => {
            let posts: i64 = staffed.iter().map(|s| i64::from(s.2)).sum();
            (i64::from(limits.gp_pool?) - posts, Unit::Gps)
        }
        Rule::Team(_) | Rule::Forced(_) => return None,
    };
    Some(Figure { value: Hundredths::whole(value), unit })
}

/// Posts of the plan, by site.
fn staffed(programme: &Programme, base: &Finished) -> Vec<(SiteIx, TypeIx, u32)> {
    let decided = base.record.sites.iter().filter(|s| s.status != SiteStatus::Existing);
    let one = |s: &maillage_programme::SiteRecord| {
        let site = programme.sites().find(|(_, other)| other.id == s.site_id)?.0;
        let kind = programme.types.iter().position(|t| Some(&t.id) == s.structure_type.as_ref())?;
        Some((site, TypeIx(kind as u16), u32::try_from(s.gps.0 / 100).ok()?))
    };
    decided.filter_map(one).collect()
}

fn ban(loaded: &Loaded, i: usize) -> Clash {
    let code = &bans(loaded)[i];
    let name = loaded.territory.ix(code).map_or("", |ix| loaded.territory.place(ix).name.as_str());
    Clash {
        rule: "forbidden-site".to_owned(),
        pointer: format!("/problem/forbidden/{i}"),
        text: Text::new(
            format!("aucune structure à {name} ({code})"),
            format!("no structure at {name} ({code})"),
        ),
    }
}
