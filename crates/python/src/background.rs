//! Work in a thread of its own, so that Python goes on: other threads run, progress is told, Ctrl-C is heard.

use crate::errors::Fault;
use maillage_scenario::Event;
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Stack of the worker: that of a main thread, in which the solvers are tried.
const STACK: usize = 8 << 20;
/// How often Python is asked whether Ctrl-C was pressed.
const PULSE: Duration = Duration::from_millis(50);

/// What a callback is told, as a dictionary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The scenario of a suite.
    pub(crate) scenario: Option<String>,
    /// `began`, `progress` or `ended`.
    pub(crate) what: &'static str,
    /// Of progress.
    pub(crate) event: Option<Event>,
    /// Of an end: its word.
    pub(crate) status: Option<&'static str>,
}

impl Told {
    fn progress(event: &Event) -> Self {
        Told { what: "progress", event: Some(event.clone()), ..Told::default() }
    }

    fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("what", self.what)?;
        dict.set_item("scenario", self.scenario.as_deref())?;
        dict.set_item("status", self.status)?;
        let event = self.event.as_ref();
        dict.set_item("goal", event.map(|e| e.goal.as_str()))?;
        dict.set_item("elapsed", event.map(|e| e.elapsed))?;
        dict.set_item("objective", event.and_then(|e| e.incumbent))?;
        dict.set_item("bound", event.and_then(|e| e.bound))?;
        dict.set_item("gap", event.and_then(|e| e.gap))?;
        Ok(dict)
    }
}

enum Message<T> {
    Told(Told),
    Done(Result<T, Fault>),
}

/// How the worker speaks to Python, and hears that it is to stop.
pub(crate) struct Teller {
    stop: Arc<AtomicBool>,
    tell: Box<dyn Fn(Told) + Send + Sync>,
}

impl Teller {
    /// What a solve looks at.
    pub(crate) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Tells anything.
    pub(crate) fn tell(&self, told: Told) {
        (self.tell)(told);
    }

    /// Tells how a solve goes.
    pub(crate) fn progress(&self, event: &Event) {
        self.tell(Told::progress(event));
    }
}

/// Runs `work` while Python goes on. Ctrl-C, or an exception in `progress`, asks the work to stop: after Ctrl-C what it then
/// gives is returned, the plan so far; a second Ctrl-C leaves at once. Where nothing can stop it, the first does.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    stops: bool,
    work: impl FnOnce(&Teller) -> Result<T, Fault> + Send + 'static,
) -> PyResult<T> {
    let stop: Arc<AtomicBool> = Arc::default();
    let (send, mut receive) = mpsc::channel();
    let worker = std::thread::Builder::new().name("maillage".to_owned()).stack_size(STACK);
    let (told, stopped, wanted) = (send.clone(), Arc::clone(&stop), progress.is_some());
    worker
        .spawn(move || {
            let teller = Teller { stop: stopped, tell: teller(told, wanted) };
            let done = work(&teller);
            // Nobody listens any more once Python has left.
            let _ = send.send(Message::Done(done));
        })
        .map_err(|e| PyOSError::new_err(e.to_string()))?;
    let mut raised: Option<PyErr> = None;
    loop {
        let (got, back) = py.detach(move || (receive.recv_timeout(PULSE), receive));
        receive = back;
        match got {
            Ok(Message::Done(done)) => {
                return match raised {
                    Some(error) => Err(error),
                    None => Ok(done?),
                };
            }
            Ok(Message::Told(first)) => {
                let told = latest(first, &receive);
                for told in told.0 {
                    if let (Some(callback), None) = (progress, &raised)
                        && let Err(error) = told.dict(py).and_then(|dict| callback.call1((dict,)))
                    {
                        halt(py, error, &stop, stops, &mut raised)?;
                    }
                }
                if let Some(done) = told.1 {
                    return match raised {
                        Some(error) => Err(error),
                        None => Ok(done?),
                    };
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Fault::Internal("panic".to_owned()).into());
            }
        }
        if let Err(error) = py.check_signals() {
            halt(py, error, &stop, stops, &mut raised)?;
        }
    }
}

/// Asks the work to stop.
///
/// # Errors
/// The exception itself, where there is no waiting for it.
fn halt(
    py: Python<'_>,
    error: PyErr,
    stop: &AtomicBool,
    stops: bool,
    raised: &mut Option<PyErr>,
) -> PyResult<()> {
    let again = stop.swap(true, Ordering::Relaxed);
    if !stops || again {
        return Err(error);
    }
    if !error.is_instance_of::<PyKeyboardInterrupt>(py) {
        *raised = Some(error);
    }
    Ok(())
}

fn teller<T: Send + 'static>(send: Sender<Message<T>>, wanted: bool) -> Box<dyn Fn(Told) + Send + Sync> {
    if !wanted {
        return Box::new(|_| ());
    }
    Box::new(move |told| {
        // Nobody listens any more once Python has left.
        let _ = send.send(Message::Told(told));
    })
}

/// What was told since, less what is out of date: of several moments of one solve, the last. And the end, if it came.
fn latest<T>(first: Told, receive: &Receiver<Message<T>>) -> (Vec<Told>, Option<Result<T, Fault>>) {
    let mut all = vec![first];
    let mut done = None;
    for message in receive.try_iter() {
        match message {
            Message::Told(told) => {
                let stale = |last: &Told| {
                    last.what == "progress" && told.what == "progress" && last.scenario == told.scenario
                };
                if all.last().is_some_and(stale) {
                    all.pop();
                }
                all.push(told);
            }
            Message::Done(end) => done = Some(end),
        }
    }
    (all, done)
}
