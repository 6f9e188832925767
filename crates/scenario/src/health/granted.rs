//! What a health programme takes for granted: what its result repeats in words.

use maillage_input::Text;
use maillage_programme::health::{Behaviour, Health, PostKind, Standing};

pub(crate) fn assumptions(health: &Health) -> Vec<Text> {
    let mut out = Vec::new();
    let mut say = |is: bool, fr: &str, en: &str| {
        if is {
            out.push(Text::new(fr, en));
        }
    };
    let any = |has: fn(&PostKind) -> bool| health.types.iter().flat_map(|t| &t.posts).any(has);
    say(
        any(|p| p.attrition_percent > 0),
        "départs de recrutés : une part moyenne des postes chaque année, sans hasard",
        "attrition of recruits: a mean share of posts each year, without chance",
    );
    say(
        any(|p| !p.ramp.is_empty()),
        "montée en charge des recrutés : la même pour tous",
        "ramp-up of recruits: the same for all",
    );
    let today =
        "sur les listes d'aujourd'hui, les gens sont répartis au mieux : qui suit qui n'est pas connu";
    let lists =
        "people are assigned to the lists of today as well as can be: who is on whose list is not known";
    say(
        health.attachments_kept,
        &format!("{today} ; ils y restent tant qu'il y a de la place"),
        &format!("{lists}; they stay as long as there is room"),
    );
    say(
        !health.attachments_kept,
        "chacun peut changer de médecin chaque année",
        "everyone may change GP every year",
    );
    say(
        health.behaviour == Behaviour::Fill,
        "les gens vont là où il reste de la place, jusqu'au temps de trajet maximal",
        "people go wherever there is room, up to the longest trip",
    );
    say(
        health.behaviour == Behaviour::Nearest,
        "les gens vont à la liste ouverte la plus proche, ou à aucune",
        "people go to the nearest open list, or to none",
    );
    say(
        matches!(health.behaviour, Behaviour::Decay(_)),
        "part des gens qui acceptent un long trajet : la même partout",
        "share of people who accept a long trip: the same everywhere",
    );
    say(
        health.access.is_some(),
        "APL : actes des postes comme le scénario les donne, besoins et habitants d'aujourd'hui toutes les années",
        "APL: acts of posts as the scenario gives them, needs and inhabitants of today in every year",
    );
    say(
        health.sites.iter().any(|s| matches!(s.standing, Standing::Existing(_))),
        "postes des structures existantes : ceux que le scénario donne, stables, en plus des médecins de la table des lieux",
        "posts of existing structures: those the scenario gives, steady, besides the GPs of the table of places",
    );
    say(
        health.futures.len() > 1,
        "avenirs possibles et leurs probabilités : choisis, non mesurés",
        "possible futures and their probabilities: chosen, not measured",
    );
    out
}
