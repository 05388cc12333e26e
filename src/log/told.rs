//! What one log of a client, or of several, told.

use super::observed::lengths::Lengths;
use super::observed::load::{Load, Request};
use super::observed::programs::Programs;

/// The most attempts that are kept one by one.
const MOST_REQUESTS: usize = 4096;

/// What a log told.
#[derive(Default)]
pub struct Told {
    /// The programs.
    pub programs: Programs,
    /// Times between an attempt that failed and the next one, in ms.
    pub gaps: Lengths,
    /// Times from the first attempt of a program until it completed, in ms.
    pub journeys: Lengths,
    /// The last attempts as requests of a server, whose log the clients do not have. Most logs have a few.
    requests: Vec<Request>,
    /// What those before them amount to.
    load: Option<Box<Load>>,
}

impl Told {
    /// Adds an attempt as a request of a server.
    pub fn request(&mut self, request: Request) {
        self.requests.push(request);
        if self.requests.len() >= MOST_REQUESTS {
            let load = self.load.get_or_insert_default();
            self.requests.drain(..).for_each(|request| load.request(&request));
        }
    }

    /// Adds all attempts to `load`.
    pub fn add_to(&mut self, load: &mut Load) {
        self.requests.drain(..).for_each(|request| load.request(&request));
        self.load.take().into_iter().for_each(|own| load.merge(*own));
    }
}
