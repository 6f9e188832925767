//! Health programmes: years, structures, posts, pools, money, people, all counted again from the decisions.
//!
//! The decisions are those of the section `programme` of the result and of the table of assignments. Nothing is shared
//! with the code that made them but the words of the programme and the names of its goals.

mod bound;
mod duty;
mod fits;
mod goals;
mod ledger;
mod money;
mod people;
mod plan;
mod posts;
mod rules;
mod sessions;
mod standing;
mod structures;
mod supply;
mod world;

pub(crate) use fits::fits;

use crate::Verdict;
use crate::rows::Row;
use crate::sites::check_none;
use crate::status::has_plan;
use crate::violation::{Findings, Rule};
use ledger::Ledger;
use maillage_input::Text;
use maillage_programme::ResultRecord;
use maillage_programme::health::Health;
use maillage_territory::Territory;
use plan::Decisions;
use world::World;

/// Everything the result of a programme claims but its status.
pub(crate) fn check(
    territory: &Territory,
    health: &Health,
    record: &ResultRecord,
    rows: &[Row],
    found: &mut Findings,
) -> Verdict {
    let world = World::new(territory, health);
    let section = record.programme.as_ref().filter(|_| has_plan(record.status));
    let planned = section.is_some();
    if has_plan(record.status) && !planned {
        found.add(Rule::Programme, "result.json /programme", "—", "{…}");
    }
    if !has_plan(record.status) {
        check_none(record, found);
    }
    if record.certificate.is_some() {
        found.add(Rule::Facts, "result.json /certificate", "people-attached-cut", "—");
    }

    let plan = section.map_or_else(|| Decisions::none(&world), |s| plan::read(&world, s, found));
    let ledger = Ledger::new(&world, plan);
    let people = people::read(&ledger, rows, planned, found);
    people::check(&ledger, &people, planned, found);
    let mut payments = None;
    if let Some(section) = section {
        structures::check(&ledger, section, found);
        posts::check(&ledger, section, found);
        posts::check_side(&ledger, section, found);
        sessions::check(&ledger, found);
        duty::check(&ledger, section, found);
        rules::check(&ledger, &people, found);
        let all = money::check(&ledger, section, found);
        standing::check(&ledger, record, &people, &all[0], found);
        payments = Some(all);
    }
    let aims = goals::aims(&ledger, &people, payments.as_deref());
    let figures = standing::indicators(&ledger, &people, planned);
    Verdict { aims, figures, witness: None, proven: Vec::new(), trusted: trusted(planned) }
}

/// What only the run can know.
fn trusted(planned: bool) -> Vec<Text> {
    let today = Text::new(
        "état « before » : les lignes respectent toutes les règles ; qu'il n'y ait pas mieux n'est pas vérifié",
        "state `before`: the rows keep every rule; that none are better is not verified",
    );
    let side = Text::new(
        "valeur d'un recrutement de plus, ordre des ouvertures, coût d'un retard : sites et viviers existent, leurs valeurs viennent du calcul",
        "worth of one recruit more, order of openings, cost of a delay: sites and pools exist, their values come from the run",
    );
    if planned { vec![today, side] } else { vec![today] }
}
