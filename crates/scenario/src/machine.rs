//! What the run cost the machine, as the system tells it.

use std::fs::read_to_string;

/// Processor seconds of this process so far; `None` where the system does not tell.
pub(crate) fn cpu_seconds() -> Option<f64> {
    // Fields 14 and 15 of /proc/self/stat, in ticks; the name in field 2 may hold spaces. Linux counts
    // 100 ticks a second for programs on every architecture it runs on today.
    let stat = read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(") ").next()?.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}

/// Peak resident memory of this process in MB (10⁶ bytes); `None` where the system does not tell.
pub(crate) fn peak_memory_mb() -> Option<f64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some((kib * 1024.0 / 1e5).round() / 10.0)
}

/// Bytes of memory that programs may still take; `None` where the system does not tell.
pub(crate) fn available_bytes() -> Option<u64> {
    let told = read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024)
}
