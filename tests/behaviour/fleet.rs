//! Known answers for what clients do: fall back, have several releases, get a second advertisement,
//! go home.

use distpoint::stats::RunStatistics;

use crate::harness::{assert_metrics, assert_near, metric, run, scenario};

/// Two points of one connection each, 100 s a transfer, and a group with these keys.
fn simulate(keys: &str) -> RunStatistics {
    simulate_in("", keys)
}

fn simulate_in(top: &str, keys: &str) -> RunStatistics {
    run(&scenario(&format!(
        "name = \"fleet\"
        {top}
        [distribution_points]
        NEAR = {{ connection_limit = 1 }}
        FAR = {{ connection_limit = 1 }}
        [clients.g]
        {keys}"
    )))
}

fn burst(count: u32, rest: &str) -> String {
    format!(
        "count = {count}
        arrival = {{ kind = \"burst\" }}
        transfer = {{ kind = \"constant\", duration = \"100s\" }}
        {rest}"
    )
}

fn completions(run: &RunStatistics) -> Vec<u64> {
    run.groups[0].completions.sorted().iter().map(|millis| millis / 1000).collect()
}

const TIERS: &str = "tiers = [[\"NEAR\"], [\"FAR\"]]";

#[test]
fn a_client_falls_back_never_at_once_or_after_a_time() {
    let simulate =
        |after: &str| simulate(&burst(3, &format!("{TIERS}\nfallback_after = \"{after}\"")));
    // Every 10 minutes one of those that are left.
    assert_eq!(completions(&simulate("never")), [100, 700, 1300]);
    // The second goes to FAR at once; the third is refused by both and waits.
    let at_once = simulate("0s");
    assert_eq!(completions(&at_once), [100, 100, 700]);
    assert_metrics(&at_once, &[("attempts", 6.0), ("refused", 3.0)]);
    // After 2 minutes both come again, first to NEAR, which is free: one each.
    assert_eq!(completions(&simulate("2m")), [100, 220, 220]);
    // After 1 minute NEAR is busy: one gets FAR, the other waits for its 10 minutes from then.
    assert_eq!(completions(&simulate("1m")), [100, 160, 760]);
}

#[test]
fn the_first_tier_is_tried_before_the_next_whenever_a_client_comes() {
    let run = simulate(&burst(3, &format!("{TIERS}\nfallback_after = \"1m\"")));
    assert_eq!((run.points[0].completed, run.points[1].completed), (2, 1));
}

#[test]
fn least_loaded_and_sticky_clients_go_where_they_should() {
    let least = simulate(&burst(2, "choose = \"least-loaded\""));
    assert_metrics(&least, &[("refused", 0.0), ("makespan", 100_000.0)]);
    // One client is cut a thousand times over and comes back to the point that had it.
    let sticky = |choose: &str| {
        let vanishes = "vanishes = { every = \"10s\", for = \"1s\" }\non_cut = \"resume\"";
        let transfer = "transfer = { kind = \"constant\", duration = \"10000s\" }";
        simulate(&format!(
            "count = 1\narrival = {{ kind = \"burst\" }}\n{transfer}\n{vanishes}\nchoose = \"{choose}\""
        ))
    };
    let shares = |run: &RunStatistics| {
        let [near, far] = [run.points[0].admitted, run.points[1].admitted];
        (near.min(far), near.max(far))
    };
    let (fewer, more) = shares(&sticky("sticky"));
    assert!(fewer == 0 && more > 800, "{fewer} {more}");
    // Also one whose release moves on to another point after each wait.
    let (fewer, more) = shares(&sticky("sticky\"\nrelease = \"configmgr"));
    assert!(fewer == 0 && more > 800, "{fewer} {more}");
    // At random it is half, plus or minus 4 standard deviations.
    let (fewer, more) = shares(&sticky("random"));
    let all = (more + fewer) as f64;
    assert_near("more", more as f64, all / 2.0, all.sqrt() / 2.0);
}

#[test]
fn configmgr_tries_each_point_of_its_tier_two_minutes_apart() {
    let keys = "release = \"configmgr\"\nchoose = \"ordered\"";
    let blocked = simulate(&format!(
        "count = 3
        arrival = {{ kind = \"even\", over = \"3s\" }}
        transfer = {{ kind = \"constant\", duration = \"1h\" }}
        {keys}
        retry = {{ max_retries = 5 }}"
    ));
    // The first has NEAR; the second is refused there and gets FAR 2 minutes later; the third goes
    // back and forth.
    assert_metrics(&blocked, &[("completed", 2.0), ("gave_up", 1.0), ("attempts", 9.0)]);
    assert_eq!((blocked.points[0].refused, blocked.points[1].refused), (4, 3));
}

#[test]
fn shares_of_releases_are_drawn_and_kept() {
    let stranded = |mix: &str| {
        let keys = format!("release_mix = {{ {mix} }}\nmisreport_probability = 1");
        metric(&simulate(&burst(4001, &keys)), "stranded")
    };
    let mix = |percent: u32| {
        format!("\"sms-2.0-sp2\" = \"{percent}%\", \"sms-2.0-sp3\" = \"{}%\"", 100 - percent)
    };
    assert_eq!(stranded(&mix(0)), 0.0);
    // All but those that are served at once have a refusal, and strand with SP2.
    let some = stranded(&mix(30));
    assert_near("stranded", some, 1200.0, (4001.0f64 * 0.3 * 0.7).sqrt());
    assert!(stranded(&mix(100)) >= 3999.0);
}

#[test]
fn an_upgrade_reaches_each_client_at_its_own_time() {
    // NEAR and FAR are taken for an hour; everybody is refused every 10 minutes, and the first
    // refusal that is misreported strands a client that is not upgraded.
    let stranded = |upgrade: &str, probability: f64| {
        let keys = format!(
            "release = \"sms-2.0-sp2\"\nmisreport_probability = {probability}\n{upgrade}
            retry = {{ max_retries = 3 }}"
        );
        metric(&simulate(&burst(4000, &keys)), "stranded")
    };
    assert_eq!(stranded("upgrade = { to = \"sms-2.0-sp3\" }", 1.0), 0.0);
    let late = "upgrade = { to = \"sms-2.0-sp3\", from = \"1ms\", over = \"10m\" }";
    assert_eq!(stranded(late, 1.0), stranded("", 1.0));
    // With probability 1/2 at 0, 10, 20 and 30 min, but within 40 min each is upgraded: it has SP2
    // at the times of 1, 3/4, 1/2 and 1/4 of all.
    let over = "upgrade = { to = \"sms-2.0-sp3\", over = \"40m\" }";
    let expected = 4000.0 * (0.5 + 0.75 * 0.25 + 0.5 * 0.125 + 0.25 * 0.0625);
    let some = stranded(over, 0.5);
    assert_near("stranded", some, expected, (4000.0f64 * 0.25).sqrt());
}

#[test]
fn a_workaround_recovers_the_stranded_at_their_next_poll() {
    // All are misreported: the first two are served, the others are stranded at once.
    let keys = burst(5, "release = \"sms-2.0-sp2\"\nmisreport_probability = 1");
    let none = simulate_in("horizon = \"2d\"", &keys);
    let left = metric(&none, "stranded");
    assert_metrics(&none, &[("recovered", 0.0), ("stranded.final", left)]);
    let run = simulate_in("horizon = \"2d\"\nworkaround = { after = \"24h\" }", &keys);
    let stranded = metric(&run, "stranded");
    assert!(stranded >= 3.0);
    assert_metrics(&run, &[("recovered", stranded), ("stranded.final", 0.0)]);
    assert_metrics(&run, &[("completed", 5.0 - stranded), ("unfinished", 0.0)]);
    // Stranded at 0, advertised anew at 24 h, known by a poll within the hour after.
    let range = 86_400_000.0 + 100_000.0..90_000_000.0 + 100_000.0;
    assert!(range.contains(&metric(&run, "recovered.delay.mean")));
    assert!(metric(&run, "makespan") > 86_400_000.0);
}

#[test]
fn a_workaround_that_waits_for_more_than_are_stranded_never_comes() {
    let keys = burst(5, "release = \"sms-2.0-sp2\"\nmisreport_probability = 1");
    let simulate =
        |count: u32| simulate_in(&format!("workaround = {{ when_stranded = {count} }}"), &keys);
    assert_metrics(&simulate(5), &[("recovered", 0.0)]);
    // At the third it comes, and it can strand a client again.
    assert!(metric(&simulate(3), "recovered") > 0.0);
}

#[test]
fn a_bug_may_strike_the_new_advertisement_too() {
    // FAR and NEAR are busy for a day: a client that comes again within it is refused again.
    let keys = "count = 9
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"1d\" }
        release = \"sms-2.0-sp2\"
        misreport_probability = 1";
    let run = simulate_in("workaround = { after = \"1h\" }", keys);
    assert_metrics(&run, &[("completed", 2.0), ("stranded", 7.0), ("stranded.final", 7.0)]);
    assert_metrics(&run, &[("refused", 14.0)]);
}

const OFFICE: &str = "distribution_points = [\"NEAR\"]\nonline = \"Mon-Fri 08:00-18:00\"";

#[test]
fn an_offline_client_learns_of_it_in_the_morning_and_is_cut_in_the_evening() {
    let simulate = |on_cut: &str, hours: u32| {
        let keys = format!(
            "count = 1\narrival = {{ kind = \"burst\" }}\n{OFFICE}\non_cut = \"{on_cut}\"
            transfer = {{ kind = \"constant\", duration = \"{hours}h\" }}"
        );
        simulate_in("starts = \"Fri 06:00\"", &keys)
    };
    // From Friday 8:00; what ends at 18:00 is done.
    let day = simulate("restart", 10);
    assert_metrics(&day, &[("cut", 0.0), ("completion.max", 36_000_000.0)]);
    // 10 of 12 hours on Friday, the other two on Monday: 72 hours from Friday to Monday 8:00.
    let resumed = simulate("resume", 12);
    assert_metrics(&resumed, &[("cut", 1.0), ("attempts", 2.0)]);
    assert_metrics(&resumed, &[("completion.max", 74.0 * 3_600_000.0), ("waiting.mean", 0.0)]);
    // From zero it is never done.
    let restarted = simulate("restart", 12);
    assert_metrics(&restarted, &[("unfinished", 1.0), ("completed", 0.0)]);
}

#[test]
fn a_retry_that_is_due_at_night_is_made_in_the_morning() {
    let keys = format!(
        "count = 2\narrival = {{ kind = \"burst\" }}\n{OFFICE}
        transfer = {{ kind = \"constant\", duration = \"1h\" }}
        retry = {{ policy = \"fixed\", interval = \"2h\" }}"
    );
    let run = simulate_in("starts = \"Mon 17:00\"", &keys);
    // One until 18:00; the other is refused at 17:00 and comes on Tuesday at 8:00, not at 19:00. It
    // waits for one hour of the 16, and then it is off.
    assert_eq!(completions(&run), [3600, 16 * 3600]);
    assert_metrics(&run, &[("waiting.mean", 1.0 / 16.0)]);
}

#[test]
fn zones_spread_the_morning() {
    let keys = format!(
        "{}\nonline = \"08:00-18:00\"\nzones = [\"UTC\", \"UTC+1\"]\nretry = {{ max_retries = 0 }}",
        "count = 400\narrival = { kind = \"burst\" }\ntransfer = { kind = \"constant\", duration = \"1s\" }"
    );
    let run = simulate_in("starts = \"Mon 06:30\"", &keys);
    // Half come at 7:00 UTC, half at 8:00: two of each time are served.
    assert_metrics(&run, &[("completed", 4.0), ("makespan", 3_601_000.0)]);
}

#[test]
fn a_turn_that_comes_as_the_hours_end_is_used_the_next_day() {
    // Monday 17:00: the first has the hour that is left, and is done at 18:00. Then it is the turn
    // of the second, which is about to go: it has the hour from 8:00 on.
    let run = run(&scenario(
        "name = \"closing\"
        starts = \"Mon 17:00\"
        [distribution_points.A]
        connection_limit = 1
        queue = 5
        [clients.g]
        count = 2
        online = \"08:00-18:00\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"1h\" }",
    ));
    assert_eq!(completions(&run), [3600, 16 * 3600]);
    assert_eq!(metric(&run, "cut"), 1.0);
}

#[test]
fn a_client_that_is_cut_as_its_hours_end_does_not_wait_all_night() {
    let run = run(&scenario(
        "name = \"closing\"
        starts = \"Mon 17:00\"
        [distribution_points.A]
        connection_limit = 1
        outages = [{ from = \"1h\", for = \"1h\" }]
        [clients.g]
        count = 1
        online = \"08:00-18:00\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"2h\" }",
    ));
    assert_eq!(completions(&run), [17 * 3600]);
    assert_metrics(&run, &[("cut", 1.0), ("waiting.mean", 0.0)]);
}

#[test]
fn bits_gives_up_without_progress_and_not_before() {
    // 20 hours of work, an hour a day from 8:00 on: done on the twentieth day.
    let simulate = |on_cut: &str| {
        run(&scenario(&format!(
            "name = \"an hour a day\"
            starts = \"Mon 08:00\"
            [distribution_points.A]
            connection_limit = 1
            [clients.g]
            count = 1
            release = \"bits\"
            on_cut = \"{on_cut}\"
            online = \"08:00-09:00\"
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"20h\" }}"
        )))
    };
    assert_eq!(completions(&simulate("resume")), [19 * 86_400 + 3600]);
    // A client that begins anew each day makes none. It comes a last time as the 14 days end.
    assert_metrics(&simulate("restart"), &[("gave_up", 1.0), ("cut", 15.0)]);
}

#[test]
fn a_connection_makes_a_back_off_begin_anew() {
    // Tries at 0, 1, 3, 7 and 15 minutes; cut at 30, it comes again a minute later, not 16.
    let run = run(&scenario(
        "name = \"back-off\"
        [distribution_points.A]
        connection_limit = 1
        outages = [{ from = \"0s\", for = \"10m\" }, { from = \"30m\", for = \"1m\" }]
        [clients.g]
        count = 1
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"1h\" }
        retry = { policy = \"exponential\", base = \"1m\", factor = 2, max_retries = 4 }",
    ));
    assert_eq!(completions(&run), [91 * 60]);
}

#[test]
fn a_client_that_had_fallen_back_begins_again_in_the_first_tier() {
    // NEAR is taken until 17:35. A client that was refused there at 17:30 is cut at FAR: by an outage at 17:40,
    // and goes to NEAR at once; or by the end of its hours at 18:00, and goes there at 8:00.
    let simulate = |outages: &str, online: &str| {
        run(&scenario(&format!(
            "name = \"fallen back\"
            starts = \"Mon 17:00\"
            [distribution_points]
            NEAR = {{ connection_limit = 1 }}
            FAR = {{ connection_limit = 1, outages = [{outages}] }}
            [clients.g]
            count = 1
            tiers = [[\"NEAR\"], [\"FAR\"]]
            fallback_after = \"0s\"
            {online}
            arrival = {{ kind = \"burst\", at = \"30m\" }}
            transfer = {{ kind = \"constant\", duration = \"1h\" }}
            [clients.other]
            count = 1
            distribution_points = [\"NEAR\"]
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"35m\" }}"
        )))
    };
    let cut = simulate("{ from = \"40m\", for = \"1h\" }", "");
    assert_eq!((completions(&cut), cut.points[0].completed), (vec![70 * 60], 2));
    let gone = simulate("", "online = \"08:00-18:00\"");
    assert_eq!((completions(&gone), gone.points[0].completed), (vec![15 * 3600 + 1800], 2));
}
