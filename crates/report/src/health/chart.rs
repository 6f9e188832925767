//! Bars by year, stacked.

use super::clamped;
use crate::map::escape;
use crate::words::Words;
use std::fmt::Write as _;

/// One layer of the bars: hundredths by year.
pub(super) struct Series {
    pub name: String,
    pub values: Vec<i128>,
}

/// Most layers with a colour of their own; the others are one.
const MOST: usize = 5;
/// Height of the highest bar and width of the whole, in pixels.
const HEIGHT: f64 = 150.0;
const WIDTH: f64 = 720.0;
/// Widest bar.
const WIDEST: f64 = 80.0;
/// Space above the bars.
const TOP: f64 = 20.0;
/// Height of a line of the legend.
const LINE: f64 = 18.0;

/// An `<svg>` of one bar per year, with values as `say` writes them; `None` where there is nothing to draw. Values
/// below 0 have no bar.
pub(super) fn stacked(
    w: Words,
    title: &str,
    years: &[u16],
    series: &[Series],
    say: &dyn Fn(i128) -> String,
) -> Option<String> {
    let layers = layers(w, years.len(), series);
    let total = |year: usize| layers.iter().map(|l| l.values[year].max(0)).sum::<i128>();
    let most = (0..years.len()).map(total).max().filter(|&most| most > 0)?;
    let each = WIDTH / years.len() as f64;
    let bottom = TOP + HEIGHT;
    let height = bottom + 28.0 + LINE * layers.len() as f64;
    let title = escape(title);
    let mut out =
        format!("<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">");
    for (i, year) in years.iter().enumerate() {
        let (wide, middle) = ((each * 0.7).min(WIDEST), each * (i as f64 + 0.5));
        let x = middle - wide / 2.0;
        let mut y = bottom;
        for (k, layer) in layers.iter().enumerate().filter(|(_, l)| l.values[i] > 0) {
            let tall = HEIGHT * clamped(layer.values[i]) as f64 / most as f64;
            y -= tall;
            let (name, n) = (&layer.name, say(layer.values[i]));
            let tip = escape(&w.t(&format!("{year} – {name} : {n}"), &format!("{year} – {name}: {n}")));
            // Writing to a string does not fail.
            let _ = write!(
                out,
                "<rect class=\"p{k}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"><title>{tip}</title></rect>"
            );
        }
        let _ = write!(
            out,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text><text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{year}</text>",
            y - 5.0,
            say(total(i)),
            bottom + 16.0
        );
    }
    for (k, layer) in layers.iter().enumerate() {
        let y = bottom + 28.0 + LINE * k as f64;
        let _ = write!(
            out,
            "<rect class=\"p{k}\" x=\"4\" y=\"{y:.1}\" width=\"12\" height=\"12\"/><text x=\"22\" y=\"{:.1}\">{}</text>",
            y + 10.5,
            escape(&layer.name)
        );
    }
    out.push_str("</svg>");
    Some(out)
}

/// The first layers, then all others as one.
fn layers(w: Words, years: usize, series: &[Series]) -> Vec<Series> {
    let value = |s: &Series, year: usize| s.values.get(year).copied().unwrap_or_default();
    let own = if series.len() > MOST + 1 { MOST } else { series.len() };
    let whole =
        |s: &Series| Series { name: s.name.clone(), values: (0..years).map(|y| value(s, y)).collect() };
    let mut out: Vec<Series> = series[..own].iter().map(whole).collect();
    if own < series.len() {
        let sum = |year: usize| series[own..].iter().map(|s| value(s, year)).sum();
        out.push(Series { name: w.t("autres", "others"), values: (0..years).map(sum).collect() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::fte;
    use maillage_input::Lang;

    fn series(name: &str, values: &[i128]) -> Series {
        Series { name: name.to_owned(), values: values.to_vec() }
    }

    #[test]
    fn bars_are_as_high_as_their_posts() {
        let all = [series("a", &[100, 300]), series("<b>", &[100, 0])];
        let svg = stacked(Words(Lang::Fr), "t", &[2027, 2028], &all, &|n| fte(Words(Lang::Fr), n)).unwrap();
        // The highest bar is 3.00 posts, 150 px: one post is 50 px.
        assert!(svg.contains("height=\"50.0\"") && svg.contains("height=\"150.0\""), "{svg}");
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"));
        // Three bars and two lines of the legend: nothing is drawn for no post.
        assert_eq!(svg.matches("<rect").count(), 5);
    }

    #[test]
    fn odd_series() {
        let w = Words(Lang::En);
        assert_eq!(stacked(w, "t", &[], &[series("a", &[])], &|n| fte(w, n)), None);
        assert_eq!(stacked(w, "t", &[2027], &[series("a", &[0])], &|n| fte(w, n)), None);
        let eight: Vec<Series> = (0..8).map(|i| series(&format!("s{i}"), &[100])).collect();
        let svg = stacked(w, "t", &[2027], &eight, &|n| fte(w, n)).unwrap();
        assert!(svg.contains("others") && svg.contains("class=\"p5\"") && !svg.contains("class=\"p6\""));
        assert!(
            stacked(w, "t", &[2027, 2028], &[series("short", &[i128::MAX / 4])], &|n| fte(w, n)).is_some()
        );
    }
}
