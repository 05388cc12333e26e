//! Studies in shards: their parts, merging them, and parts that do not fit together.

use serde_json::Value;

use crate::harness::{Desk, SMALL, assert_mentions, group};

/// The lines of a text, of which there are `N`.
#[track_caller]
fn lines<const N: usize>(text: &str) -> [&str; N] {
    let lines: Vec<&str> = text.lines().collect();
    lines.try_into().unwrap_or_else(|_| panic!("not {N} lines:\n{text}"))
}

/// Runs `arguments` in shards, each to `part-K.json`.
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
fn the_parts_of_a_run_merge_to_the_same_bytes() {
    let desk = Desk::new();
    for (scenario, replications, count) in
        [("retry-policies", "3", 4), ("q268500", "5", 3), ("continuous", "1", 1)]
    {
        let study = ["run", scenario, "-n", replications];
        let parts = shards(&desk, &study, count);
        // In reverse order, which does not matter.
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
fn parts_in_which_nobody_arrives_merge_to_the_same_bytes() {
    // In all runs, and in some of them.
    for arrival in
        ["{ kind = \"burst\", at = \"35s\" }", "{ kind = \"poisson\", mean_interval = \"40s\" }"]
    {
        let desk = Desk::with(&format!(
            "name = \"nobody\"\nhorizon = \"34s\"\n[distribution_points.D]\nconnection_limit = 1\n\
             [clients.c]\ncount = 1\narrival = {arrival}\n\
             transfer = {{ kind = \"constant\", duration = \"1s\" }}\n"
        ));
        let study = ["run", "s.toml", "-n", "6"];
        let parts = shards(&desk, &study, 6);
        let is_empty = |part: &String| desk.read(part).contains("\"open_area\":[]");
        assert!(parts.iter().any(is_empty), "{arrival}");
        let mut merge = vec!["merge", "-o", "all.json"];
        merge.extend(parts.iter().map(String::as_str));
        let merged = desk.run(&merge);
        let whole = desk.run(&[&study[..], &["-o", "whole.json"]].concat());
        assert_eq!((merged.code, &merged.stdout), (Some(0), &whole.stdout), "{merged:#?}");
        assert_eq!(desk.read("all.json"), desk.read("whole.json"), "{arrival}");
    }
}

#[test]
fn the_parts_of_a_sweep_merge_to_the_same_bytes() {
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
fn the_parts_of_a_search_over_a_grid_merge_to_the_same_bytes() {
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
fn a_grid_and_a_search_agree_where_nothing_is_random() {
    let text = group("arrival = { kind = \"burst\" }");
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
fn the_thresholds_decide_the_exit_code_when_the_parts_are_merged() {
    let desk = Desk::with(SMALL);
    let run = ["run", "s.toml", "-n", "2", "--threshold", "completed < 1"];
    shards(&desk, &run, 2);
    let merged = desk.run(&["merge", "part-1.json", "part-2.json"]);
    assert_eq!(merged.code, Some(99), "{}", merged.stdout);
}

#[test]
fn a_missing_and_a_duplicate_shard_are_named() {
    let desk = Desk::with(SMALL).file("other.txt", "");
    shards(&desk, &["run", "s.toml", "-n", "4"], 4);
    std::fs::copy(desk.path("part-2.json"), desk.path("again.json")).unwrap();
    let merge = ["merge", "part-1.json", "part-2.json", "again.json", "-o", "all.json"];
    let text = desk.run(&merge).fails(2);
    let [duplicate, missing] = lines(&text);
    assert_mentions(duplicate, "`part-2.json` | `again.json` | 2/4");
    assert_mentions(missing, "3/4, 4/4 | --shard");
    assert!(!desk.listing().contains(&"all.json".to_owned()));
}

#[test]
fn parts_of_different_studies_are_refused_with_each_difference() {
    let desk = Desk::with(SMALL).file("t.toml", group("count = 120"));
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
    let text = desk.run(&merge).fails(2);
    let differences: [_; 7] = lines(&text);
    for (difference, facts) in differences.into_iter().zip([
        "clients.office.count | 100 in `a.json` | 120 in `count.json`",
        "seed | 1 in `a.json` | 77 in `seed.json`",
        "replications | 1 in `a.json` | 2 in `often.json`",
        "engine | events in `a.json` | tokio in `engine.json`",
        "thresholds | [] in `a.json` | [\"stranded == 0\"] in `goal.json`",
        "variants | [\"scenario\"] in `a.json` | [\"count=1\",\"count=2\"] in `sweep.json`",
        "shards | 2 in `a.json` | 3 in `shards.json`",
    ]) {
        assert_mentions(difference, facts);
    }
}

#[test]
fn a_part_of_another_version_is_refused() {
    let desk = Desk::with(SMALL);
    shards(&desk, &["run", "s.toml"], 1);
    let part = desk.read("part-1.json");
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(part.contains(&version));
    let desk = desk.file("part-1.json", part.replace(&version, "\"version\":\"0.0.9\""));
    let text = desk.run(&["merge", "part-1.json"]).fails(2);
    assert_mentions(&text, concat!("`part-1.json` | 0.0.9 | ", env!("CARGO_PKG_VERSION")));
}

/// A part may contain lines that look like those of the program.
#[test]
fn what_a_part_and_its_name_have_in_them_is_printable_in_messages() {
    let desk = Desk::with(SMALL);
    desk.run(&["run", "s.toml", "--shard", "1/2", "-o", "a.json"]).succeeds();
    desk.run(&["run", "s.toml", "--shard", "2/2", "-o", "b.json"]).succeeds();
    let part: Value = serde_json::from_str(&desk.read("b.json")).expect("JSON");
    const HOSTILE: &str = "\rx\n\u{9b}2J\u{202e}y";
    const SHOWN: &str = "\\rx\\n\\u{9b}2J\\u{202e}y";
    type Damage = fn(&mut Value);
    let damages: [(&str, Damage); 6] = [
        ("the version", |part| part["plan"]["tool"]["version"] = HOSTILE.into()),
        ("the version", |part| part["plan"]["tool"]["name"] = HOSTILE.into()),
        ("of the scenario", |part| part["plan"]["scenario"][HOSTILE] = 1.into()),
        ("the engine", |part| part["plan"]["engine"] = HOSTILE.into()),
        ("the list of variants", |part| part["plan"]["variants"][0]["name"] = "\u{9b}2J".into()),
        ("not a part of a study", |part| {
            part["schema"] = HOSTILE.into();
            part["plan"] = 1.into();
        }),
    ];
    for (fact, damage) in damages {
        let mut damaged = part.clone();
        damage(&mut damaged);
        let desk = Desk::with(SMALL)
            .file("a.json", desk.read("a.json"))
            .file("b\n.json", damaged.to_string());
        let text = desk.run(&["merge", "a.json", "b\n.json"]).fails(2);
        let [message] = lines(&text);
        assert_mentions(message, &format!("{fact} | `b\\n.json`"));
        assert!(message.contains(SHOWN) || message.contains("\\u{9b}2J"), "{message}");
        assert!(!message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message:?}");
    }
    // The message on a part of another version alone, and an output whose name has a line in it.
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let other = desk.read("a.json").replace(&version, "\"version\":\"0.1.0\\r\\n\"");
    let desk = desk.file("a.json", other);
    let text = desk.run(&["merge", "a.json"]).fails(2);
    let [message] = lines(&text);
    assert_mentions(message, "distpoint 0.1.0\\r\\n, but this is");
    let text = desk.run(&["run", "s.toml", "-o", "a\nerror: b.txt2"]).fails(2);
    assert_mentions(lines::<1>(&text)[0], "`a\\nerror: b.txt2`");
}

#[test]
fn each_file_that_is_damaged_or_not_a_part_is_named() {
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
    let text = desk.run(&merge).fails(2);
    let problems: [_; 6] = lines(&text);
    for (problem, facts) in problems.into_iter().zip([
        "`cut.json` | JSON | cut off | column 100",
        "`list.json` | line 1 column 2 | --shard",
        "`empty.json` | JSON | line 1 column 0",
        "`missing.json` | (os error 2)",
        "`results.json` | `distpoint.results/1` | `distpoint.part/1` | --shard",
        "`s.toml` | JSON | line 1 column 2",
    ]) {
        assert_mentions(problem, facts);
    }
    for damaged in ["huge.json", "short.json", "wide.json"] {
        let text = desk.run(&["merge", damaged]).fails(2);
        assert_mentions(&text, "damaged");
    }
}

/// Each number is one that a part may hold, but their sums are no results.
#[test]
fn parts_whose_results_no_reader_would_accept_are_refused() {
    let desk = Desk::with(SMALL);
    desk.run(&["run", "s.toml", "-n", "2", "--shard", "1/1", "-o", "part.json"]).succeeds();
    let part: Value = serde_json::from_str(&desk.read("part.json")).expect("JSON");
    type Damage = fn(&mut Value);
    let damages: [(&str, Damage); 4] = [
        ("no replication", |part| {
            part["replications"] = 0.into();
            part["units"] = Value::Array(Vec::new());
        }),
        ("beyond all numbers", |part| {
            part["units"][0]["total"][1] = 1e308.into();
            part["units"][1]["total"][1] = (-1e308).into();
        }),
        ("more clients than there can be", |part| {
            part["curves"][0]["attempts"]["counts"][0] = (1u64 << 60).into();
        }),
        ("no end", |part| part["curves"][0]["bucket_ms"] = (1u64 << 60).into()),
    ];
    for (what, damage) in damages {
        let mut damaged = part.clone();
        damage(&mut damaged);
        let desk = Desk::new().file("part.json", damaged.to_string());
        let text = desk.run(&["merge", "part.json", "-o", "all.json"]).fails(2);
        assert_mentions(&text, "damaged");
        assert!(!desk.path("all.json").exists(), "{what}");
    }
}

#[test]
fn an_incomplete_command_for_a_shard_is_refused_with_what_is_missing() {
    let desk = Desk::with(SMALL);
    let refused = |arguments: &[&str]| {
        let mut command = desk.command(&[&["run", "s.toml"], arguments].concat());
        for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
            command.env_remove(name);
        }
        desk.run_command(&mut command).fails(2)
    };
    for (options, facts) in [
        (&["--shard", "1/2"][..], "--shard | -o PART.json"),
        (&["--shard", "1/2", "-o", "part.csv"], "`part.csv` | -o PART.json | distpoint merge"),
        (&["--shard", "3/2", "-o", "part.json"], "'3/2' | --shard | 3 | 2"),
        (
            &["--shard", "auto", "-o", "part.json"],
            "auto | SLURM_ARRAY_TASK_ID | JOB_COMPLETION_INDEX | --shard K/N",
        ),
        (&["--shard", "1/2", "--precision", "2%"], "--shard | --precision"),
    ] {
        assert_mentions(&refused(options), facts);
    }
    assert_eq!(desk.listing(), ["s.toml"]);
    let size = |arguments: &[&str]| {
        let key = "distribution_points.*.connection_limit=1..30";
        let size = ["size", "s.toml", "--vary", key, "--until", "stranded < 5"];
        desk.run(&[&size, arguments].concat()).fails(2)
    };
    const GRID: &str = "--grid | --replications | 2";
    for (options, facts) in [
        (
            &["--shard", "1/2", "-o", "part.json"][..],
            "--shard | size | --max-replications | --grid",
        ),
        (&["-n", "5"], "--replications | size | --max-replications | --grid"),
        (&["--grid"], GRID),
        (&["--grid", "-n", "1"], GRID),
    ] {
        assert_mentions(&size(options), facts);
    }
}

#[test]
fn the_variables_of_a_scheduler_give_the_number_of_the_shard() {
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
