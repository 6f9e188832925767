//! How plan and bound came closer while the plan was sought: the one part of a page that tells of time.

use crate::curve::{At, Curve, Reach};
use crate::health::{Block, Cell, Line, Table, goal_number, goal_text};
use crate::map::escape;
use crate::rows::NOTHING;
use crate::verdict::gap;
use crate::words::Words;
use maillage_programme::{GoalRecord, Hundredths, ProgressRecord, ResultRecord};

/// The section, with a drawing for each goal that took time; `None` where nothing was told.
pub(crate) fn progress(w: Words, record: &ResultRecord) -> Option<Block> {
    let end = record.progress.last()?.seconds;
    let of = |goal: usize| record.progress.iter().filter(move |m| m.goal == goal);
    let goals = || record.goals.iter().enumerate().filter(|(i, _)| of(*i).next().is_some());
    let named = record.goals.len() > 1;
    let drawn = |(i, goal): (usize, &GoalRecord)| {
        let svg = chart(w, goal, &of(i).cloned().collect::<Vec<_>>())?;
        Some(if named { format!("<h3>{}</h3>{svg}", escape(&label(w, goal))) } else { svg })
    };
    let charts: Vec<String> = goals().filter_map(drawn).collect();
    let said = goals().filter_map(|(i, goal)| sentence(w, goal, of(i).next_back()?)).collect();
    let lines = goals().flat_map(|(i, goal)| of(i).map(move |m| line(w, goal, named, m)));
    let lines: Vec<Line> = lines.collect();
    let mut head = vec![
        Cell::number(w.t("Secondes", "Seconds")),
        Cell::number(w.t("Meilleur plan", "Best plan")),
        Cell::number(w.t("Borne", "Bound")),
        Cell::number(w.t("Écart", "Gap")),
    ];
    if named {
        head.insert(0, Cell::text(w.t("Objectif", "Goal")));
    }
    let seconds = seconds(w, end);
    Some(Block {
        id: PROGRESS,
        title: w.t("L'écart au fil du calcul", "The gap as the search went on"),
        said,
        chart: (!charts.is_empty()).then(|| charts.concat()),
        tables: vec![Table { caption: w.t("Plan et borne au fil du temps", "Plan and bound over time"), head, lines }],
        folded: true,
        notes: vec![w.t(
            &format!("Calcul de {seconds} s en tout. Entre les deux lignes se trouve ce qui n'est pas encore prouvé ; quand elles se touchent, le plan est optimal. L'axe ne part pas de zéro. Les durées changent d'un calcul à l'autre, pas le plan."),
            &format!("The search took {seconds} s in all. Between the two lines lies what is not proven yet; where they meet, the plan is optimal. The axis does not begin at zero. Times differ from run to run, the plan does not."),
        )],
    })
}

/// Name of the section: a page says beside it that it holds times.
pub(crate) const PROGRESS: &str = "progress";

fn chart(w: Words, goal: &GoalRecord, moments: &[ProgressRecord]) -> Option<String> {
    let (first, last) = (moments.first()?.seconds, moments.last()?.seconds);
    let at = |m: &ProgressRecord| At {
        x: m.seconds,
        plan: m.objective.map(|h| h.0 as f64),
        bound: m.bound.map(|h| h.0 as f64),
    };
    let label = goal_text(goal, w.0);
    let title = w.t(
        &format!("Plan et borne au fil du temps : {label}"),
        &format!("Plan and bound over time: {label}"),
    );
    let named = |s: f64| (s, format!("{}\u{a0}s", seconds(w, s)));
    Curve {
        w,
        title: &title,
        points: moments.iter().map(at).collect(),
        reach: Reach::From,
        below: vec![named(first), named(last)],
        say: &|v| goal_number(w, goal, Hundredths(v as i64)).0,
    }
    .draw()
}

/// A goal as a sentence begins.
fn label(w: Words, goal: &GoalRecord) -> String {
    let text = goal_text(goal, w.0);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}

/// What became of a goal.
fn sentence(w: Words, goal: &GoalRecord, last: &ProgressRecord) -> Option<String> {
    let (objective, at) = (goal.objective?, seconds(w, last.seconds));
    let label = label(w, goal);
    Some(match goal.bound {
        Some(bound) if bound == objective => w.t(
            &format!("{label} : optimum prouvé après {at} s."),
            &format!("{label}: proven optimal after {at} s."),
        ),
        Some(bound) => {
            let g = w.gap(gap(objective, bound));
            w.t(
                &format!("{label} : après {at} s, aucun plan ne peut faire mieux de plus de {g}."),
                &format!("{label}: after {at} s, no plan can be better by more than {g}."),
            )
        }
        None => {
            w.t(&format!("{label} : sans borne après {at} s."), &format!("{label}: no bound after {at} s."))
        }
    })
}

fn line(w: Words, goal: &GoalRecord, named: bool, m: &ProgressRecord) -> Line {
    let value = |h: Option<Hundredths>| h.map_or(NOTHING.to_owned(), |h| goal_number(w, goal, h).0);
    let share = m.objective.zip(m.bound).map_or(NOTHING.to_owned(), |(o, b)| w.gap(gap(o, b)));
    let figures = [seconds(w, m.seconds), value(m.objective), value(m.bound), share];
    let name = named.then(|| Cell::text(goal_text(goal, w.0)));
    Line::new(name.into_iter().chain(figures.map(Cell::number)).collect())
}

/// Seconds with as many decimals as they deserve.
fn seconds(w: Words, s: f64) -> String {
    w.number(s, if s < 10.0 { 2 } else { usize::from(s < 100.0) })
}
