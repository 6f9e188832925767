//! A text document that any word processor edits: OpenDocument, with pictures.

use super::Unmade;
use crate::map::escape;
use maillage_input::Lang;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const TYPE: &str = "application/vnd.oasis.opendocument.text";
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" office:version=\"1.3\"";

/// A document being written.
pub(super) struct Odt {
    body: String,
    /// Each as SVG, and as PNG for programs that draw no SVG.
    pictures: Vec<(String, Vec<u8>)>,
}

/// Text of XML: no character that XML forbids.
fn xml(text: &str) -> String {
    let allowed = |c: char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    escape(&text.chars().map(|c| if allowed(c) { c } else { ' ' }).collect::<String>())
        .replace("&#39;", "&apos;")
}

const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

/// The part that holds a picture.
fn picture_name(n: usize, ending: &str) -> String {
    format!("Pictures/map-{n}.{ending}")
}

fn image(part: &str, kind: &str) -> String {
    format!(
        "<draw:image xlink:href=\"{part}\" xlink:type=\"simple\" xlink:show=\"embed\" xlink:actuate=\"onLoad\" draw:mime-type=\"{kind}\"/>"
    )
}

impl Odt {
    pub(super) fn new() -> Odt {
        Odt { body: String::new(), pictures: Vec::new() }
    }

    pub(super) fn title(&mut self, text: &str) {
        self.paragraph_of("Title", text);
    }

    /// A heading of level 1 or 2.
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(
            self.body,
            "<text:h text:style-name=\"Heading_20_{level}\" text:outline-level=\"{level}\">{}</text:h>",
            xml(text)
        );
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.paragraph_of("Standard", text);
    }

    /// Small print.
    pub(super) fn note(&mut self, text: &str) {
        self.paragraph_of("Note", text);
    }

    fn paragraph_of(&mut self, style: &str, text: &str) {
        let _ = writeln!(self.body, "<text:p text:style-name=\"{style}\">{}</text:p>", xml(text));
    }

    /// A table with a heading that is repeated on every page; the first column holds texts, the others numbers.
    pub(super) fn table(&mut self, name: &str, head: &[String], rows: &[Vec<String>]) {
        let _ = write!(
            self.body,
            "<table:table table:name=\"{}\" table:style-name=\"Table\"><table:table-column table:style-name=\"First\"/><table:table-column table:style-name=\"Other\" table:number-columns-repeated=\"{}\"/>",
            xml(name),
            head.len().saturating_sub(1).max(1)
        );
        self.body.push_str("<table:table-header-rows>");
        self.line(head, "CellHead", ["Head", "HeadNumber"]);
        self.body.push_str("</table:table-header-rows>\n");
        for row in rows {
            self.line(row, "CellBody", ["Cell", "CellNumber"]);
        }
        self.body.push_str("</table:table>\n");
        self.paragraph("");
    }

    fn line(&mut self, cells: &[String], cell_style: &str, [first, other]: [&str; 2]) {
        self.body.push_str("<table:table-row>");
        for (i, cell) in cells.iter().enumerate() {
            let style = if i == 0 { first } else { other };
            let _ = write!(
                self.body,
                "<table:table-cell table:style-name=\"{cell_style}\" office:value-type=\"string\"><text:p text:style-name=\"{style}\">{}</text:p></table:table-cell>",
                xml(cell)
            );
        }
        self.body.push_str("</table:table-row>\n");
    }

    /// A drawing, with its ratio of height to width. Of the images in a frame the first that a program can draw is shown.
    pub(super) fn picture(&mut self, svg: String, png: Vec<u8>, ratio: f64, alternative: &str) {
        self.pictures.push((svg, png));
        let (n, wide) = (self.pictures.len(), 15.5);
        let _ = writeln!(
            self.body,
            "<text:p text:style-name=\"Standard\"><draw:frame draw:style-name=\"Picture\" draw:name=\"map-{n}\" text:anchor-type=\"as-char\" svg:width=\"{wide}cm\" svg:height=\"{:.2}cm\">\
             {}{}<svg:title>{}</svg:title></draw:frame></text:p>",
            wide * ratio,
            image(&picture_name(n, "svg"), SVG),
            image(&picture_name(n, "png"), PNG),
            xml(alternative)
        );
    }

    /// The file.
    pub(super) fn finish(self, lang: Lang, title: &str) -> Result<Vec<u8>, Unmade> {
        let mut manifest = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\n<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{TYPE}\"/>\n"
        );
        let parts =
            [("content.xml", self.content()), ("styles.xml", styles(lang)), ("meta.xml", meta(lang, title))];
        let pictures = self.pictures.into_iter().zip(1..).flat_map(|((svg, png), n)| {
            [(picture_name(n, "svg"), svg.into_bytes(), SVG), (picture_name(n, "png"), png, PNG)]
        });
        let parts: Vec<(String, Vec<u8>, &str)> = parts
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text.into_bytes(), "text/xml"))
            .chain(pictures)
            .collect();
        for (name, _, kind) in &parts {
            let _ = writeln!(
                manifest,
                "<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"{kind}\"/>"
            );
        }
        manifest.push_str("</manifest:manifest>\n");
        let written = || -> std::io::Result<Vec<u8>> {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            // The same plan gives the same bytes, whenever it is written.
            let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
            let packed = plain.compression_method(CompressionMethod::Deflated);
            // The type comes first and is not packed: that is how readers know the file.
            zip.start_file("mimetype", plain.compression_method(CompressionMethod::Stored))?;
            zip.write_all(TYPE.as_bytes())?;
            zip.start_file("META-INF/manifest.xml", packed)?;
            zip.write_all(manifest.as_bytes())?;
            for (name, bytes, _) in &parts {
                zip.start_file(name.as_str(), packed)?;
                zip.write_all(bytes)?;
            }
            Ok(zip.finish()?.into_inner())
        };
        written().map_err(|e| Unmade(e.to_string()))
    }

    fn content(&self) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content {SPACES}><office:automatic-styles>\
             <style:style style:name=\"Table\" style:family=\"table\"><style:table-properties style:width=\"17cm\" table:align=\"margins\"/></style:style>\
             <style:style style:name=\"First\" style:family=\"table-column\"><style:table-column-properties style:rel-column-width=\"5*\"/></style:style>\
             <style:style style:name=\"Other\" style:family=\"table-column\"><style:table-column-properties style:rel-column-width=\"2*\"/></style:style>\
             <style:style style:name=\"CellHead\" style:family=\"table-cell\"><style:table-cell-properties fo:background-color=\"#123a6b\" fo:padding=\"0.1cm\"/></style:style>\
             <style:style style:name=\"CellBody\" style:family=\"table-cell\"><style:table-cell-properties fo:border-bottom=\"0.02cm solid #d7dae0\" fo:padding=\"0.1cm\"/></style:style>\
             <style:style style:name=\"Picture\" style:family=\"graphic\"><style:graphic-properties style:vertical-pos=\"top\" style:vertical-rel=\"baseline\"/></style:style>\
             </office:automatic-styles><office:body><office:text>\n{}</office:text></office:body></office:document-content>\n",
            self.body
        )
    }
}

