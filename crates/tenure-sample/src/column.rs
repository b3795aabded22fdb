//! The columns a table is handed out in.

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 8-bit integers.
    I8,
    /// 16-bit integers.
    I16,
    /// 32-bit integers.
    I32,
    /// 64-bit integers.
    I64,
    /// True or false.
    Bool,
    /// Text that is made up row by row.
    Text,
    /// Text from a short fixed list: a category, or a ready-made sentence.
    Word,
    /// Lists of text from a short fixed list.
    Words,
    /// Lists of text that is made up row by row.
    Texts,
    /// Instants in microseconds since 1970-01-01T00:00:00Z.
    Time,
}

/// The values of one column, `None` where there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// 8-bit integers.
    I8(Vec<Option<i8>>),
    /// 16-bit integers.
    I16(Vec<Option<i16>>),
    /// 32-bit integers.
    I32(Vec<Option<i32>>),
    /// 64-bit integers.
    I64(Vec<Option<i64>>),
    /// True or false.
    Bool(Vec<Option<bool>>),
    /// Text that is made up row by row.
    Text(Vec<Option<String>>),
    /// Text from a short fixed list.
    Word(Vec<Option<&'static str>>),
    /// Lists of text from a short fixed list.
    Words(Vec<Option<&'static [&'static str]>>),
    /// Lists of text that is made up row by row.
    Texts(Vec<Option<Vec<String>>>),
    /// Instants in microseconds since 1970-01-01T00:00:00Z.
    Time(Vec<Option<i64>>),
}

impl Column {
    /// What its values are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::I8(_) => Kind::I8,
            Self::I16(_) => Kind::I16,
            Self::I32(_) => Kind::I32,
            Self::I64(_) => Kind::I64,
            Self::Bool(_) => Kind::Bool,
            Self::Text(_) => Kind::Text,
            Self::Word(_) => Kind::Word,
            Self::Words(_) => Kind::Words,
            Self::Texts(_) => Kind::Texts,
            Self::Time(_) => Kind::Time,
        }
    }

    /// How many values it has, missing ones included.
    pub fn len(&self) -> usize {
        match self {
            Self::I8(values) => values.len(),
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) | Self::Time(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Word(values) => values.len(),
            Self::Words(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Whether it has no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Some consecutive rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The columns by name, all of the same length, in the order of [`TableInfo::columns`].
    pub columns: Vec<(&'static str, Column)>,
}

impl Chunk {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(column, _)| *column == name).map(|(_, column)| column)
    }
}

/// The name and the kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// The name and the columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name.
    pub name: &'static str,
    /// Its columns in their order.
    pub columns: Vec<ColumnInfo>,
}

/// One column of a table whose rows are `R`: its name, and how to read it from a row.
pub(crate) struct Field<R> {
    pub(crate) name: &'static str,
    pub(crate) read: Read<R>,
}

/// How to read a value from a row.
pub(crate) enum Read<R> {
    I8(fn(&R) -> Option<i8>),
    I16(fn(&R) -> Option<i16>),
    I32(fn(&R) -> Option<i32>),
    I64(fn(&R) -> Option<i64>),
    Bool(fn(&R) -> Option<bool>),
    Text(fn(&R) -> Option<String>),
    Word(fn(&R) -> Option<&'static str>),
    Words(fn(&R) -> Option<&'static [&'static str]>),
    Texts(fn(&R) -> Option<Vec<String>>),
    Time(fn(&R) -> Option<i64>),
}

impl<R> Field<R> {
    pub(crate) fn info(&self) -> ColumnInfo {
        let kind = match self.read {
            Read::I8(_) => Kind::I8,
            Read::I16(_) => Kind::I16,
            Read::I32(_) => Kind::I32,
            Read::I64(_) => Kind::I64,
            Read::Bool(_) => Kind::Bool,
            Read::Text(_) => Kind::Text,
            Read::Word(_) => Kind::Word,
            Read::Words(_) => Kind::Words,
            Read::Texts(_) => Kind::Texts,
            Read::Time(_) => Kind::Time,
        };
        ColumnInfo { name: self.name, kind }
    }

    pub(crate) fn column(&self, rows: &[R]) -> Column {
        match self.read {
            Read::I8(read) => Column::I8(rows.iter().map(read).collect()),
            Read::I16(read) => Column::I16(rows.iter().map(read).collect()),
            Read::I32(read) => Column::I32(rows.iter().map(read).collect()),
            Read::I64(read) => Column::I64(rows.iter().map(read).collect()),
            Read::Bool(read) => Column::Bool(rows.iter().map(read).collect()),
            Read::Text(read) => Column::Text(rows.iter().map(read).collect()),
            Read::Word(read) => Column::Word(rows.iter().map(read).collect()),
            Read::Words(read) => Column::Words(rows.iter().map(read).collect()),
            Read::Texts(read) => Column::Texts(rows.iter().map(read).collect()),
            Read::Time(read) => Column::Time(rows.iter().map(read).collect()),
        }
    }
}
