//! Why one site is in or out.

use super::compare::{Plans, attached, decisions, outcome};
use super::record::{Decision, SiteExplanation};
use super::spot::{Spot, bans, forbidden, forced, forced_at};
use super::{Halt, Session};
use crate::{Finished, Loaded};
use maillage_input::{Lang, Text, grouped};
use maillage_programme::{Euros, Hundredths, Role, SiteIx, SiteStatus, Task};
use maillage_territory::{Minutes, PlaceIx, SiteId};

/// One more solve: with the site forbidden where the plan opens it, forced where it does not.
pub(super) fn explained(
    session: &mut Session<'_>,
    base: &Finished,
    spot: Spot,
) -> Result<SiteExplanation, Halt> {
    let loaded = session.loaded;
    let (id, place) = named(loaded, spot);
    let now = decisions(&base.record).into_iter().find(|d| d.site_id == id);
    let open = now.as_ref().is_some_and(|d| match &loaded.task {
        Task::Siting(_) => d.status != SiteStatus::Existing,
        _ => true,
    });
    let settled = matches!(spot, Spot::Site(ix) if loaded.forced.contains_key(&ix));
    let (instead, other, plans) = match spot {
        // Where the scenario forces it, plans without it are not plans of the scenario.
        Spot::Site(ix) if open => {
            let plans = if settled { Plans::Other } else { Plans::Fewer };
            ("forbidden", Some(forbidden(loaded, ix)), plans)
        }
        Spot::Site(ix) => ("forced", forced(loaded, ix), Plans::Fewer),
        Spot::Place(ix) => ("forced", forced_at(loaded, ix), Plans::Other),
    };
    let outcome = match other {
        Some(other) => Some(outcome(loaded, base, &session.solve(&other)?, plans)),
        None => None,
    };
    let at = loaded.territory.place(place);
    let mut facts = facts(loaded, base, spot, now.as_ref().filter(|_| open));
    if outcome.is_none() {
        facts.push(match &loaded.task {
            Task::Siting(_) => Text::new("le plan n'y ajoute aucun poste", "the plan adds no post to it"),
            _ => Text::new("le plan la ferme", "the plan closes it"),
        });
    }
    Ok(SiteExplanation {
        facts,
        site_id: id,
        code_commune: at.id.clone(),
        name: at.name.clone(),
        now: now.filter(|_| open),
        instead: if outcome.is_some() { instead } else { "nothing" },
        outcome,
    })
}

/// The identifier of a site, which it would have where there is none, and its main address.
fn named(loaded: &Loaded, spot: Spot) -> (SiteId, PlaceIx) {
    match (spot, &loaded.task) {
        (Spot::Site(ix), Task::Siting(programme)) => {
            let s = programme.site(ix);
            (s.id.clone(), s.place)
        }
        (Spot::Site(ix), Task::Health(health)) => {
            let s = health.site(ix);
            (s.id.clone(), s.main())
        }
        (Spot::Site(SiteIx(ix)), Task::Location(task)) => {
            let s = &task.sites[ix as usize].0;
            (s.id.clone(), s.place)
        }
        (Spot::Place(ix), _) => {
            let code = &loaded.territory.place(ix).id;
            // A prefix of letters makes a code an identifier of a site, unless it is as long as one can be.
            let id = SiteId::new(&format!("new-{code}")).or_else(|_| SiteId::new(code.as_str()));
            (id.expect("a code of a place is an identifier"), ix)
        }
    }
}

