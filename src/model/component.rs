//! Components: parts of a system that share nothing and can be simulated apart.
//!
//! A scenario describes each point, each group and each site once, with the number of its copies. What is
//! simulated are the copies. Clients meet only at points, so points and groups that no client connects, not
//! even through others, are independent of each other: a *component* is a largest set of those that are not.
//! The copies of a site whose clients use no point outside it are components of their own, and nothing of them
//! exists before they are simulated or afterwards; that is how a hundred million clients fit into memory.

use std::collections::HashMap;
use std::sync::Arc;

use super::{ClientGroup, DistributionPoint, PointId, Site, SiteId, Tier};

/// The most points and the most groups of a component: they are numbered with 16 bits.
pub const MOST_PARTS: u64 = 1 << 16;

/// The components of a system.
#[derive(Debug)]
pub struct Components<'s> {
    points: &'s [DistributionPoint],
    groups: &'s [ClientGroup],
    sites: &'s [Site],
    portions: Vec<Portion>,
}

/// One or several equal components.
#[derive(Debug, PartialEq)]
enum Portion {
    /// Points and groups outside sites, and all copies of sites whose clients use some of these points.
    Joined { points: Vec<usize>, groups: Vec<usize>, sites: Vec<SiteId> },
    /// A component for each copy of a site.
    Apart(SiteId),
}

/// A component with its copies of points and groups, as they are simulated.
#[derive(Clone, Debug, Default)]
pub struct Component {
    /// Its points, each of which stands for itself alone.
    pub points: Vec<DistributionPoint>,
    /// Its groups, which name those points.
    pub groups: Vec<ClientGroup>,
    /// Of what its points are copies, in the same order.
    pub points_of: Vec<CopyOf>,
    /// Of what its groups are copies, in the same order.
    pub groups_of: Vec<CopyOf>,
}

/// Of what point or group of a scenario something is a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyOf {
    /// Its place in the list of the scenario.
    pub of: usize,
    /// In which copy of its site, from 0, if it is in a site.
    pub site: Option<(SiteId, u32)>,
}

