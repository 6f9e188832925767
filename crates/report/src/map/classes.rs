//! Which colour class a place falls in, for each indicator of the map.

use crate::figures::{Figures, PlaceFigures};
use crate::words::Words;

/// An indicator that communes can be coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shade {
    /// Share of people attached, before (0) or after (1).
    Attached(usize),
    /// Change of that share.
    Change,
    /// Minutes to the nearest open site, before or after.
    Minutes(usize),
    /// Accessibility (APL), before or after.
    Apl(usize),
    /// People, where nothing else is known.
    People,
}

/// Class of places where nobody in scope lives.
pub(crate) const NOBODY: char = 'n';
/// Class of places that reach no site.
pub(crate) const UNREACHED: char = 'u';

/// One line of a legend.
#[derive(Debug, Clone)]
pub(crate) struct LegendRow {
    /// Class.
    pub class: char,
    /// In words.
    pub label: String,
    /// People of the territory itself who live in places of this class.
    pub people: String,
}

/// One indicator of the map with its legend.
#[derive(Debug, Clone)]
pub(crate) struct Legend {
    /// Name in the page.
    pub id: &'static str,
    /// In words.
    pub label: String,
    /// Colours.
    pub palette: &'static str,
    /// Classes that occur or are needed to read the scale.
    pub rows: Vec<LegendRow>,
}

impl Shade {
    /// The indicators that have a meaning here; the first is shown first.
    pub fn all(figures: &Figures) -> Vec<Shade> {
        let mut all = Vec::new();
        if figures.lists {
            if figures.after {
                all.push(Shade::Attached(1));
            }
            all.push(Shade::Attached(0));
            if figures.after {
                all.push(Shade::Change);
            }
        }
        if figures.after {
            all.push(Shade::Minutes(1));
        }
        if figures.before {
            all.push(Shade::Minutes(0));
        }
        let measured = |s: usize| figures.places.iter().any(|f| f.apl[s].is_some());
        all.extend([1, 0].into_iter().filter(|&s| (s == 0 || figures.after) && measured(s)).map(Shade::Apl));
        if all.is_empty() {
            all.push(Shade::People);
        }
        all
    }

