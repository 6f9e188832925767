//! Ctrl-C: the first stops and keeps the best plan, the second leaves at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// There once a command knows how to stop.
static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// What a solve looks at.
pub(crate) fn stop() -> Arc<AtomicBool> {
    let stop = STOP.get_or_init(Arc::default);
    // A process with a supervisor has a handler already, and is told by it. Without any, Ctrl-C ends the program as usual.
    let _ = ctrlc::set_handler(raise);
    Arc::clone(stop)
}

/// An interrupt came.
pub(crate) fn raise() {
    match STOP.get() {
        Some(stop) if !stop.swap(true, Ordering::Relaxed) => {}
        _ => std::process::exit(130),
    }
}
