//! The types that [`Shown`] is made of. The list is closed: a type is on it because nothing hidden can be in what it prints.

use core::fmt;

use chrono::format::{DelayedFormat, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::{SafeText, Shown};
use crate::shown;

/// A value that may stand in words that are shown: see [`shown!`](macro@crate::shown). Nothing outside of this crate can be one.
pub trait Showable: fmt::Display + Sealed {}

/// Keeps [`Showable`] to this crate.
pub trait Sealed {}

/// The value itself, if it may be shown.
#[doc(hidden)]
pub const fn showable<T: Showable + ?Sized>(piece: &T) -> &T {
    piece
}

impl<T: Showable + ?Sized> Showable for &T {}
impl<T: Showable + ?Sized> Sealed for &T {}

impl Showable for &'static str {}
impl Sealed for &'static str {}

impl Showable for Shown {}
impl Sealed for Shown {}

impl Showable for SafeText {}
impl Sealed for SafeText {}

impl Showable for DelayedFormat<StrftimeItems<'_>> {}
impl Sealed for DelayedFormat<StrftimeItems<'_>> {}

impl From<DelayedFormat<StrftimeItems<'_>>> for Shown {
    fn from(moment: DelayedFormat<StrftimeItems<'_>>) -> Self {
        shown!("{}", moment)
    }
}

macro_rules! plain {
    ($($kind:ty)*) => {$(
        impl Showable for $kind {}
        impl Sealed for $kind {}
        impl From<$kind> for Shown {
            fn from(value: $kind) -> Self {
                shown!("{}", value)
            }
        }
        impl From<&$kind> for Shown {
            fn from(value: &$kind) -> Self {
                shown!("{}", value)
            }
        }
    )*};
}

plain!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);
plain!(DateTime<Utc> NaiveDate NaiveDateTime);