    fn id(self) -> &'static str {
        match self {
            Shade::Attached(0) => "attached-before",
            Shade::Attached(_) => "attached-after",
            Shade::Change => "attached-change",
            Shade::Minutes(0) => "minutes-before",
            Shade::Minutes(_) => "minutes-after",
            Shade::Apl(0) => "apl-before",
            Shade::Apl(_) => "apl-after",
            Shade::People => "people",
        }
    }

    fn label(self, w: Words) -> String {
        match self {
            Shade::Attached(0) => w.t("Personnes rattachées, avant", "People attached, before"),
            Shade::Attached(_) => w.t("Personnes rattachées, après", "People attached, after"),
            Shade::Change => w.t("Personnes rattachées, évolution", "People attached, change"),
            Shade::Apl(0) => w.t("Accessibilité (APL), avant", "Accessibility (APL), before"),
            Shade::Apl(_) => w.t("Accessibilité (APL), après", "Accessibility (APL), after"),
            Shade::People => w.t("Personnes comptées", "People counted"),
            Shade::Minutes(0) => {
                w.t("Trajet au site le plus proche, avant", "Time to the nearest site, before")
            }
            Shade::Minutes(_) => {
                w.t("Trajet au site le plus proche, après", "Time to the nearest site, after")
            }
        }
    }

    fn palette(self) -> &'static str {
        match self {
            Shade::Attached(_) | Shade::Apl(_) => "share",
            Shade::Change => "change",
            Shade::Minutes(_) | Shade::People => "time",
        }
    }

    /// The class of a place.
    pub fn class(self, f: &PlaceFigures) -> char {
        if f.people == 0 {
            return NOBODY;
        }
        let share = |s: usize| (f.attached[s] as f64 / f.people as f64 * 100.0).min(100.0);
        let n = match self {
            Shade::Attached(s) if f.attached[s] == 0 => 0,
            Shade::Attached(s) if f.attached[s] >= f.people => 5,
            Shade::Attached(s) => 1 + [50.0, 75.0, 90.0].iter().filter(|&&limit| share(s) >= limit).count(),
            Shade::Change => {
                let points = share(1) - share(0);
                [-20.0, -1.0].iter().filter(|&&limit| points > limit).count()
                    + [1.0, 20.0, 50.0].iter().filter(|&&limit| points >= limit).count()
            }
            Shade::Minutes(s) => match f.nearest[s] {
                None => return UNREACHED,
                Some(t) => [500, 1000, 1500, 2000, 3000].iter().filter(|&&h| t.hundredths() > h).count(),
            },
            Shade::Apl(s) => match f.apl[s] {
                None => return UNREACHED,
                // DREES and zonings cut at 2.5 and 4, themselves included below.
                Some(apl) => [150, 250, 325, 400, 500].iter().filter(|&&h| apl.0 > h).count(),
            },
            Shade::People => [200, 500, 1000, 3000, 10_000].iter().filter(|&&n| f.people >= n).count(),
        };
        char::from(b'0' + n as u8)
    }

    /// The words of classes 0 to 5.
    fn names(self, w: Words) -> [String; 6] {
        match self {
            Shade::Attached(_) => [
                w.t("aucune", "nobody"),
                w.t("moins de 50 %", "below 50%"),
                w.t("50 à 75 %", "50 to 75%"),
                w.t("75 à 90 %", "75 to 90%"),
                w.t("90 à moins de 100 %", "90 to under 100%"),
                w.t("tous", "everyone"),
            ],
            Shade::Change => [
                w.t("recul de 20 points et plus", "down by 20 points or more"),
                w.t("recul", "down"),
                w.t("stable (± 1 point)", "stable (± 1 point)"),
                w.t("hausse", "up"),
                w.t("hausse de 20 points et plus", "up by 20 points or more"),
                w.t("hausse de 50 points et plus", "up by 50 points or more"),
            ],
            Shade::Minutes(_) => [
                w.t("5 min ou moins", "5 min or less"),
                "5–10 min".to_owned(),
                "10–15 min".to_owned(),
                "15–20 min".to_owned(),
                "20–30 min".to_owned(),
                w.t("plus de 30 min", "over 30 min"),
            ],
            Shade::Apl(_) => [
                w.t("1,5 ou moins", "1.5 or less"),
                w.t("1,5 à 2,5", "1.5 to 2.5"),
                w.t("2,5 à 3,25", "2.5 to 3.25"),
                w.t("3,25 à 4", "3.25 to 4"),
                w.t("4 à 5", "4 to 5"),
                w.t("plus de 5", "over 5"),
            ],
            Shade::People => [
                w.t("moins de 200", "below 200"),
                w.t("200 à 500", "200 to 500"),
                w.t("500 à 1 000", "500 to 1,000"),
                w.t("1 000 à 3 000", "1,000 to 3,000"),
                w.t("3 000 à 10 000", "3,000 to 10,000"),
                w.t("10 000 et plus", "10,000 and more"),
            ],
        }
    }

    /// Its legend, with the people of each class.
    pub fn legend(self, w: Words, figures: &Figures) -> Legend {
        let people = |class: char| -> (u64, usize) {
            let of = figures.places.iter().filter(|f| self.class(f) == class);
            of.fold((0, 0), |(sum, n), f| (sum + if f.core { f.people } else { 0 }, n + 1))
        };
        let row = |class: char, label: String| {
            let n = people(class).0;
            let text = w.count(n, ("personne", "personnes"), ("person", "people"));
            LegendRow { class, label, people: if class == NOBODY { String::new() } else { text } }
        };
        let mut rows: Vec<LegendRow> =
            self.names(w).into_iter().zip('0'..='5').map(|(label, class)| row(class, label)).collect();
        if people(UNREACHED).1 > 0 {
            rows.push(row(UNREACHED, w.t("aucun site à portée", "no site within reach")));
        }
        if people(NOBODY).1 > 0 {
            rows.push(row(NOBODY, w.t("hors du calcul ou inhabité", "not in the scope or uninhabited")));
        }
        Legend { id: self.id(), label: self.label(w), palette: self.palette(), rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_programme::Hundredths;
    use maillage_territory::Minutes;

    fn place(people: u64, attached: [u64; 2], minutes: Option<u32>) -> PlaceFigures {
        PlaceFigures {
            people,
            attached,
            nearest: [minutes.map(Minutes::from_hundredths); 2],
            core: true,
            apl: [None; 2],
        }
    }

    #[test]
    fn classes_have_the_limits_their_names_say() {
        let after = |n| Shade::Attached(1).class(&place(100, [0, n], None));
        assert_eq!([0, 1, 49, 50, 75, 90, 99, 100].map(after).iter().collect::<String>(), "01123445");
        let change = |a, b| Shade::Change.class(&place(100, [a, b], None));
        assert_eq!(change(50, 30), '0');
        assert_eq!(change(50, 40), '1');
        assert_eq!(change(50, 50), '2');
        assert_eq!(change(50, 60), '3');
        assert_eq!(change(50, 70), '4');
        assert_eq!(change(0, 100), '5');
        let minutes = |h| Shade::Minutes(0).class(&place(1, [0, 0], h));
        assert_eq!(minutes(Some(500)), '0');
        assert_eq!(minutes(Some(501)), '1');
        assert_eq!(minutes(Some(3001)), '5');
        assert_eq!(minutes(None), UNREACHED);
        assert_eq!(Shade::Change.class(&place(0, [0, 0], None)), NOBODY);
        let apl = |h| {
            Shade::Apl(0).class(&PlaceFigures { apl: [Some(Hundredths(h)); 2], ..place(1, [0, 0], None) })
        };
        assert_eq!([150, 151, 250, 251, 400, 401, 501].map(apl).iter().collect::<String>(), "0112345");
    }
}