fn styles(lang: Lang) -> String {
    let (language, country) = match lang {
        Lang::Fr => ("fr", "FR"),
        Lang::En => ("en", "GB"),
    };
    let paragraph = |name: &str, parent: &str, properties: &str, text: &str| {
        let shown = name.replace("_20_", " ");
        format!(
            "<style:style style:name=\"{name}\" style:display-name=\"{shown}\" style:family=\"paragraph\" style:parent-style-name=\"{parent}\"><style:paragraph-properties {properties}/><style:text-properties {text}/></style:style>\n"
        )
    };
    let level = "fo:margin-top=\"0.5cm\" fo:margin-bottom=\"0.2cm\" fo:keep-with-next=\"always\"";
    let all = [
        paragraph(
            "Title",
            "Standard",
            "fo:margin-bottom=\"0.4cm\"",
            "fo:font-size=\"20pt\" fo:font-weight=\"bold\" fo:color=\"#123a6b\"",
        ),
        paragraph(
            "Heading_20_1",
            "Standard",
            level,
            "fo:font-size=\"15pt\" fo:font-weight=\"bold\" fo:color=\"#123a6b\"",
        ),
        paragraph("Heading_20_2", "Standard", level, "fo:font-size=\"12.5pt\" fo:font-weight=\"bold\""),
        paragraph(
            "Note",
            "Standard",
            "fo:margin-bottom=\"0.1cm\"",
            "fo:font-size=\"9pt\" fo:color=\"#515866\"",
        ),
        paragraph("Cell", "Standard", "fo:margin-bottom=\"0cm\"", "fo:font-size=\"9.5pt\""),
        paragraph(
            "CellNumber",
            "Standard",
            "fo:margin-bottom=\"0cm\" fo:text-align=\"end\"",
            "fo:font-size=\"9.5pt\"",
        ),
        paragraph("Head", "Cell", "fo:margin-bottom=\"0cm\"", "fo:font-weight=\"bold\" fo:color=\"#ffffff\""),
        paragraph(
            "HeadNumber",
            "CellNumber",
            "fo:text-align=\"end\"",
            "fo:font-weight=\"bold\" fo:color=\"#ffffff\"",
        ),
    ];
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles {SPACES}><office:styles>\
         <style:default-style style:family=\"paragraph\"><style:text-properties style:font-name=\"Liberation Sans\" fo:font-family=\"'Liberation Sans', Arial, sans-serif\" fo:font-size=\"10.5pt\" fo:language=\"{language}\" fo:country=\"{country}\"/></style:default-style>\n\
         <style:style style:name=\"Standard\" style:family=\"paragraph\" style:class=\"text\"><style:paragraph-properties fo:margin-bottom=\"0.25cm\" fo:line-height=\"120%\"/></style:style>\n{}\
         </office:styles><office:automatic-styles><style:page-layout style:name=\"A4\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\" fo:margin=\"2cm\"/></style:page-layout></office:automatic-styles>\
         <office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"A4\"/></office:master-styles></office:document-styles>\n",
        all.concat()
    )
}

fn meta(lang: Lang, title: &str) -> String {
    let language = if lang == Lang::Fr { "fr-FR" } else { "en-GB" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-meta {SPACES}><office:meta><meta:generator>maillage</meta:generator><dc:title>{}</dc:title><dc:language>{language}</dc:language></office:meta></office:document-meta>\n",
        xml(title)
    )
}
