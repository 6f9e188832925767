//! Rules that clash, in words, with their numbers and their place in the scenario file.

use super::state::calendar;
use crate::Loaded;
use maillage_input::{Lang, Text, grouped, plural};
use maillage_planning::HealthClash;
use maillage_programme::Clash;
use maillage_programme::SiteIx;
use maillage_programme::health::{
    CountWhat, Envelope, Health, HealthRule, HealthTypeIx, Places, ProfessionIx, Standing,
};
use maillage_territory::Fte;

pub(crate) fn clash(loaded: &Loaded, health: &Health, rule: &HealthClash) -> Clash {
    let (name, pointer, text) = match *rule {
        HealthClash::Rule(i) => {
            let (name, text) = in_words(health, &health.rules[i]);
            (name, format!("/problem/rules/{i}"), text)
        }
        HealthClash::Team(kind) => {
            ("team", format!("/problem/structure_types/{}/posts", kind.0), team(health, kind))
        }
        HealthClash::Pool(pool) => {
            let p = &health.pools[usize::from(pool.0)];
            let years: Vec<String> = p.by_year.iter().map(|fte| fte.to_string()).collect();
            let (years, id) = (years.join(", "), &p.id);
            let text = Text::new(
                format!("le vivier « {id} » offre, par année, {} postes", years.replace('.', ",")),
                format!("pool `{id}` offers, by year, {years} posts"),
            );
            ("pool", format!("/problem/pools/{}", pool.0), text)
        }
        HealthClash::Owner => ("owner", "/problem/owner".to_owned(), owner(health)),
        HealthClash::Committed(site) => {
            let pointer = loaded.forced.get(&site).cloned().unwrap_or_default();
            ("committed", pointer, committed(loaded, health, site))
        }
        HealthClash::Lead(kind) => {
            ("lead", format!("/problem/structure_types/{}/lead", kind.0), lead(health, kind))
        }
        HealthClash::Lever(lever) => {
            let l = &health.levers[usize::from(lever.0)];
            let by = calendar(health, l.by.unwrap_or(health.years));
            let text = Text::new(
                format!("le levier « {} » démarre en {by} au plus tard", l.id),
                format!("lever `{}` starts by {by}", l.id),
            );
            ("lever", format!("/problem/levers/{}", lever.0), text)
        }
    };
    Clash { rule: name.to_owned(), pointer, text }
}

/// Hundredths as French and English write them.
fn both(hundredths: u32) -> [String; 2] {
    let en = Fte::from_hundredths(hundredths).to_string();
    [en.replace('.', ","), en]
}

fn team(health: &Health, kind: HealthTypeIx) -> Text {
    let t = health.kind(kind);
    let least = |lang: usize| {
        let posts = t.posts.iter().filter(|p| p.least > Fte::default());
        let one = posts.map(|p| {
            let id = &health.professions[usize::from(p.profession.0)].id;
            format!("{} {id}", both(p.least.hundredths())[lang])
        });
        one.collect::<Vec<_>>().join(", ")
    };
    Text::new(
        format!("une structure « {} » compte au moins {}", t.id, least(0)),
        format!("a structure `{}` has at least {}", t.id, least(1)),
    )
}

fn lead(health: &Health, kind: HealthTypeIx) -> Text {
    let t = health.kind(kind);
    let Some(rule) = &t.lead else { return Text::default() };
    let minutes = both(rule.within.hundredths());
    let practices = |word: &str| rule.practices.then(|| word.to_owned());
    let by = |word: &str| {
        let types = rule.types.iter().map(|k| health.kind(*k).id.to_string());
        types.chain(practices(word)).collect::<Vec<_>>().join(", ")
    };
    Text::new(
        format!(
            "une structure « {} » dépend d'un site à {} min au plus : {}",
            t.id,
            minutes[0],
            by("cabinets")
        ),
        format!("a structure `{}` depends on a site within {} min: {}", t.id, minutes[1], by("practices")),
    )
}

fn owner(health: &Health) -> Text {
    let Envelope { by_year, total } = &health.owner;
    let say = |lang: Lang, all: &str, in_year: &str| {
        let total = total.map(|e| format!("{all} {} EUR", grouped(lang, e.0)));
        let years = (1u8..).zip(by_year).filter_map(|(y, e)| {
            Some(format!("{in_year} {} {} EUR", calendar(health, y), grouped(lang, (*e)?.0)))
        });
        total.into_iter().chain(years).collect::<Vec<_>>().join(", ")
    };
    Text::new(
        format!("les porteurs paient au plus {}", say(Lang::Fr, "en tout", "en")),
        format!("owners pay at most {}", say(Lang::En, "in all", "in")),
    )
}

fn committed(loaded: &Loaded, health: &Health, ix: SiteIx) -> Text {
    let site = health.site(ix);
    let place = loaded.territory.place(site.main());
    let Standing::Candidate { types, committed: Some(settled), .. } = &site.standing else {
        return Text::default();
    };
    let kinds = match settled.kind {
        Some(kind) => health.kind(kind).id.to_string(),
        None => types.iter().map(|k| health.kind(*k).id.as_str()).collect::<Vec<_>>().join(", "),
    };
    let by = calendar(health, settled.by);
    Text::new(
        format!("une structure ouvre à {} ({}) en {by} au plus tard : {kinds}", place.name, site.id),
        format!("a structure opens at {} ({}) by {by}: {kinds}", place.name, site.id),
    )
}

