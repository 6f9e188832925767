//! Drawings as pictures of pixels, for programs that draw no SVG. Their letters come with the program: the bytes are the same
//! on every machine.

use super::Unmade;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// The family of the letters, those of the crate `notosans` (SIL Open Font License 1.1).
const FAMILY: &str = "Noto Sans";

/// Makes pictures; the letters are read once.
pub(super) struct Painter {
    options: Options<'static>,
}

impl Painter {
    pub(super) fn new() -> Painter {
        let mut options = Options { font_family: FAMILY.to_owned(), ..Options::default() };
        let fonts = options.fontdb_mut();
        for letters in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
            fonts.load_font_data(letters.to_vec());
        }
        fonts.set_sans_serif_family(FAMILY);
        Painter { options }
    }

    /// A drawing of ours, so many pixels wide.
    ///
    /// # Errors
    /// [`Unmade`] when it takes more memory than there is, or is no drawing.
    pub(super) fn png(&self, svg: &str, wide: u32) -> Result<Vec<u8>, Unmade> {
        let unmade = |why: &dyn std::fmt::Display| Unmade(format!("PNG: {why}"));
        let tree = Tree::from_str(svg, &self.options).map_err(|e| unmade(&e))?;
        let size = tree.size().to_int_size().scale_to_width(wide).ok_or_else(|| unmade(&"size"))?;
        let scale = wide as f32 / tree.size().width();
        let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| unmade(&"size"))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        pixels.encode_png().map_err(|e| unmade(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLANK: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\" width=\"60\" height=\"20\" font-family=\"sans-serif\" font-size=\"14\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><text x=\"2\" y=\"15\">@</text></svg>";

    fn pixels(text: &str) -> Pixmap {
        let png = Painter::new().png(&BLANK.replace('@', text), 120).unwrap();
        Pixmap::decode_png(&png).unwrap()
    }

    #[test]
    fn every_sign_that_texts_use_has_its_letter() {
        let blank = pixels("");
        assert_eq!((blank.width(), blank.height()), (120, 40));
        // What has no letter is drawn as the same box.
        let boxed = pixels("\u{e000}");
        assert!(boxed != blank);
        for sign in "éÉèêëàâçîïôùûüÿœŒ€−≤≥–—’…«»·°×²→ŷ".chars() {
            let drawn = pixels(&sign.to_string());
            assert!(drawn != blank && drawn != boxed, "{sign}");
        }
        for space in ["\u{a0}", "\u{202f}"] {
            assert!(pixels(space) == blank, "{space:?}");
            // Narrower than nothing between is not: it does take room.
            assert!(pixels(&format!("1{space}0")) != pixels("10"));
        }
        let bold = BLANK.replace("<text", "<text font-weight=\"bold\"").replace('@', "a");
        assert!(Painter::new().png(&bold, 120).unwrap() != pixels("a").encode_png().unwrap());
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let painter = Painter::new();
        assert!(painter.png("<svg", 100).is_err());
        assert!(painter.png(BLANK, 0).is_err());
        assert!(painter.png(BLANK, u32::MAX).is_err());
    }
}
