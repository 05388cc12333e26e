//! Studies in shards: the parts, what joins them, and what does not fit together.

use insta::assert_snapshot;

use super::harness::{Desk, SMALL, small};

/// Plays `arguments` in shards, each to `part-K.json`.
fn shards(desk: &Desk, arguments: &[&str], count: u64) -> Vec<String> {
    let part = |index: u64| {
        let (shard, file) = (format!("{index}/{count}"), format!("part-{index}.json"));
        let arguments = [arguments, &["--shard", &shard, "-o", &file]].concat();
        assert_eq!(desk.run(&arguments).succeeds(), "");
        file
    };
    (1..=count).map(part).collect()
}

#[test]
fn the_parts_of_a_run_join_to_the_same_bytes() {
    let desk = Desk::new();
    for (scenario, replications, count) in
        [("retry-policies", "3", 4), ("q268500", "5", 3), ("continuous", "1", 1)]
    {
        let study = ["run", scenario, "-n", replications];
        let parts = shards(&desk, &study, count);
        // In whatever order they are given.
        let mut merge = vec!["merge", "-o", "all.json", "-o", "all.csv"];
        merge.extend(parts.iter().rev().map(String::as_str));
        let merged = desk.run(&merge);
        let whole = desk.run(&[&study[..], &["-o", "whole.json", "-o", "whole.csv"]].concat());
        assert_eq!((merged.code, &merged.stdout), (whole.code, &whole.stdout), "{scenario}");
        assert_eq!(desk.read("all.json"), desk.read("whole.json"), "{scenario}");
        assert_eq!(desk.read("all.csv"), desk.read("whole.csv"), "{scenario}");
    }
}

#[test]
fn the_parts_of_a_sweep_join_to_the_same_bytes() {
    let desk = Desk::with(SMALL);
    let key = "distribution_points.*.connection_limit=1..7";
    let sweep = ["sweep", "s.toml", "--vary", key, "-n", "4", "--threshold", "stranded >= 0"];
    let parts = shards(&desk, &sweep, 4);
    let merge: Vec<&str> =
        ["merge", "--format", "json"].into_iter().chain(parts.iter().map(String::as_str)).collect();
    let whole = [&sweep[..], &["--format", "json", "--threads", "2"]].concat();
    assert_eq!(desk.run(&merge).succeeds(), desk.run(&whole).succeeds());
}

#[test]
fn the_parts_of_a_search_over_a_grid_join_to_the_same_bytes() {
    let desk = Desk::with(SMALL);
    let key = "distribution_points.*.connection_limit=1..30";
    let goals: [&[&str]; 2] = [
        &["--until", "completion.p95 < 20m"],
        &["--maximise", "utilisation", "--until", "dp.DP01.refused < 1000"],
    ];
    for goal in goals {
        let size = [&["size", "s.toml", "--vary", key, "--grid", "-n", "4"], goal].concat();
        let parts = shards(&desk, &size, 3);
        let mut merge = vec!["merge", "-o", "all.json"];
        merge.extend(parts.iter().map(String::as_str));
        let merged = desk.run(&merge);
        let whole = desk.run(&[&size[..], &["-o", "whole.json"]].concat());
        assert_eq!((merged.code, &merged.stdout), (whole.code, &whole.stdout));
        assert_eq!(desk.read("all.json"), desk.read("whole.json"));
        let results: serde_json::Value = serde_json::from_str(&desk.read("all.json")).unwrap();
        let evaluated = results["sizing"]["evaluated"].as_array().expect("values");
        assert_eq!(evaluated.len(), 30);
        assert!(evaluated.iter().all(|value| value["replications"] == 4));
    }
}

#[test]
fn a_grid_and_a_search_agree_where_nothing_is_left_to_luck() {
    let text = small("uniform\", over = \"10m\"", "burst\"");
    let desk = Desk::with(&text.replace("misreport_probability = 0.01\n", ""));
    let key = "distribution_points.*.connection_limit=1..40";
    let size = ["size", "s.toml", "--vary", key, "--until", "makespan <= 1h", "--format", "json"];
    let search = desk.run(&size).json();
    let grid = desk.run(&[&size[..], &["--grid", "-n", "2"]].concat()).json();
    // floor((60 - 2) / 10) + 1 = 6 waves of 17 serve 100 clients; 6 waves of 16 do not.
    assert_eq!(search["sizing"]["chosen"], 17);
    assert_eq!(grid["sizing"]["chosen"], 17);
    assert_eq!(grid["sizing"]["verdict"], "pass");
}

