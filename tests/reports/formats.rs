//! One small study in every format.

use insta::assert_snapshot;

use crate::harness::{SMALL, compared, render, render_comparison, small};

#[test]
fn json() {
    assert_eq!(render(&small(), "json"), SMALL);
}

#[test]
fn csv() {
    assert_snapshot!(render(&small(), "csv"), @"
    variant,clients,clients.low,clients.high,arrived,arrived.low,arrived.high,completed,completed.low,completed.high,stranded,stranded.low,stranded.high,refused.ratio,refused.ratio.low,refused.ratio.high,completion.p95,completion.p95.low,completion.p95.high,makespan,makespan.low,makespan.high,attempts.mean,attempts.mean.low,attempts.mean.high,connections.peak,connections.peak.low,connections.peak.high
    buggy,100,100,100,100,100,100,88,86.5,89.5,12,10.5,13.5,0.75,0.745,0.755,5400000,5340000,5460000,,,,4,,,5,5,5
    fixed | <b>,100,100,100,100,100,100,100,100,100,0,0,0,0.75,0.745,0.755,6300000,6240000,6360000,,,,4,,,5,5,5
    ");
}

#[test]
fn markdown() {
    assert_snapshot!(render(&small(), "markdown"), @"
    ## A small office

    **12 of 100 advertisements are stranded under buggy and 0 under fixed &#124; &#60;b&#62;. 1 of 4 thresholds is breached and 2 cannot be told: stranded == 0 under buggy (observed 12). Thresholds: 1 of 4 checks failed, 2 inconclusive.**

    ### Thresholds

    | threshold | variant | observed | verdict |
    |---|---|--:|---|
    | stranded == 0 | buggy | 12 ±1.5 | ❌ fail |
    | completion.p95 &#60; 90m &#64;&zwnj; buggy | buggy | 1h 30m ±1m | ❔ inconclusive |
    | makespan &#60; 1d | buggy | - | ❔ inconclusive |
    | stranded == 0 | fixed &#124; &#60;b&#62; | 0 | ✅ pass |

    ### Figures

    |  | buggy | fixed &#124; &#60;b&#62; |
    |---|--:|--:|
    | clients | 100 | 100 |
    | completed | 88 ±1.5 | 100 |
    | stranded | 12 ±1.5 (12%) | 0 |
    | completion, median | - | - |
    | completion, 95% | 1h 30m ±1m | 1h 45m ±1m |
    | completion, slowest | - | - |
    | last completion after | - | - |
    | attempts per client, mean | 4 | 4 |
    | attempts per client, most | - | - |
    | attempts refused | 75% ±0.5% | 75% ±0.5% |
    | connections, most | 5 | 5 |
    | utilisation of the limit | - | - |
    | idle while clients waited | - | - |

    ### Compared with buggy, run by run (95% intervals)

    | variant | stranded | completion, 95% | last completion after | attempts per client |
    |---|--:|--:|--:|--:|
    | fixed &#124; &#60;b&#62; | 10.5 to 13.5 less: better | no difference shown | - | - |

    ### Findings

    - **buggy**: not steady: lengthen &#96;warmup&#96;

    seed 7, 2 runs of each variant, distpoint 0.1.0
    ");
}

#[test]
fn junit() {
    assert_snapshot!(render(&small(), "junit"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="distpoint" tests="4" skipped="0" failures="3" errors="0">
        <testsuite name="A small office" tests="4" skipped="0" errors="0" failures="3">
            <properties>
                <property name="seed" value="7"/>
                <property name="replications" value="2"/>
                <property name="engine" value="events"/>
                <property name="version" value="distpoint 0.1.0"/>
            </properties>
            <testcase name="stranded == 0" classname="buggy">
                <failure message="stranded: observed 12, 95% interval 10.5 to 13.5; limit == 0" type="threshold">stranded: observed 12, 95% interval 10.5 to 13.5; limit == 0</failure>
            </testcase>
            <testcase name="stranded == 0" classname="fixed | &lt;b&gt;">
                <system-out>stranded: observed 0, 95% interval 0 to 0; limit == 0</system-out>
            </testcase>
            <testcase name="completion.p95 &lt; 90m @ buggy" classname="buggy">
                <failure message="completion.p95: inconclusive: observed 1h 30m, 95% interval 1h 29m to 1h 31m; limit &lt; 1h 30m" type="inconclusive">completion.p95: inconclusive: observed 1h 30m, 95% interval 1h 29m to 1h 31m; limit &lt; 1h 30m</failure>
            </testcase>
            <testcase name="makespan &lt; 1d" classname="buggy">
                <failure message="makespan: inconclusive: observed nothing to measure; limit &lt; 1d" type="inconclusive">makespan: inconclusive: observed nothing to measure; limit &lt; 1d</failure>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn text() {
    assert_snapshot!(render(&small(), "text"), @"
    A small office

    12 of 100 advertisements are stranded under buggy and 0 under fixed | <b>. 1 of 4 thresholds is breached and 2 cannot be told: stranded == 0 under buggy (observed 12).

                                       buggy  fixed | <b>
    clients                              100          100
    completed                        88 ±1.5          100
    stranded                   12 ±1.5 (12%)            0
    completion, median                     -            -
    completion, 95%               1h 30m ±1m   1h 45m ±1m
    completion, slowest                    -            -
    last completion after                  -            -
    attempts per client, mean              4            4
    attempts per client, most              -            -
    attempts refused               75% ±0.5%    75% ±0.5%
    connections, most                      5            5
    utilisation of the limit               -            -
    idle while clients waited              -            -

    Compared with buggy, run by run (95% intervals):
      fixed | <b>
        stranded              10.5 to 13.5 less: better
        completion, 95%       no difference shown

    threshold                     variant      observed    verdict
    stranded == 0                 buggy        12 ±1.5     FAIL
    stranded == 0                 fixed | <b>  0           pass
    completion.p95 < 90m @ buggy  buggy        1h 30m ±1m  inconclusive
    makespan < 1d                 buggy        -           inconclusive

    What this means:
    - buggy: not steady: lengthen `warmup`

    Open connections over time (full height: 5; one block: 3s)
    buggy        ████████████████████▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂
    fixed | <b>  ████████████████████████████████████████▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
                 0                        1m 30s                           3m

    seed 7, 2 runs of each variant, distpoint 0.1.0
    ");
}

/// The same study with fewer stranded clients, under another seed.
fn pair() -> distpoint::compare::Compared {
    let mut new = small();
    new.seed = 8;
    new.scenario["clients"]["office"]["count"] = 110.into();
    let stranded = new.variants[0].metrics.get_mut("stranded").and_then(Option::as_mut);
    if let Some(stranded) = stranded {
        (stranded.mean, stranded.ci95) = (24.0, Some([22.5, 25.5]));
    }
    new.variants[1].name = "another".to_owned();
    compared(&small(), &new)
}

#[test]
fn comparison_in_text() {
    assert_snapshot!(render_comparison(&pair(), "text"), @"
    A small office

    Regression: 1 figure is worse beyond luck and tolerance: stranded 12 to 24 (+100%) under buggy.

    The studies differ:
      seed: 7 in the base, 8 in the new results
      clients.office.count: 100 in the base, 110 in the new results

    Not compared replication by replication: the seeds differ.

    buggy (compared as independent samples)
    metric    base  new  change    95% interval     verdict
    stranded    12   24   +100%  +11.3 to +12.7  REGRESSION
    no difference shown in 8 metrics

    Only in the base: fixed | <b>

    Only in the new results: another

    Thresholds of the new results:
    threshold                     variant      observed    verdict
    stranded == 0                 buggy        12 ±1.5     FAIL
    stranded == 0                 fixed | <b>  0           pass
    completion.p95 < 90m @ buggy  buggy        1h 30m ±1m  inconclusive
    makespan < 1d                 buggy        -           inconclusive
    ");
}

#[test]
fn comparison_in_markdown() {
    assert_snapshot!(render_comparison(&pair(), "markdown"), @"
    ## A small office

    ❌ **Regression: 1 figure is worse beyond luck and tolerance: stranded 12 to 24 (+100%) under buggy.**

    ### What changed

    | variant | metric | base | new | change | 95% interval | verdict |
    |---|---|--:|--:|--:|--:|--:|
    | buggy | stranded | 12 | 24 | +100% | +11.3 to +12.7 | REGRESSION |

    ### Thresholds

    | threshold | variant | observed | verdict |
    |---|---|--:|---|
    | stranded == 0 | buggy | 12 ±1.5 | ❌ fail |
    | completion.p95 &#60; 90m &#64;&zwnj; buggy | buggy | 1h 30m ±1m | ❔ inconclusive |
    | makespan &#60; 1d | buggy | - | ❔ inconclusive |
    | stranded == 0 | fixed &#124; &#60;b&#62; | 0 | ✅ pass |

    ### In what the studies differ

    - seed: 7 in the base, 8 in the new results
    - clients.office.count: 100 in the base, 110 in the new results

    ### Variants only in the base

    - fixed &#124; &#60;b&#62;

    ### Variants only in the new results

    - another

    Not compared replication by replication: the seeds differ.

    compared as independent samples, distpoint 0.1.0
    ");
}

#[test]
fn comparison_in_junit() {
    assert_snapshot!(render_comparison(&pair(), "junit"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="distpoint" tests="10" skipped="0" failures="4" errors="0">
        <testsuite name="A small office: comparison" tests="6" skipped="0" errors="0" failures="1">
            <testcase name="completed" classname="buggy">
                <system-out>no difference shown: base 88, new 88, change 0%, 95% interval -0.7 to +0.7</system-out>
            </testcase>
            <testcase name="stranded" classname="buggy">
                <failure message="REGRESSION: base 12, new 24, change +100%, 95% interval +11.3 to +12.7" type="regression">REGRESSION: base 12, new 24, change +100%, 95% interval +11.3 to +12.7</failure>
            </testcase>
            <testcase name="refused.ratio" classname="buggy">
                <system-out>no difference shown: base 75%, new 75%, change 0%, 95% interval -0.2 to +0.2 points</system-out>
            </testcase>
            <testcase name="completion.p95" classname="buggy">
                <system-out>no difference shown: base 1h 30m, new 1h 30m, change 0%, 95% interval -28.7s to +28.7s</system-out>
            </testcase>
            <testcase name="makespan" classname="buggy">
                <system-out>no value: base -, new -, change -, 95% interval -</system-out>
            </testcase>
            <testcase name="attempts.mean" classname="buggy">
                <system-out>no difference shown: base 4, new 4, change 0%, 95% interval -</system-out>
            </testcase>
        </testsuite>
        <testsuite name="A small office" tests="4" skipped="0" errors="0" failures="3">
            <testcase name="stranded == 0" classname="buggy">
                <failure message="stranded: observed 12, 95% interval 10.5 to 13.5; limit == 0" type="threshold">stranded: observed 12, 95% interval 10.5 to 13.5; limit == 0</failure>
            </testcase>
            <testcase name="stranded == 0" classname="fixed | &lt;b&gt;">
                <system-out>stranded: observed 0, 95% interval 0 to 0; limit == 0</system-out>
            </testcase>
            <testcase name="completion.p95 &lt; 90m @ buggy" classname="buggy">
                <failure message="completion.p95: inconclusive: observed 1h 30m, 95% interval 1h 29m to 1h 31m; limit &lt; 1h 30m" type="inconclusive">completion.p95: inconclusive: observed 1h 30m, 95% interval 1h 29m to 1h 31m; limit &lt; 1h 30m</failure>
            </testcase>
            <testcase name="makespan &lt; 1d" classname="buggy">
                <failure message="makespan: inconclusive: observed nothing to measure; limit &lt; 1d" type="inconclusive">makespan: inconclusive: observed nothing to measure; limit &lt; 1d</failure>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn comparison_in_csv() {
    assert_snapshot!(render_comparison(&pair(), "csv"), @"
    variant,metric,base,new,difference,difference.low,difference.high,relative,verdict,outcome
    buggy,clients,100,100,0,0,0,0,no_difference_shown,pass
    buggy,arrived,100,100,0,0,0,0,no_difference_shown,pass
    buggy,completed,88,88,0,-0.7183344638627179,0.7183344638627179,0,no_difference_shown,pass
    buggy,stranded,12,24,12,11.281665536137282,12.718334463862718,1,worse,regression
    buggy,refused.ratio,0.75,0.75,0,-0.0023944482128757283,0.0023944482128757283,0,no_difference_shown,pass
    buggy,completion.p95,5400000,5400000,0,-28733.378554508716,28733.378554508716,0,no_difference_shown,pass
    buggy,makespan,,,,,,,,pass
    buggy,attempts.mean,4,4,0,,,0,no_difference_shown,pass
    buggy,connections.peak,5,5,0,0,0,0,no_difference_shown,pass
    ");
}

#[test]
fn comparison_in_json() {
    let json: serde_json::Value =
        serde_json::from_str(&render_comparison(&pair(), "json")).expect("JSON");
    assert_eq!(json["schema"], "distpoint.comparison/1");
    assert_eq!(json["outcome"], "regression");
    assert_eq!(json["only_in_base"], serde_json::json!(["fixed | <b>"]));
    assert_snapshot!(json["variants"][0]["metrics"]["stranded"], @r#"{"base":12.0,"new":24.0,"difference":12.0,"ci95":[11.281665536137282,12.718334463862718],"relative":1.0,"verdict":"worse","judged":true,"outcome":"regression"}"#);
}

/// The texts of a page, a line for each heading, paragraph, list item and table row.
fn texts(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').expect("a tag ends");
        text.push_str(match tag.split(' ').next().expect("a tag has a name") {
            "h1" | "h2" | "p" | "li" | "tr" | "summary" | "dt" => "\n",
            "th" | "td" | "dd" => " | ",
            _ => "",
        });
        text.push_str(content);
    }
    text.trim().replace('\u{a0}', " ")
}

#[test]
fn comparison_in_html() {
    let page = render_comparison(&pair(), "html");
    assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme:dark"));
    for (class, word) in [("fail", "REGRESSION"), ("neutral", "no value"), ("pass", "✓ pass")] {
        assert!(page.contains(&format!("<span class=\"verdict {class}\">{word}</span>")), "{word}");
    }
    let body = page.split_once("<main>").expect("a body").1;
    assert_snapshot!(texts(body), @r#"
    A small office: comparison
    Regression: 1 figure is worse beyond luck and tolerance: stranded 12 to 24 (+100%) under buggy.
    In what the studies differ
    seed: 7 in the base, 8 in the new results
    clients.office.count: 100 in the base, 110 in the new results
    Not compared replication by replication: the seeds differ.
    buggy
    compared as independent samples
     | Metric | Base | New | Change | 95% interval | Verdict
     | stranded | 12 | 24 | +100% | +11.3 to +12.7 | REGRESSION
    All 9 metrics
     | Metric | Base | New | Change | 95% interval | Verdict
     | clients | 100 | 100 | 0% | 0 to 0 | no difference shown
     | arrived | 100 | 100 | 0% | 0 to 0 | no difference shown
     | completed | 88 | 88 | 0% | -0.7 to +0.7 | no difference shown
     | stranded | 12 | 24 | +100% | +11.3 to +12.7 | REGRESSION
     | refused.ratio | 75% | 75% | 0% | -0.2 to +0.2 points | no difference shown
     | completion.p95 | 1h 30m | 1h 30m | 0% | -28.7s to +28.7s | no difference shown
     | makespan | - | - | - | - | no value
     | attempts.mean | 4 | 4 | 0% | - | no difference shown
     | connections.peak | 5 | 5 | 0% | 0 to 0 | no difference shown
    Thresholds of the new results
     | Threshold | Variant | Observed | Verdict
     | stranded == 0 | buggy | 12 ±1.5 | ✗ FAIL
     | completion.p95 &lt; 90m @ buggy | buggy | 1h 30m ±1m | ? inconclusive
     | makespan &lt; 1d | buggy | - | ? inconclusive
     | stranded == 0 | fixed | &lt;b&gt; | 0 | ✓ pass
    Only in the base
    fixed | &lt;b&gt;
    Only in the new results
    another
    Base | seed 7, 2 replications
    New | seed 8, 2 replications
    Version | distpoint 0.1.0
    "#);
}
