//! A long list that many views share: a copy of it costs next to nothing, and what was in it when it was copied stays there once.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::fmt;
use core::ops::Range;

/// Items of a part. A copy that goes on alone copies one part at most, and holds a pointer for each of the others.
const PART: usize = 128;

/// A list that grows at its end and is cut at its beginning.
///
/// Replays keep hundreds of views along the way; of what has come in before, all of them hold the same parts.
#[derive(Clone)]
pub struct Rows<T> {
    /// All but the last are full.
    parts: VecDeque<Arc<Vec<T>>>,
    /// Items of the first part that were cut off.
    cut: usize,
    len: usize,
}

impl<T> Rows<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Says whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at a place, counted from the beginning.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        let at = self.cut + place;
        self.parts.get(at / PART)?.get(at % PART).filter(|_| place < self.len)
    }

    /// The first item.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// All of them, in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { rows: self, places: 0..self.len }
    }

    /// How many stand at the beginning of which `is_before` is true; all of those must stand before all others.
    pub fn partition_point(&self, mut is_before: impl FnMut(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&mut is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The place of an item with this key, of a list that is in the order of it.
    #[must_use]
    pub fn place_by<K: Ord>(&self, key: &K, of: impl Fn(&T) -> K) -> Option<usize> {
        let place = self.partition_point(|item| of(item) < *key);
        self.get(place).filter(|item| of(item) == *key).map(|_| place)
    }

    /// Cuts so many off at the beginning.
    pub(crate) fn cut_front(&mut self, count: usize) {
        let count = count.min(self.len);
        self.len -= count;
        self.cut += count;
        while self.cut >= PART && !self.parts.is_empty() {
            self.parts.pop_front();
            self.cut -= PART;
        }
        if self.len == 0 {
            self.parts.clear();
            self.cut = 0;
        }
    }
}

impl<T: Clone> Rows<T> {
    /// Puts one more at the end.
    pub fn push(&mut self, item: T) {
        if self.parts.back().is_none_or(|part| part.len() == PART) {
            self.parts.push_back(Arc::new(Vec::with_capacity(PART)));
        }
        if let Some(part) = self.parts.back_mut() {
            Arc::make_mut(part).push(item);
            self.len += 1;
        }
    }

    /// Puts one in at a place, before what stands there.
    pub fn insert(&mut self, place: usize, item: T) {
        let after: Vec<T> = self.iter().skip(place).cloned().collect();
        self.keep(self.len.min(place));
        self.push(item);
        self.extend(after);
    }

    /// Puts an item in the place of the first.
    pub(super) fn replace_first(&mut self, item: T) {
        if let Some(first) = self.parts.front_mut().and_then(|part| Arc::make_mut(part).get_mut(self.cut)) {
            *first = item;
        }
    }

    /// Leaves out what stands behind the first so many.
    fn keep(&mut self, len: usize) {
        let end = self.cut + len;
        self.parts.truncate(end.div_ceil(PART));
        if let Some(last) = self.parts.back_mut().filter(|_| !end.is_multiple_of(PART)) {
            Arc::make_mut(last).truncate(end % PART);
        }
        self.len = len;
    }
}

/// The items of [`Rows`], in order.
#[derive(Debug, Clone)]
pub struct Iter<'a, T> {
    rows: &'a Rows<T>,
    places: Range<usize>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.rows.get(self.places.next()?)
    }

    fn nth(&mut self, skipped: usize) -> Option<&'a T> {
        self.rows.get(self.places.nth(skipped)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<'a, T> DoubleEndedIterator for Iter<'a, T> {
    fn next_back(&mut self) -> Option<&'a T> {
        self.rows.get(self.places.next_back()?)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { parts: VecDeque::new(), cut: 0, len: 0 }
    }
}

impl<T: Clone> Extend<T> for Rows<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T: Clone> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut rows = Self::default();
        rows.extend(items);
        rows
    }
}

impl<T: Clone> From<Vec<T>> for Rows<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

/// How it is cut into parts makes no difference.
impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T: fmt::Debug> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Step {
        Push(usize),
        Cut(usize),
        Insert(usize),
        Copy,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0usize..300).prop_map(Step::Push),
            (0usize..300).prop_map(Step::Cut),
            (0usize..400).prop_map(Step::Insert),
            Just(Step::Copy),
        ]
    }

    proptest! {
        #[test]
        fn it_holds_what_a_list_would_and_so_do_its_copies(steps in prop::collection::vec(step(), 1..20)) {
            let (mut rows, mut plain, mut next) = (Rows::default(), Vec::new(), 0_u32);
            let mut copies = Vec::new();
            for step in steps {
                match step {
                    Step::Push(count) => for _ in 0..count {
                        rows.push(next);
                        plain.push(next);
                        next += 1;
                    },
                    Step::Cut(count) => {
                        rows.cut_front(count);
                        plain.drain(..count.min(plain.len()));
                    }
                    Step::Insert(place) => {
                        rows.insert(place.min(plain.len()), next);
                        plain.insert(place.min(plain.len()), next);
                        next += 1;
                    }
                    Step::Copy => copies.push((rows.clone(), plain.clone())),
                }
                copies.push((rows.clone(), plain.clone()));
                if !plain.is_empty() {
                    rows.replace_first(next);
                    plain[0] = next;
                }
            }
            copies.push((rows, plain));
            for (rows, plain) in copies {
                prop_assert_eq!(rows.len(), plain.len());
                prop_assert!(rows.iter().eq(plain.iter()) && rows.iter().rev().eq(plain.iter().rev()));
                prop_assert_eq!((rows.first(), rows.last()), (plain.first(), plain.last()));
                prop_assert!(rows.iter().skip(70).eq(plain.iter().skip(70)));
                prop_assert_eq!(&rows, &Rows::from(plain));
            }
        }

        #[test]
        fn a_place_is_found_by_its_key(count in 0u32..700, cut in 0usize..700, key in 0u32..800) {
            let mut rows: Rows<u32> = (0..count).collect();
            rows.cut_front(cut);
            let place = rows.iter().position(|item| *item == key);
            prop_assert_eq!(rows.place_by(&key, |item| *item), place);
            prop_assert_eq!(rows.partition_point(|item| *item < key), rows.iter().filter(|item| **item < key).count());
        }
    }
}
