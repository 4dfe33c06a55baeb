use std::sync::Arc;

use super::super::{Document, Format};
use super::*;

const PAGE: &str = "\
<pre>
  BIP: 2
  Title: Process
  Status: Active
</pre>

==Abstract==

One ''two'' '''three''' <code>code</code> {{template}} https://x.y end.
See [[bip-0001.mediawiki|BIP 1]], [[Some page]], [https://example.org the site] and [[File:a.png]].

=== Sub <nowiki>x</nowiki> ===

* item [[a.md]]
** nested
# first

<source lang=\"python\">
no == heading ==
</source>

<!-- a comment
== no == -->
{| class=\"wikitable\"
! Term !! Means
|-
| One || style=\"a\" | first
|-
| Two
| second
|}
 preformatted
";

fn parse(text: &str) -> Document {
    crate::syntax::parse(Arc::new(Source::new("a.mediawiki", text.into())), Format::MediaWiki)
}

#[test]
fn the_parts_of_a_page_are_found() {
    let document = parse(PAGE);
    let (page, slice) = (document.markdown.as_ref().unwrap(), |span| document.source.slice(span));
    assert_eq!(
        slice(page.lead.as_ref().unwrap().span),
        "<pre>\n  BIP: 2\n  Title: Process\n  Status: Active"
    );
    let headings: Vec<_> = page.headings.iter().map(|it| (it.level, &*it.title, slice(it.span))).collect();
    assert_eq!(headings, [(2, "Abstract", "Abstract"), (3, "Sub x", "Sub <nowiki>x</nowiki>")]);
    let links: Vec<_> = page.links.iter().map(|link| (slice(link.text), &*link.destination)).collect();
    assert_eq!(
        links,
        [("BIP 1", "bip-0001.mediawiki"), ("the site", "https://example.org"), ("a.md", "a.md")]
    );
    let items: Vec<_> = page.items.iter().map(|item| (item.depth, &*item.plain)).collect();
    assert_eq!(items, [(1, "item a.md"), (2, "nested"), (1, "first")]);
    assert_eq!(
        (&*page.fences[0].language, slice(page.fences[0].content)),
        ("python", "\nno == heading ==\n")
    );
    assert_eq!(slice(page.comments[0]), "<!-- a comment\n== no == -->");
    let [table] = &page.tables[..] else { panic!("{:?}", page.tables) };
    let rows: Vec<Vec<_>> = std::iter::once(&table.header)
        .chain(&table.rows)
        .map(|row| row.iter().map(|cell| &*cell.text).collect())
        .collect();
    assert_eq!(rows, [["Term", "Means"], ["One", "first"], ["Two", "second"]]);
}

#[test]
fn prose_is_visible_text() {
    let document = parse("One ''two'' <code>no</code> {{no}} https://x.y end.\n\n no\n<ref>no</ref>\n");
    let prose = &document.markdown.as_ref().unwrap().prose;
    let prose: Vec<_> = prose.iter().map(|prose| document.source.slice(prose.span)).collect();
    assert_eq!(prose, ["One ", "two", " end."]);
}

#[test]
fn headings_have_the_level_of_both_sides() {
    let document = parse("= A =\n== B==\n=== C ==\n==\n= =\n==D== \n");
    let headings = &document.markdown.as_ref().unwrap().headings;
    let found: Vec<_> = headings.iter().map(|it| (it.level, &*it.title)).collect();
    assert_eq!(found, [(1, "A"), (2, "B"), (2, "= C"), (2, "D")]);
}

#[test]
fn the_anchor_of_a_heading_leaves_out_its_signs() {
    let page = parse("== Public &rarr; child &amp R&D; ==\n").markdown.expect("a page");
    assert_eq!(&*page.headings[0].slug, "public--child-amp-r");
}
