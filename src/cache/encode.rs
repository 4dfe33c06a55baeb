//! Values as bytes that stand behind others.

use postcard::ser_flavors::Flavor;
use serde::Serialize;

/// Adds a value to bytes, in the form in which `postcard` reads it.
///
/// # Errors
/// The value has no such form.
pub fn add(value: &impl Serialize, bytes: &mut Vec<u8>) -> postcard::Result<()> {
    postcard::serialize_with_flavor(value, Behind(bytes))
}

/// Writes behind what is there. The form that `postcard` has for that takes each byte by itself.
struct Behind<'b>(&'b mut Vec<u8>);

impl Flavor for Behind<'_> {
    type Output = ();

    fn try_extend(&mut self, data: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn try_push(&mut self, data: u8) -> postcard::Result<()> {
        self.0.push(data);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
