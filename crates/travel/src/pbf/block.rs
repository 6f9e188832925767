//! What a blob holds: the header of the file, or nodes and ways.

use super::wire::{Deltas, Fields, Malformed, Packed};
use std::borrow::Cow;

/// Key and value; what is not UTF-8 is made so.
pub(crate) type Tag<'a> = (Cow<'a, str>, Cow<'a, str>);
/// The tags of a node or way.
pub(crate) type Tags<'a> = [Tag<'a>];

/// The value of a key.
pub(crate) fn tag<'t>(tags: &'t Tags, key: &str) -> Option<&'t str> {
    tags.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_ref())
}

/// Tags of one element, as OpenStreetMap itself bounds them.
const MAX_TAGS: usize = 5000;

/// A node. Coordinates are 1e-7 degrees, `None` when they are not on Earth.
pub(crate) struct Node {
    pub(crate) id: i64,
    pub(crate) point: Option<(i32, i32)>,
}

/// A way: its tags stand beside it.
pub(crate) struct Way<'a> {
    /// The nodes it runs through, by id.
    pub(crate) nodes: Deltas<'a>,
}

/// A blob of data, with its texts found but nothing else unpacked: a hostile blob cannot grow.
pub(crate) struct Block<'a> {
    strings: Vec<&'a [u8]>,
    bytes: &'a [u8],
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'a> Block<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Block<'a>, Malformed> {
        let mut block = Block { strings: Vec::new(), bytes, granularity: 100, lat_offset: 0, lon_offset: 0 };
        for field in Fields(bytes) {
            match field? {
                (1, value) => {
                    for string in Fields(value.bytes()?) {
                        if let (1, value) = string? {
                            block.strings.push(value.bytes()?);
                        }
                    }
                }
                (17, value) => block.granularity = value.varint()? as i64,
                (19, value) => block.lat_offset = value.varint()? as i64,
                (20, value) => block.lon_offset = value.varint()? as i64,
                _ => {}
            }
        }
        Ok(block)
    }

    /// Calls for each node and its tags.
    pub(crate) fn nodes(&self, mut see: impl FnMut(Node, &Tags)) -> Result<(), Malformed> {
        for group in self.groups() {
            for field in Fields(group?) {
                match field? {
                    (1, value) => self.node(value.bytes()?, &mut see)?,
                    (2, value) => self.dense(value.bytes()?, &mut see)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Calls for each way and its tags.
    pub(crate) fn ways(&self, mut see: impl FnMut(Way, &Tags)) -> Result<(), Malformed> {
        for group in self.groups() {
            for field in Fields(group?) {
                if let (3, value) = field? {
                    let (mut keys, mut values, mut nodes) = Default::default();
                    for field in Fields(value.bytes()?) {
                        match field? {
                            (2, value) => keys = Packed(value.bytes()?),
                            (3, value) => values = Packed(value.bytes()?),
                            (8, value) => nodes = Deltas::new(value.bytes()?),
                            _ => {}
                        }
                    }
                    see(Way { nodes }, &self.tags(keys, values)?);
                }
            }
        }
        Ok(())
    }

    /// Whether there are nodes, and ways.
    pub(crate) fn holds(&self) -> Result<(bool, bool), Malformed> {
        let mut holds = (false, false);
        for group in self.groups() {
            for field in Fields(group?) {
                match field?.0 {
                    1 | 2 => holds.0 = true,
                    3 => holds.1 = true,
                    _ => {}
                }
            }
        }
        Ok(holds)
    }

    fn groups(&self) -> impl Iterator<Item = Result<&'a [u8], Malformed>> + use<'a> {
        Fields(self.bytes).filter_map(|field| match field {
            Ok((2, value)) => Some(value.bytes()),
            Ok(_) => None,
            Err(e) => Some(Err(e)),
        })
    }

    fn node(&self, bytes: &'a [u8], see: &mut impl FnMut(Node, &Tags)) -> Result<(), Malformed> {
        let (mut id, mut lat, mut lon) = (0, None, None);
        let (mut keys, mut values) = Default::default();
        for field in Fields(bytes) {
            match field? {
                (1, value) => id = super::wire::zigzag(value.varint()?),
                (2, value) => keys = Packed(value.bytes()?),
                (3, value) => values = Packed(value.bytes()?),
                (8, value) => lat = Some(super::wire::zigzag(value.varint()?)),
                (9, value) => lon = Some(super::wire::zigzag(value.varint()?)),
                _ => {}
            }
        }
        let point = self.point(lat.ok_or(Malformed)?, lon.ok_or(Malformed)?);
        see(Node { id, point }, &self.tags(keys, values)?);
        Ok(())
    }

    fn dense(&self, bytes: &'a [u8], see: &mut impl FnMut(Node, &Tags)) -> Result<(), Malformed> {
        let (mut ids, mut lats, mut lons) = <(Deltas, Deltas, Deltas)>::default();
        let mut texts = Packed::default();
        for field in Fields(bytes) {
            match field? {
                (1, value) => ids = Deltas::new(value.bytes()?),
                (8, value) => lats = Deltas::new(value.bytes()?),
                (9, value) => lons = Deltas::new(value.bytes()?),
                (10, value) => texts = Packed(value.bytes()?),
                _ => {}
            }
        }
        let mut tags = Vec::new();
        for id in ids {
            let (Some(lat), Some(lon)) = (lats.next(), lons.next()) else { return Err(Malformed) };
            tags.clear();
            // Key, value, key, value, 0 for each node; nothing at all when no node has a tag.
            while let Some(key) = texts.next() {
                let key = key?;
                if key == 0 {
                    break;
                }
                if tags.len() == MAX_TAGS {
                    return Err(Malformed);
                }
                tags.push((self.text(key)?, self.text(texts.next().ok_or(Malformed)??)?));
            }
            see(Node { id: id?, point: self.point(lat?, lon?) }, &tags);
        }
        Ok(())
    }

    fn tags(&self, keys: Packed<'a>, mut values: Packed<'a>) -> Result<Vec<Tag<'a>>, Malformed> {
        let mut tags = Vec::new();
        for key in keys {
            if tags.len() == MAX_TAGS {
                return Err(Malformed);
            }
            tags.push((self.text(key?)?, self.text(values.next().ok_or(Malformed)??)?));
        }
        Ok(tags)
    }

    fn text(&self, index: u64) -> Result<Cow<'a, str>, Malformed> {
        let index = usize::try_from(index).map_err(|_| Malformed)?;
        self.strings.get(index).map(|s| String::from_utf8_lossy(s)).ok_or(Malformed)
    }

    /// A point on Earth in 1e-7 degrees.
    fn point(&self, lat: i64, lon: i64) -> Option<(i32, i32)> {
        let degrees = |raw: i64, offset: i64, most: i64| {
            let nano = self.granularity.checked_mul(raw)?.checked_add(offset)?;
            let value = nano.div_euclid(100);
            if value.unsigned_abs() <= most.unsigned_abs() { i32::try_from(value).ok() } else { None }
        };
        Some((degrees(lat, self.lat_offset, 900_000_000)?, degrees(lon, self.lon_offset, 1_800_000_000)?))
    }
}
