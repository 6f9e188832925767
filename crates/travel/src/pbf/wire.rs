//! The wire format of protocol buffers, as far as OpenStreetMap needs it: nothing here allocates or panics.

/// Bytes that are no protocol buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes: no field of ours.
    Fixed,
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Result<&'a [u8], Malformed> {
        if let Value::Bytes(bytes) = self { Ok(bytes) } else { Err(Malformed) }
    }

    pub(crate) fn varint(self) -> Result<u64, Malformed> {
        if let Value::Varint(v) = self { Ok(v) } else { Err(Malformed) }
    }
}

/// The fields of a message: number and value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<(u64, Value<'a>), Malformed> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Malformed),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }
}

/// Numbers one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Result<u64, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let value = varint(&mut self.0);
        if value.is_err() {
            self.0 = &[];
        }
        Some(value)
    }
}

/// Running sums of signed differences; sums wrap, as whoever writes nonsense reads nonsense.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Deltas<'a> {
    packed: Packed<'a>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Deltas { packed: Packed(bytes), sum: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = Result<i64, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        self.packed.next().map(|value| {
            self.sum = self.sum.wrapping_add(zigzag(value?));
            Ok(self.sum)
        })
    }
}

/// A signed number as protocol buffers fold it into an unsigned one.
pub(crate) fn zigzag(v: u64) -> i64 {
    (v >> 1) as i64 ^ -((v & 1) as i64)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    let mut value = 0;
    for (k, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 127) << (7 * k);
        if byte < 128 {
            *bytes = &bytes[k + 1..];
            return Ok(value);
        }
    }
    Err(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        // The example of the format's own description: 150 is 96 01.
        assert_eq!(varint(&mut &[0x96, 0x01][..]), Ok(150));
        assert_eq!(varint(&mut &[0x96][..]), Err(Malformed));
        assert_eq!(varint(&mut &[0xff; 11][..]), Err(Malformed));
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
        // 3, then -1 more, then nothing: 6 and 1 when folded.
        assert_eq!(Deltas::new(&[6, 1]).collect::<Vec<_>>(), [Ok(3), Ok(2)]);
    }

    #[test]
    fn fields_end_at_the_first_fault() {
        let bytes = [0x08, 5, 0x12, 2, b'a', b'b', 0x12, 9, b'c'];
        let fields: Vec<_> = Fields(&bytes).collect();
        assert_eq!(fields, [Ok((1, Value::Varint(5))), Ok((2, Value::Bytes(b"ab"))), Err(Malformed)]);
        assert_eq!(Fields(&[0x0b]).next(), Some(Err(Malformed)));
    }
}
