//! A page in a browser, and what it does there.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::webdriver::Browser;

const CHECKS: &str = include_str!("checks.js");

/// A file with a page, and a browser to open it in.
pub struct Page {
    browser: Browser,
    directory: TempDir,
}

/// What a page is like once it is open.
#[derive(Debug, Deserialize)]
pub struct Opened {
    /// The answer sentence.
    pub answer: String,
    /// All text that shows.
    pub text: String,
    /// The anchors of the charts.
    pub figures: Vec<String>,
    /// Texts that lie on each other.
    pub overlaps: Vec<String>,
    /// Texts that reach beyond the page.
    pub too_wide: Vec<String>,
    /// Charts without a path, or with one that leaves its picture.
    pub bad_charts: Vec<String>,
    /// Elements that a report has none of.
    pub foreign: Vec<String>,
    /// Whether a script has run and set the title to `changed`.
    pub title_changes: u32,
    /// What the browser complained of.
    #[serde(default)]
    pub console: Vec<String>,
    /// What was requested, beside the page.
    #[serde(default)]
    pub requests: Vec<String>,
}

impl Page {
    /// A new page in a new browser.
    pub fn with(html: &str) -> Page {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::write(directory.path().join("report.html"), html).expect("a writable directory");
        Page { browser: Browser::start(), directory }
    }

    /// Opens it from the disk, offline and without scripts.
    pub fn open(&self, width: u32, theme: &str) -> Opened {
        self.open_as(width, theme, true)
    }

    /// Opens it where scripts may run.
    pub fn open_with_scripts(&self) -> Opened {
        self.open_as(1280, "light", false)
    }

    fn open_as(&self, width: u32, theme: &str, scripts_off: bool) -> Opened {
        let chromium = |command, parameters| self.browser.chromium(command, parameters);
        chromium("Emulation.setScriptExecutionDisabled", json!({ "value": scripts_off }));
        let screen =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        chromium("Emulation.setDeviceMetricsOverride", screen);
        let scheme = json!({ "name": "prefers-color-scheme", "value": theme });
        chromium("Emulation.setEmulatedMedia", json!({ "features": [scheme] }));
        chromium("Network.enable", json!({}));
        let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        chromium("Network.emulateNetworkConditions", offline);
        // From an empty page, so that the wait below cannot take the last opening for this one.
        self.browser.command("/url", &json!({ "url": "about:blank" }));
        // What was logged before belongs to another opening.
        self.browser.log("browser");
        self.browser.log("performance");

        let url = format!("file://{}", self.directory.path().join("report.html").display());
        self.browser.command("/url", &json!({ "url": url }));
        self.wait_until_loaded(&url);
        let result = chromium("Runtime.evaluate", json!({ "expression": CHECKS }));
        let measured = result["result"]["value"].as_str();
        let measured = measured.unwrap_or_else(|| panic!("the checks fail: {result}"));
        let mut opened: Opened = serde_json::from_str(measured).expect("what the checks give");

        let console = self.browser.log("browser");
        opened.console = console.iter().map(|entry| entry["message"].to_string()).collect();
        let events = self.browser.log("performance");
        let requests = events.iter().filter_map(requested);
        opened.requests = requests.filter(|requested| *requested != url).collect();
        opened
    }

    /// The driver may answer before the page has a body, which then has nothing to check.
    fn wait_until_loaded(&self, url: &str) {
        let loaded = format!(
            "location.href === {} && document.readyState === 'complete' && document.body !== null",
            json!(url)
        );
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            let result = self.browser.chromium("Runtime.evaluate", json!({ "expression": loaded }));
            if result["result"]["value"] == true {
                return;
            }
            assert!(Instant::now() < give_up, "{url} is not loaded after a minute: {result}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many pages it takes on paper.
    pub fn printed_pages(&self) -> usize {
        self.open(1280, "light");
        let paper = json!({ "orientation": "portrait" });
        let pdf = self.browser.command("/print", &paper);
        let pdf = decoded(pdf.as_str().expect("a PDF"));
        let text = String::from_utf8_lossy(&pdf);
        let kids = text.split("/Count ").nth(1).expect("a tree of pages");
        let number: String = kids.chars().take_while(char::is_ascii_digit).collect();
        number.parse().expect("a number of pages")
    }
}

/// The address that an event of the performance log asks for. What a page holds itself is none.
fn requested(event: &Value) -> Option<String> {
    let message: Value = serde_json::from_str(event["message"].as_str()?).ok()?;
    let message = &message["message"];
    let url = (message["method"] == "Network.requestWillBeSent")
        .then(|| message["params"]["request"]["url"].as_str())??;
    (!url.starts_with("data:")).then(|| url.to_owned())
}

/// The bytes of a text in Base64.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = four.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(*digit));
        let bits = bits << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}
