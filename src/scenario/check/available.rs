//! The memory that this process can still have.

/// The bytes that this process can still have: free memory of the machine, or what is left of the limits
/// of its control group and of its own address space (`ulimit -v`). `None` if the system reports nothing.
pub fn available_bytes() -> Option<f64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let free = system.available_memory();
    let machine = (free > 0).then_some(free as f64);
    // Of the control group at the top of what a container shows; those below it follow.
    let container = system.cgroup_limits().map(|limits| limits.free_memory as f64);
    let all = [machine, container, left_of_group(), left_of_address_space()];
    all.into_iter().flatten().reduce(f64::min)
}

/// The bytes of a file that are read at most, if all of it takes `in_memory` times as much, its text included.
pub fn most_of_a_file(in_memory: u64) -> u64 {
    /// Where the system reports nothing: 4 GiB.
    const MOST: u64 = 4 << 30;
    // The cast saturates.
    available_bytes().map_or(MOST, |available| available as u64 / in_memory.max(1))
}

/// What is left of the address space of this process; `None` if it has no limit.
#[cfg(unix)]
pub fn left_of_address_space() -> Option<f64> {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::As).current?;
    // Of what the system does not report, nothing is in use.
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages: Option<u64> = pages.and_then(|all| all.split(' ').next()?.parse().ok());
    let used = pages.unwrap_or(0).saturating_mul(rustix::param::page_size() as u64);
    Some(limit.saturating_sub(used) as f64)
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn left_of_address_space() -> Option<f64> {
    None
}

/// What is left of the limits of the control group (version 2) of this process and of those above it.
fn left_of_group() -> Option<f64> {
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = std::path::Path::new("/sys/fs/cgroup");
    let own = root.join(own);
    let number = |file: std::path::PathBuf| -> Option<u64> {
        std::fs::read_to_string(file).ok()?.trim().parse().ok()
    };
    let left = own.ancestors().take_while(|group| group.starts_with(root)).filter_map(|group| {
        let most = number(group.join("memory.max"))?;
        Some(most.saturating_sub(number(group.join("memory.current")).unwrap_or(0)) as f64)
    });
    left.reduce(f64::min)
}