#[test]
fn the_thresholds_decide_the_exit_code_when_the_parts_are_joined() {
    let desk = Desk::with(SMALL);
    let run = ["run", "s.toml", "-n", "2", "--threshold", "completed < 1"];
    shards(&desk, &run, 2);
    let merged = desk.run(&["merge", "part-1.json", "part-2.json"]);
    assert_eq!(merged.code, Some(99), "{}", merged.stdout);
}

#[test]
fn shards_of_one_study_name_a_missing_and_a_duplicate_one() {
    let desk = Desk::with(SMALL).file("other.txt", "");
    shards(&desk, &["run", "s.toml", "-n", "4"], 4);
    std::fs::copy(desk.path("part-2.json"), desk.path("again.json")).unwrap();
    let merge = ["merge", "part-1.json", "part-2.json", "again.json", "-o", "all.json"];
    assert_snapshot!(desk.run(&merge).fails(2), @"
    error: `part-2.json` and `again.json` are both shard 2/4
    error: shards 3/4, 4/4 are missing: run each with --shard
    ");
    assert!(!desk.listing().contains(&"all.json".to_owned()));
}

#[test]
fn parts_of_different_studies_say_in_what_they_differ() {
    let desk = Desk::with(SMALL).file("t.toml", small("count = 100", "count = 120"));
    let part = |name: &str, shard: &str, study: &[&str]| {
        let arguments = [study, &["--shard", shard, "-o", name]].concat();
        desk.run(&arguments).succeeds();
    };
    part("a.json", "1/2", &["run", "s.toml"]);
    part("count.json", "2/2", &["run", "t.toml"]);
    part("seed.json", "2/2", &["run", "s.toml", "--seed", "77"]);
    part("often.json", "2/2", &["run", "s.toml", "-n", "2"]);
    part("engine.json", "2/2", &["run", "s.toml", "--engine", "tokio", "-q"]);
    part("goal.json", "2/2", &["run", "s.toml", "--threshold", "stranded == 0"]);
    part("shards.json", "2/3", &["run", "s.toml"]);
    let key = "clients.office.count=1,2";
    part("sweep.json", "2/2", &["sweep", "s.toml", "--vary", key]);
    let others = ["count", "seed", "often", "engine", "goal", "shards", "sweep"];
    let others = others.map(|other| format!("{other}.json"));
    let merge: Vec<&str> =
        ["merge", "a.json"].into_iter().chain(others.iter().map(String::as_str)).collect();
    assert_snapshot!(desk.run(&merge).fails(2), @r#"
    error: parts of different studies: `clients.office.count` of the scenario is 100 in `a.json`, but 120 in `count.json`
    error: parts of different studies: `seed` of the scenario is 1 in `a.json`, but 77 in `seed.json`
    error: parts of different studies: the number of replications is 1 in `a.json`, but 2 in `often.json`
    error: parts of different studies: the engine is events in `a.json`, but tokio in `engine.json`
    error: parts of different studies: the list of thresholds is [] in `a.json`, but ["stranded == 0"] in `goal.json`
    error: parts of different studies: the list of variants is ["scenario"] in `a.json`, but ["count=1","count=2"] in `sweep.json`
    error: parts of different studies: the number of shards is 2 in `a.json`, but 3 in `shards.json`
    "#);
}

#[test]
fn another_version_s_part_is_refused() {
    let desk = Desk::with(SMALL);
    shards(&desk, &["run", "s.toml"], 1);
    let part = desk.read("part-1.json");
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(part.contains(&version));
    let desk = desk.file("part-1.json", part.replace(&version, "\"version\":\"0.0.9\""));
    let told = desk.run(&["merge", "part-1.json"]).fails(2);
    let told = told.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_snapshot!(told, @"error: `part-1.json` is of distpoint 0.0.9, but this is distpoint VERSION: join parts with the version that wrote them");
}

#[test]
fn what_is_no_part_or_damaged_is_refused_by_name() {
    let desk = Desk::with(SMALL);
    shards(&desk, &["run", "s.toml"], 1);
    desk.run(&["run", "s.toml", "-o", "results.json"]).succeeds();
    let part = desk.read("part-1.json");
    let desk = desk
        .file("cut.json", &part[..100])
        .file("list.json", "[1, 2]")
        .file("empty.json", "")
        .file("huge.json", part.replace("\"replications\":1", "\"replications\":999999999999"))
        .file("short.json", part.replacen("\"total\":[", "\"total\":[1,", 1))
        .file("wide.json", part.replace("\"bucket_ms\":", "\"bucket_ms\":7"));
    let files = ["cut.json", "list.json", "empty.json", "missing.json", "results.json", "s.toml"];
    let merge: Vec<&str> = ["merge"].into_iter().chain(files).collect();
    assert_snapshot!(desk.run(&merge).fails(2), @"
    error: `cut.json` is not JSON, or cut off: EOF while parsing a string at line 1 column 100
    error: `list.json` is no part: invalid type: integer `1`, expected a string at line 1 column 2; parts are written with --shard
    error: `empty.json` is not JSON, or cut off: EOF while parsing a value at line 1 column 0
    error: cannot read `missing.json`: No such file or directory (os error 2)
    error: `results.json` is no part: its schema is `distpoint.results/1`, that of parts is `distpoint.part/1`; they are written with --shard
    error: `s.toml` is not JSON, or cut off: expected ident at line 1 column 2
    ");
    for damaged in ["huge.json", "short.json", "wide.json"] {
        let told = desk.run(&["merge", damaged]).fails(2);
        assert!(told.contains("damaged"), "{told}");
    }
}

#[test]
fn a_shard_that_says_too_little_is_refused() {
    let desk = Desk::with(SMALL);
    let refused = |arguments: &[&str]| {
        let mut command = desk.command(&[&["run", "s.toml"], arguments].concat());
        for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
            command.env_remove(name);
        }
        desk.run_command(&mut command).fails(2)
    };
    assert_snapshot!(refused(&["--shard", "1/2"]), @"error: with --shard, name the file that the part goes to: -o PART.json");
    assert_snapshot!(refused(&["--shard", "1/2", "-o", "part.csv"]), @"error: `part.csv` cannot be written from a part of the study: write the part with -o PART.json, and have `distpoint merge` write the reports");
    assert_snapshot!(refused(&["--shard", "3/2", "-o", "part.json"]), @"
    error: invalid value '3/2' for '--shard <K/N>': there is no shard 3 of 2

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(&["--shard", "auto", "-o", "part.json"]), @"error: `auto` finds neither a Slurm array (SLURM_ARRAY_TASK_ID) nor a Kubernetes Indexed Job (JOB_COMPLETION_INDEX) around it: write --shard K/N");
    assert_snapshot!(refused(&["--shard", "1/2", "--precision", "2%"]), @"
    error: the argument '--shard <K/N>' cannot be used with '--precision <P%>'

    Usage: distpoint run --shard <K/N> <SCENARIO>

    For more information, try '--help'.
    ");
    assert_eq!(desk.listing(), ["s.toml"]);
    let size = |arguments: &[&str]| {
        let key = "distribution_points.*.connection_limit=1..30";
        let size = ["size", "s.toml", "--vary", key, "--until", "stranded < 5"];
        desk.run(&[&size, arguments].concat()).fails(2)
    };
    assert_snapshot!(size(&["--shard", "1/2", "-o", "part.json"]), @"error: --shard does not apply here: `size` plays as many runs as it takes, at most --max-replications; with --grid it plays every value equally often");
    assert_snapshot!(size(&["-n", "5"]), @"error: --replications does not apply here: `size` plays as many runs as it takes, at most --max-replications; with --grid it plays every value equally often");
    assert_snapshot!(size(&["--grid"]), @"error: --grid needs to know how often to play each value: give --replications, at least 2, for one run proves nothing");
    assert_snapshot!(size(&["--grid", "-n", "1"]), @"error: --grid needs to know how often to play each value: give --replications, at least 2, for one run proves nothing");
}

#[test]
fn a_scheduler_s_variables_say_which_shard_it_is() {
    let desk = Desk::with(SMALL);
    let shard = |argument: &str, variables: &[(&str, &str)]| {
        let mut command = desk.command(&["run", "s.toml", "--format", "json", "--shard", argument]);
        for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        desk.run_command(&mut command).json()["shard"].clone()
    };
    let slurm = [
        ("SLURM_ARRAY_TASK_ID", "3"),
        ("SLURM_ARRAY_TASK_MIN", "1"),
        ("SLURM_ARRAY_TASK_MAX", "4"),
        ("SLURM_ARRAY_TASK_STEP", "1"),
        ("SLURM_ARRAY_TASK_COUNT", "4"),
    ];
    assert_eq!(shard("auto", &slurm), "3/4");
    assert_eq!(shard("auto/5", &[("JOB_COMPLETION_INDEX", "4")]), "5/5");
}
