//! Text as an array, in the narrowest layout that holds it.

use arrow_array::{ArrayRef, LargeStringArray, StringArray};
use std::sync::Arc;

/// What 32-bit offsets reach.
const NARROW: usize = i32::MAX as usize;

/// Utf8; large utf8 when the texts together are longer than 2 GiB.
pub(crate) fn array<T: AsRef<str>>(values: impl Iterator<Item = Option<T>> + Clone) -> ArrayRef {
    array_within(NARROW, values)
}

fn array_within<T: AsRef<str>>(narrow: usize, values: impl Iterator<Item = Option<T>> + Clone) -> ArrayRef {
    let bytes: usize = values.clone().flatten().map(|text| text.as_ref().len()).sum();
    if bytes <= narrow {
        Arc::new(values.collect::<StringArray>())
    } else {
        Arc::new(values.collect::<LargeStringArray>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_schema::DataType;

    #[test]
    fn long_texts_get_long_offsets() {
        let texts = || [Some("promoter"), None, Some("detractor")].into_iter();
        assert_eq!(array(texts()).data_type(), &DataType::Utf8);
        let large = array_within(16, texts());
        assert_eq!(large.data_type(), &DataType::LargeUtf8);
        assert_eq!(large.as_string::<i64>().iter().collect::<Vec<_>>(), texts().collect::<Vec<_>>());
        assert_eq!(array_within(17, texts()).data_type(), &DataType::Utf8);
    }
}
