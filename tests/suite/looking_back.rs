//! Post-mortems and reviews after an action, as communities write them.

use crate::session_pages::{read, records};

#[test]
fn a_post_mortem_is_a_retrospective_with_its_actions() {
    let page = "# Post-mortem: the wiki was down\n\n**Date:** 2026-03-09\n\n## Impact\n\nNobody could read.\n\n## Root cause\n\nDust.\n\n\
                ## What went well\n\n- The alert came at once\n\n## What went wrong\n\n- Nobody had the key\n\n## Lessons learned\n\n- Keep two keys\n\n\
                ## Action items\n\n| Action | Owner | Due |\n|---|---|---|\n| Copy the key | ada | 2026-04-01 |\n";
    let found = records(&[("docs/postmortems/wiki-down.md", page)]);
    let [record] = found.as_slice() else { panic!("{} records", found.len()) };
    assert_eq!(record["kind"], "retrospective");
    assert_eq!(record["profile"], "post-mortem");
    let fields = &record["fields"];
    assert_eq!(fields["date"], "2026-03-09");
    assert_eq!(fields["went-well"], serde_json::json!(["The alert came at once"]));
    assert_eq!(fields["went-badly"], serde_json::json!(["Nobody had the key"]));
    assert_eq!(fields["learnings"], serde_json::json!(["Keep two keys"]));
    let action = serde_json::json!([{ "what": "Copy the key", "owner": "ada", "due": "2026-04-01" }]);
    assert_eq!(fields["actions"], action);
}

#[test]
fn post_mortems_are_read_where_a_place_a_day_and_sections_agree() {
    let files = [
        (
            "audits/after-action/2026-06-18-move-aar.md",
            "---\ntags: [aar]\n---\n# After-action report: the move\n\n## 1. What we set out to do\n\nMove.\n\n## 3. What worked well\n\n- Boxes\n\n## 4. Friction and gaps (with root causes)\n\nStairs.\n\n## 5. Lessons\n\n- Rent a lift\n",
        ),
        (
            "docs/incident-reports/2026-02-12-launch-fail.md",
            "# 2026-02-12, launches fail\n\n## Summary\n\nNo launch.\n\n## Timeline\n\n### 09:10\n\nAlert.\n\n## Lessons learnt\n\n### What went well\n\n1. Calm\n\n## Action items\n\n- [ ] Test\n",
        ),
        (
            "docs/incidents/2026-03-01-pago.md",
            "# Caída del pago\n\n## Impacto\n\nSin pagos.\n\n## Causa raíz\n\nUn certificado.\n\n## Acciones correctivas\n\n- Renovar\n",
        ),
        (
            "docs/postmortem/20261007-cle.md",
            "# Panne du 7 octobre\n\n## Chronologie\n\n- 9 h\n\n## Causes racines\n\nLa clé.\n\n## Actions correctives\n\n- Copier la clé\n",
        ),
        (
            "docs/postmortems/hut.md",
            "# Post-mortem: the hut\n\n- **Dates:** 2026-06-03 → 2026-06-04\n- **Facilitator:** Ada\n\n## 1. Self-assessments\n\nGood.\n\n## 2. Improvement recommendations\n\n- Begin earlier\n",
        ),
        (
            "障害報告/2026-05-02.md",
            "# 2026-05-02 障害報告\n\n## 影響範囲\n\n全員\n\n## 根本原因\n\n証明書\n\n## 再発防止策\n\n- 監視\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "retrospective audits/after-action/2026-06-18-move-aar.md | After-action report: the move | 2026-06-18",
            "retrospective docs/incident-reports/2026-02-12-launch-fail.md | 2026-02-12, launches fail | 2026-02-12",
            "retrospective docs/incidents/2026-03-01-pago.md | Caída del pago | 2026-03-01",
            "retrospective docs/postmortem/20261007-cle.md | Panne du 7 octobre | 2026-10-07",
            "retrospective docs/postmortems/hut.md | Post-mortem: the hut | null",
            "retrospective 障害報告/2026-05-02.md | 2026-05-02 障害報告 | 2026-05-02",
        ]
    );
}

#[test]
fn a_post_mortem_may_be_known_by_its_title_and_what_happened_in_its_name() {
    let page = "# V4 upgrade chain-halt postmortem\n\n**Authors**: Ada  \n**Root Causes**: Two versions.\n\n## Lessons learned\n\n\
                ### What went well\n\n* Calm\n";
    let files = [
        ("06-nov-2022_upgrade_halt.md", page),
        ("docs/upgrade.md", page),
        ("docs/crash-reporter.md", "# Crash reporter\n\n## Impact\n\nNone.\n\n## Lessons learned\n\nSome.\n"),
    ];
    let expected = "retrospective 06-nov-2022_upgrade_halt.md | V4 upgrade chain-halt postmortem | null";
    assert_eq!(read(&files), [expected]);
}