/// What is known of a site without solving anything.
fn facts(loaded: &Loaded, base: &Finished, spot: Spot, now: Option<&Decision>) -> Vec<Text> {
    let mut out = Vec::new();
    let (_, place) = named(loaded, spot);
    match spot {
        Spot::Site(ix) => out.extend(loaded.forced.get(&ix).map(|pointer| {
            Text::new(
                format!("le scénario l'impose ({pointer})"),
                format!("the scenario forces it ({pointer})"),
            )
        })),
        Spot::Place(_) => {
            let code = &loaded.territory.place(place).id;
            let ban = bans(loaded).iter().position(|id| id == code);
            out.push(match ban {
                Some(i) => Text::new(
                    format!("le scénario l'interdit (/problem/forbidden/{i})"),
                    format!("the scenario forbids it (/problem/forbidden/{i})"),
                ),
                None => Text::new(
                    "ce n'est pas un lieu candidat du scénario",
                    "it is not a candidate of the scenario",
                ),
            });
        }
    }
    match now {
        Some(decision) => {
            let record = base.record.sites.iter().find(|s| s.site_id == decision.site_id);
            if let Some((people, most)) = record.and_then(|s| Some((s.attached, s.capacity?))) {
                let say = |lang| (grouped(lang, people), grouped(lang, most));
                let (fr, en) = (say(Lang::Fr), say(Lang::En));
                out.push(Text::new(
                    format!("{} personnes sur sa liste, qui en tient {}", fr.0, fr.1),
                    format!("{} people on its list, which holds {}", en.0, en.1),
                ));
            }
        }
        None => {
            if let (Task::Siting(programme), Spot::Site(ix)) = (&loaded.task, spot)
                && let Role::Candidate { types, .. } = &programme.site(ix).role
            {
                let cost = |t: &maillage_programme::TypeIx| {
                    let t = programme.kind(*t);
                    t.opening_eur + t.per_gp_eur * t.min_gps
                };
                out.extend(price(
                    types.iter().map(cost).min(),
                    programme.limits.budget,
                    base.record.cost_eur,
                ));
            }
            out.extend(reach(loaded, base, place));
        }
    }
    out
}

/// The least that an opening costs, against the money that there is.
fn price(least: Option<Euros>, budget: Option<Euros>, spent: Option<Euros>) -> Option<Text> {
    let (least, budget, spent) = (least?, budget?, spent?);
    let left = budget - spent;
    let e = |lang, euros: Euros| grouped(lang, euros.0);
    Some(if least > budget {
        Text::new(
            format!(
                "le plus petit projet y coûte {} EUR, plus que tout le budget de {} EUR",
                e(Lang::Fr, least),
                e(Lang::Fr, budget)
            ),
            format!(
                "the smallest project there costs {} EUR, more than the whole budget of {} EUR",
                e(Lang::En, least),
                e(Lang::En, budget)
            ),
        )
    } else {
        Text::new(
            format!(
                "le plus petit projet y coûte {} EUR ; le plan laisse {} EUR du budget",
                e(Lang::Fr, least),
                e(Lang::Fr, left)
            ),
            format!(
                "the smallest project there costs {} EUR; the plan leaves {} EUR of the budget",
                e(Lang::En, least),
                e(Lang::En, left)
            ),
        )
    })
}

/// People who could go there, and how many of them are on no list in the plan.
fn reach(loaded: &Loaded, base: &Finished, to: PlaceIx) -> Option<Text> {
    let (people, within): (_, Minutes) = match &loaded.task {
        Task::Siting(programme) => (&programme.people, programme.max_time),
        Task::Health(health) => (&health.people[usize::from(health.years)], health.max_time),
        Task::Location(_) => return None,
    };
    let listed = attached(base);
    let (mut near, mut without) = (0, 0);
    for ((ix, place), people) in loaded.territory.iter().zip(people) {
        if loaded.territory.travel.minutes(ix, to).is_some_and(|t| t <= within) {
            near += people.0;
            without += people.0.saturating_sub(listed.get(&place.id).copied().unwrap_or(0));
        }
    }
    let minutes = Hundredths(i64::from(within.hundredths()));
    let say = |lang| (grouped(lang, near), minutes.said(lang), grouped(lang, without));
    let (fr, en) = (say(Lang::Fr), say(Lang::En));
    Some(Text::new(
        format!(
            "{} personnes à rattacher vivent à {} min au plus, dont {} sans liste dans le plan",
            fr.0, fr.1, fr.2
        ),
        format!(
            "{} people to attach live within {} min, of whom {} are on no list in the plan",
            en.0, en.1, en.2
        ),
    ))
}