/// A rule: its name in files, and a sentence.
fn in_words(health: &Health, rule: &HealthRule) -> (&'static str, Text) {
    let say = Words { health };
    match rule {
        HealthRule::Count { places, types, what, least, most, years } => {
            let (fr, en) = match what {
                CountWhat::Open => ("structures ouvertes", "open structures"),
                CountWhat::New => ("nouvelles structures", "new structures"),
                CountWhat::Opening => ("ouvertures dans l'année", "openings in the year"),
                CountWhat::Interns => {
                    ("structures qui accueillent des internes", "structures that take interns")
                }
            };
            let limits = limits(*least, *most, |n| [n.to_string(), n.to_string()]);
            let (of, at, when) = (say.types(types), say.places(places), say.years(*years));
            let text = Text::new(
                format!("{} {fr}{}{}{}", limits.fr, of.fr, at.fr, when.fr),
                format!("{} {en}{}{}{}", limits.en, of.en, at.en, when.en),
            );
            ("count", text)
        }
        HealthRule::Exclusive { sites, most } => {
            let ids = sites.iter().map(|s| health.site(*s).id.as_str()).collect::<Vec<_>>().join(", ");
            let n = u64::from(*most);
            let text = Text::new(
                format!("au plus {n} {} parmi {ids}", plural(Lang::Fr, n, "site ouvert", "sites ouverts")),
                format!("at most {n} open {} among {ids}", plural(Lang::En, n, "site", "sites")),
            );
            ("exclusive", text)
        }
        HealthRule::Spacing { types, least } => {
            let (of, [fr, en]) = (say.types(types), both(least.hundredths()));
            let text = Text::new(
                format!("au moins {fr} min entre structures{}", of.fr),
                format!("at least {en} min between structures{}", of.en),
            );
            ("spacing", text)
        }
        HealthRule::Coverage { places, types, practices, within, percent, years } => {
            let (of, at, when, [fr, en]) =
                (say.types(types), say.places(places), say.years(*years), both(within.hundredths()));
            let (or_fr, or_en) = if *practices { (" ou d'un cabinet", " or a practice") } else { ("", "") };
            let text = Text::new(
                format!(
                    "au moins {percent} % des gens{} à {fr} min au plus d'une structure{}{or_fr}{}",
                    at.fr, of.fr, when.fr
                ),
                format!(
                    "at least {percent}% of people{} within {en} min of a structure{}{or_en}{}",
                    at.en, of.en, when.en
                ),
            );
            ("coverage", text)
        }
        HealthRule::Posts { places, types, professions, least, most, years } => {
            let limits = limits(*least, *most, both);
            let (who, of, at, when) =
                (say.professions(professions), say.types(types), say.places(places), say.years(*years));
            let text = Text::new(
                format!("{} postes{who} dans les structures{}{}{}", limits.fr, of.fr, at.fr, when.fr),
                format!("{} posts{who} in structures{}{}{}", limits.en, of.en, at.en, when.en),
            );
            ("posts", text)
        }
        HealthRule::Ratio { types, of, per, least, most } => {
            let limits = limits(*least, *most, both);
            let (who, per, at) = (say.professions(of), say.professions(per), say.types(types));
            let text = Text::new(
                format!("{} postes{who} par poste{per} dans les structures{}", limits.fr, at.fr),
                format!("{} posts{who} per post{per} in structures{}", limits.en, at.en),
            );
            ("ratio", text)
        }
        HealthRule::Attached { places, percent, years } => {
            let (at, when) = (say.places(places), say.years(*years));
            let text = Text::new(
                format!("au moins {percent} % des gens{} sur une liste{}", at.fr, when.fr),
                format!("at least {percent}% of people{} on a list{}", at.en, when.en),
            );
            ("attached", text)
        }
    }
}

/// "at least … and at most …".
fn limits(least: Option<u32>, most: Option<u32>, number: impl Fn(u32) -> [String; 2]) -> Text {
    let mut fr = Vec::new();
    let mut en = Vec::new();
    if let Some([f, e]) = least.map(&number) {
        fr.push(format!("au moins {f}"));
        en.push(format!("at least {e}"));
    }
    if let Some([f, e]) = most.map(&number) {
        fr.push(format!("au plus {f}"));
        en.push(format!("at most {e}"));
    }
    Text::new(fr.join(" et "), en.join(" and "))
}

/// Parts of a sentence about a rule.
struct Words<'a> {
    health: &'a Health,
}

impl Words<'_> {
    fn types(&self, types: &[HealthTypeIx]) -> Text {
        let ids = types.iter().map(|t| self.health.kind(*t).id.as_str()).collect::<Vec<_>>().join(", ");
        if ids.is_empty() { Text::default() } else { Text::new(format!(" ({ids})"), format!(" ({ids})")) }
    }

    fn professions(&self, professions: &[ProfessionIx]) -> String {
        let ids = professions.iter().map(|p| self.health.professions[usize::from(p.0)].id.as_str());
        let ids = ids.collect::<Vec<_>>().join(", ");
        if ids.is_empty() { String::new() } else { format!(" ({ids})") }
    }

    fn places(&self, places: &Places) -> Text {
        let Places::Some(places) = places else { return Text::default() };
        let n = places.len() as u64;
        let word = |lang, one, many| format!("{} {}", grouped(lang, n), plural(lang, n, one, many));
        Text::new(
            format!(" dans {}", word(Lang::Fr, "lieu", "lieux")),
            format!(" in {}", word(Lang::En, "place", "places")),
        )
    }

    fn years(&self, (first, last): (u8, u8)) -> Text {
        let (a, b) = (calendar(self.health, first), calendar(self.health, last));
        if a == b {
            return Text::new(format!(" en {a}"), format!(" in {a}"));
        }
        Text::new(format!(" de {a} à {b}"), format!(" from {a} to {b}"))
    }
}
