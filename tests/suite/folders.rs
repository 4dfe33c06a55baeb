//! Records whose folder, or whose neighbours, tell what they are.

use crate::kit::Repository;

/// The path, format, identifier and title of each record.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let line = |it: &serde_json::Value| {
        let (path, profile) = (text(&it["path"]), text(&it["profile"]));
        format!("{path}: {profile} {}, {}", text(&it["id"]), text(&it["fields"]["title"]))
    };
    records.iter().map(line).collect()
}

/// The path and the day of each record.
fn days(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |it: &serde_json::Value| {
        format!(
            "{}: {}",
            it["path"].as_str().unwrap_or_default(),
            it["fields"]["date"].as_str().unwrap_or("-")
        )
    };
    records.iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_folder_of_dependencies_may_hold_proposals_of_ones_own() {
    let page = |title: &str| {
        format!(
            "# {title}\n\n**Status**: Approved\n\n**Authors**: Ada\n\n**Replaces**: N/A\n\n# What\n\nMore.\n"
        )
    };
    let (one, other) = (page("Send events"), page("Keep events"));
    let files = [("deps/0003-send-events.md", &*one), ("deps/0003-keep-events.md", &other)];
    assert_eq!(
        read(&files),
        [
            "deps/0003-keep-events.md: numbered 0003, Keep events",
            "deps/0003-send-events.md: numbered 0003, Send events",
        ]
    );
    let told = found(&files).join("\n");
    assert!(told.contains("2 decisions have the id `0003`"), "{told}");
    let theirs = [("deps/lib/doc/0003-send-events.md", &*one), ("deps/lib/doc/0003-keep-events.md", &other)];
    assert_eq!(found(&theirs), [""; 0], "what lies in a folder there is the work of others");
}

#[test]
fn a_key_in_capitals_states_the_number_of_the_folder() {
    let page = |number: &str, key: &str| {
        format!(
            "---\n{key}: {number}\nAuthor: Ada\nStatus: accepted\n---\n\n# RFC {number}: Tables\n\n## Notes\n\nA.\n"
        )
    };
    let (own, other, id) = (page("0016", "RFC"), page("0017", "RFC"), page("0019", "ID"));
    let files =
        [("0016-tables/README.md", &*own), ("0018-chairs/README.md", &other), ("0019-beds/README.md", &id)];
    assert_eq!(read(&files), ["0016-tables/README.md: numbered 0016, Tables"]);
}
