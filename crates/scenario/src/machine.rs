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

/// Bytes of memory that programs may still take: what the machine has left, or the limit of the control group (version 2) where
/// that is smaller. `None` where the system tells neither.
pub(crate) fn available_bytes() -> Option<u64> {
    let left = read_to_string("/proc/meminfo").ok();
    let group = read_to_string("/sys/fs/cgroup/memory.max").ok();
    least(left.as_deref(), group.as_deref())
}

fn least(meminfo: Option<&str>, group: Option<&str>) -> Option<u64> {
    let line = meminfo.and_then(|told| told.lines().find_map(|l| l.strip_prefix("MemAvailable:")));
    let left = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).map(|kib| kib * 1024);
    // Without a limit the file says `max`.
    let most = group.and_then(|told| told.trim().parse().ok());
    left.into_iter().chain(most).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_limit_counts() {
        let machine = Some("MemTotal: 9 kB\nMemAvailable:    3 kB\n");
        assert_eq!(least(machine, None), Some(3072));
        assert_eq!(least(machine, Some("max\n")), Some(3072));
        assert_eq!(least(machine, Some("2000\n")), Some(2000));
        assert_eq!(least(machine, Some("4000\n")), Some(3072));
        assert_eq!(least(None, Some("4000\n")), Some(4000));
        assert_eq!(least(Some("MemTotal: 9 kB\n"), None), None);
    }
}