impl<'s> Components<'s> {
    /// The components of a system of points and groups, some of which belong to sites. If `share` is true, all
    /// clients share something else, and there is one component.
    pub fn new(
        points: &'s [DistributionPoint],
        groups: &'s [ClientGroup],
        sites: &'s [Site],
        share: bool,
    ) -> Components<'s> {
        Components { points, groups, sites, portions: portions(points, groups, sites, share) }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.portions.iter().map(|portion| self.copies(portion)).sum()
    }

    /// Whether there is none, as there is no point.
    pub fn is_empty(&self) -> bool {
        self.portions.is_empty()
    }

    /// Whether it is one, in which each point and each group stands for itself alone.
    pub fn is_one_without_copies(&self) -> bool {
        self.len() == 1
            && self.points.iter().all(|point| point.copies == 1)
            && self.sites.iter().all(|site| site.copies == 1)
    }

    /// Component number `number`, from 0 and below [`len`](Self::len).
    pub fn get(&self, mut number: u64) -> Component {
        for portion in &self.portions {
            let copies = self.copies(portion);
            if number < copies {
                return self.component(portion, number as u32);
            }
            number -= copies;
        }
        Component::default()
    }

    /// Of each kind of components one, and how many components are of that kind.
    pub fn kinds(&self) -> impl Iterator<Item = (Component, u64)> {
        self.portions.iter().map(|portion| (self.component(portion, 0), self.copies(portion)))
    }

    /// The points and the groups of the largest component, copies included, without making them.
    pub fn most_parts(&self) -> [u64; 2] {
        let copies = |site: Option<SiteId>| {
            site.map_or(1, |site| u64::from(self.sites[site.index()].copies))
        };
        let in_site = |site: SiteId, all: bool| {
            let times = if all { copies(Some(site)) } else { 1 };
            let points = self.points.iter().filter(|point| point.site == Some(site));
            let points: u64 = points.map(|point| u64::from(point.copies)).sum();
            let groups = self.groups.iter().filter(|group| group.site == Some(site)).count();
            [points * times, groups as u64 * times]
        };
        let sum = |one: [u64; 2], other: [u64; 2]| [one[0] + other[0], one[1] + other[1]];
        let of = |portion: &Portion| match portion {
            Portion::Apart(site) => in_site(*site, false),
            Portion::Joined { points, groups, sites } => {
                let points = points.iter().map(|&at| u64::from(self.points[at].copies)).sum();
                let sites = sites.iter().map(|&site| in_site(site, true));
                sites.fold([points, groups.len() as u64], sum)
            }
        };
        let most = |one: [u64; 2], other: [u64; 2]| [one[0].max(other[0]), one[1].max(other[1])];
        self.portions.iter().map(of).fold([0, 0], most)
    }

    fn copies(&self, portion: &Portion) -> u64 {
        match portion {
            Portion::Joined { .. } => 1,
            Portion::Apart(site) => u64::from(self.sites[site.index()].copies),
        }
    }

    /// Copy number `copy` of the components of `portion`.
    fn component(&self, portion: &Portion, copy: u32) -> Component {
        let mut component = Component::default();
        let mut places = Places::default();
        match portion {
            Portion::Apart(site) => {
                self.add_site(&mut component, &mut places, *site, copy);
            }
            Portion::Joined { points, groups, sites } => {
                points.iter().for_each(|&at| self.add_point(&mut component, &mut places, at, None));
                groups.iter().for_each(|&at| self.add_group(&mut component, &mut places, at, None));
                for &site in sites {
                    for copy in 0..self.sites[site.index()].copies {
                        self.add_site(&mut component, &mut places, site, copy);
                    }
                }
            }
        }
        component
    }

    fn add_site(&self, to: &mut Component, places: &mut Places, site: SiteId, copy: u32) {
        let of_site = Some((site, copy));
        for (at, point) in self.points.iter().enumerate() {
            if point.site == Some(site) {
                self.add_point(to, places, at, of_site);
            }
        }
        for (at, group) in self.groups.iter().enumerate() {
            if group.site == Some(site) {
                self.add_group(to, places, at, of_site);
            }
        }
    }

    fn add_point(
        &self,
        to: &mut Component,
        places: &mut Places,
        at: usize,
        site: Option<(SiteId, u32)>,
    ) {
        let point = &self.points[at];
        let first = to.points.len();
        for copy in 0..point.copies {
            let name = of_copy(self.in_copy(&point.name, site), copy);
            to.points.push(DistributionPoint { name, copies: 1, ..point.clone() });
            to.points_of.push(CopyOf { of: at, site });
        }
        let copies = (first..to.points.len()).map(|place| PointId(place as u16));
        places.copies.insert(at, copies.collect());
        places.last = None;
    }

    /// The name of a point or group in a copy of its site: `branch#2/office` instead of `branch/office`.
    fn in_copy(&self, name: &str, site: Option<(SiteId, u32)>) -> String {
        let Some((site, copy)) = site else { return name.to_owned() };
        let of = &self.sites[site.index()].name;
        let local = name.strip_prefix(of.as_str()).unwrap_or(name);
        format!("{}{local}", of_copy(of.clone(), copy))
    }

    fn add_group(
        &self,
        to: &mut Component,
        places: &mut Places,
        at: usize,
        site: Option<(SiteId, u32)>,
    ) {
        let mut group = self.groups[at].clone();
        group.name = self.in_copy(&group.name, site);
        group.distribution_points = places.of(&group.distribution_points);
        for tier in &mut group.further_tiers {
            *tier = Tier { points: places.of(&tier.points), choose: tier.choose };
        }
        to.groups.push(group);
        to.groups_of.push(CopyOf { of: at, site });
    }
}

/// Where points are in a component.
#[derive(Default)]
struct Places {
    /// All copies of a point, by its place in the scenario. Those of a point in a site are those of the copy of
    /// the site that was added last.
    copies: HashMap<usize, Vec<PointId>>,
    /// The last list of points that was asked for: thousands of groups may share a list of thousands.
    last: Option<[Arc<[PointId]>; 2]>,
}

