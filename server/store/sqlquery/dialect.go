package sqlquery

// Dialect is what databases spell differently. A column is an SQL expression of type text that is not NULL.
type Dialect interface {
	// Contains is true where the text occurs in the column. The text is not empty.
	Contains(column, text string) Fragment
	// HasSuffix is true where the column ends with the text. The text is not empty.
	HasSuffix(column, text string) Fragment
}

// SQLite is the dialect of SQLite 3.
type SQLite struct{}

var _ Dialect = SQLite{}

// Contains uses instr, which has no metacharacters and respects case, unlike LIKE.
func (SQLite) Contains(column, text string) Fragment {
	return Build("instr("+column+", ?) > 0", text)
}

// HasSuffix compares bytes: substr of text would stop at a NUL. A suffix that is valid UTF-8 cannot begin inside a character.
func (SQLite) HasSuffix(column, text string) Fragment {
	return Build("substr(CAST("+column+" AS BLOB), ?) = ?", -len(text), []byte(text))
}