#[test]
fn a_page_among_retrospectives_may_be_known_by_its_title_and_its_day() {
    let page = "# M6-S3: The happy path — Retrospective\n\n**Date:** 2026-05-29\n**Slice:** S3 of 7\n\n## Baseline\n\n- 158 tests\n\n## Items completed\n\nAll.\n";
    let files = [
        ("docs/retrospectives/M6-S3-happy-path.md", page),
        ("docs/retrospectives/M6-S4.md", &*page.replace("**Date:** 2026-05-29", "**Date:** soon")),
        ("docs/retrospectives/process.md", &*page.replace("— Retrospective", "— how to run one")),
        ("docs/notes/M6-S3-happy-path.md", page),
    ];
    let expected = "retrospective docs/retrospectives/M6-S3-happy-path.md | M6-S3: The happy path — Retrospective | 2026-05-29";
    assert_eq!(read(&files), [expected]);
}

#[test]
fn what_only_speaks_of_incidents_is_none() {
    let others = [
        (
            "_posts/2026-03-09-postmortem-of-the-outage.md",
            "---\ntitle: Post-mortem of the outage\n---\n\n## Impact\n\nAll.\n\n## Root cause\n\nDust.\n\n## Lessons learned\n\n- Clean\n",
        ),
        (
            "docs/postmortems/template.md",
            "# Post-mortem: [Title]\n\n**Date:** YYYY-MM-DD\n\n## Impact\n\n## Root cause\n\n## Action items\n",
        ),
        (
            "docs/postmortems/2026-01-01-form.md",
            "# Incident\n\n- Severity: [severity]\n- Date: {{date}}\n\n## Impact\n\n## Root cause\n\n## Action items\n",
        ),
        (
            "docs/postmortems/README.md",
            "# Post-mortems\n\nSince 2026.\n\n## Impact\n\nSay whom.\n\n## Root cause\n\nSay why.\n",
        ),
        (
            "docs/incidents/disk-full.md",
            "# Disk is full\n\n## Impact\n\nWrites fail.\n\n## Diagnosis\n\nRun `df`.\n\n## Mitigation\n\nDelete.\n",
        ),
        (
            "runbooks/incidents/2026-03-09-restart.md",
            "# Restart\n\n## Impact\n\nShort.\n\n## Timeline\n\n1 h\n\n## Next steps\n\nRestart.\n",
        ),
        (
            "docs/incident-response/process-2026.md",
            "# Incident process\n\n## Detection\n\nAlerts.\n\n## Response\n\nCall.\n\n## Lessons learned\n\nWrite a post-mortem.\n",
        ),
        (
            "docs/lessons-learned/testing.md",
            "# Lessons learned about tests\n\n## Root cause\n\nHaste.\n\n## Fix\n\nPatience.\n",
        ),
        (
            "docs/changelog/2026-03-09-incident-report.md",
            "# Changes\n\n## Impact\n\nNone.\n\n## Fixes\n\n- A\n",
        ),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn minutes_may_be_posts_with_attendees_and_an_announcement_is_none() {
    let files = [
        (
            "notes/_posts/2026-01-11-notes.md",
            "---\nlayout: notes\nattendees: 'Ada Byron, Max Weber, plus 5 others'\nlocation: Cafe\ntime: 6pm\n---\n\n## Roles\n\n- Ada presides\n",
        ),
        (
            "meetings/_posts/2026-02-18-monthly.md",
            "---\ntitle: Feb 18th 2026\nlocation: Library\naddress: 1 Main Street\ntime: 6:00pm\n---\n\n**Ada** will talk about maps.\n\n**You** tell us what you are solving.\n",
        ),
        (
            "meetings/_posts/2026-03-18-monthly.md",
            "---\ntitle: Mar 18th 2026\nlocation: Library\naddress: 1 Main Street\ntime: 6:00pm\n---\n\n## Agenda\n\n- Maps\n\n## Meeting Notes\n\nAda showed maps.\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "meeting meetings/_posts/2026-03-18-monthly.md | Mar 18th 2026 | 2026-03-18",
            "meeting notes/_posts/2026-01-11-notes.md | Roles | 2026-01-11",
        ]
    );
    let people = &records(&files[..1])[0]["fields"]["attendees"];
    assert_eq!(*people, serde_json::json!(["Ada Byron", "Max Weber"]));
}