impl Places {
    /// All copies of `points`.
    fn of(&mut self, points: &Arc<[PointId]>) -> Arc<[PointId]> {
        if let Some([last, there]) = &self.last
            && Arc::ptr_eq(last, points)
        {
            return Arc::clone(there);
        }
        let copies = points.iter().filter_map(|point| self.copies.get(&point.index()));
        let there: Arc<[PointId]> = copies.flatten().copied().collect();
        self.last = Some([Arc::clone(points), Arc::clone(&there)]);
        there
    }
}

/// The name of copy number `copy`, from 0. Random numbers go by names; so those of the first copy, and those of
/// what has no copies, are the same however many copies there are.
fn of_copy(name: String, copy: u32) -> String {
    if copy == 0 { name } else { format!("{name}#{}", u64::from(copy) + 1) }
}

fn portions(
    points: &[DistributionPoint],
    groups: &[ClientGroup],
    sites: &[Site],
    share: bool,
) -> Vec<Portion> {
    // Points, and behind them sites, are the nodes of a graph that groups connect.
    let site_node = |site: SiteId| points.len() + site.index();
    let node = |point: PointId| points[point.index()].site.map_or(point.index(), site_node);
    let mut sets = DisjointSets((0..points.len() + sites.len()).collect());
    let mut is_joined = vec![share; sites.len()];
    let mut is_used = vec![false; points.len()];
    let mut last: Option<(&Arc<[PointId]>, Option<SiteId>)> = None;
    for group in groups {
        // Thousands of groups may share a list of thousands of points.
        let list = &group.distribution_points;
        let is_known = group.further_tiers.is_empty()
            && last.is_some_and(|(last, site)| Arc::ptr_eq(last, list) && site == group.site);
        if is_known {
            continue;
        }
        last = Some((list, group.site));
        let home = group.site.map(site_node).or(list.first().map(|first| node(*first)));
        for point in group.all_points() {
            is_used[point.index()] = true;
            sets.join(home.unwrap_or(0), node(point));
            if let Some(site) = group.site {
                is_joined[site.index()] |= node(point) != site_node(site);
            }
        }
    }
    let outside = |at: &usize| points[*at].site.is_none();
    let joined_sites = || (0..sites.len()).filter(|at| is_joined[*at]).map(|at| points.len() + at);
    // Points that nobody uses are with the first.
    let alone = (0..points.len()).filter(outside).filter(|at| share || !is_used[*at]);
    let shared = joined_sites().filter(|_| share);
    let home = (0..points.len()).find(outside).or(joined_sites().next());
    for at in alone.chain(shared) {
        sets.join(home.unwrap_or(at), at);
    }
    let mut portions: Vec<Portion> = Vec::new();
    let mut of_root: HashMap<usize, usize> = HashMap::new();
    let mut portion = |portions: &mut Vec<Portion>, root: usize| {
        *of_root.entry(root).or_insert_with(|| {
            portions.push(Portion::Joined { points: vec![], groups: vec![], sites: vec![] });
            portions.len() - 1
        })
    };
    for at in (0..points.len()).filter(outside) {
        let place = portion(&mut portions, sets.root(at));
        if let Portion::Joined { points, .. } = &mut portions[place] {
            points.push(at);
        }
    }
    for (at, group) in groups.iter().enumerate().filter(|(_, group)| group.site.is_none()) {
        let home = group.distribution_points.first().map_or(0, |first| node(*first));
        let place = portion(&mut portions, sets.root(home));
        if let Portion::Joined { groups, .. } = &mut portions[place] {
            groups.push(at);
        }
    }
    for (id, is_joined) in (0..).map(SiteId).zip(is_joined) {
        if !is_joined {
            portions.push(Portion::Apart(id));
            continue;
        }
        let place = portion(&mut portions, sets.root(site_node(id)));
        if let Portion::Joined { sites, .. } = &mut portions[place] {
            sites.push(id);
        }
    }
    portions
}

/// Sets of numbers that are joined: each number names another of its set, the root itself.
struct DisjointSets(Vec<usize>);

impl DisjointSets {
    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            // Each step halves the way for the next.
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.0[high] = low;
    }
}
