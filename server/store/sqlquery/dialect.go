package sqlquery

import "strings"

// Dialect is what databases spell differently. A column is an SQL expression that is a text and not NULL.
type Dialect interface {
	// Compare compares the column with the text by an operator of SQL: =, <, <=, > or >=.
	Compare(column, operator, text string) Fragment
	// Contains is true where the text occurs in the column. The text is not empty.
	Contains(column, text string) Fragment
	// HasSuffix is true where the column ends with the text. The text is not empty.
	HasSuffix(column, text string) Fragment
	// Lower is the column, which holds ASCII, in lower case.
	Lower(column string) string
	// Order is what ORDER BY needs to sort by the column along its index; direction is " ASC" or " DESC".
	Order(column, direction string) string
}

// SQLite is the dialect of SQLite 3.
type SQLite struct{}

var _ Dialect = SQLite{}

// Compare leaves it to the operator: text compares by its bytes.
func (SQLite) Compare(column, operator, text string) Fragment {
	return Build(column+" "+operator+" ?", text)
}

// Contains uses instr, which has no metacharacters and respects case, unlike LIKE.
func (SQLite) Contains(column, text string) Fragment {
	return Build("instr("+column+", ?) > 0", text)
}

// HasSuffix compares bytes: substr of text would stop at a NUL. A suffix that is valid UTF-8 cannot begin inside a character.
func (SQLite) HasSuffix(column, text string) Fragment {
	return Build("substr(CAST("+column+" AS BLOB), ?) = ?", -len(text), []byte(text))
}

// Lower is lower, which knows ASCII.
func (SQLite) Lower(column string) string { return "lower(" + column + ")" }

// Order is the column itself.
func (SQLite) Order(column, direction string) string { return column + direction }

// PostgreSQL is the dialect of PostgreSQL, for tables whose texts are of type bytea: its type text refuses NUL, which JSON allows, and
// compares by the rules of a language. A store passes texts as bytes and numbers the question marks.
//
// No entry of an index may be longer than a third of a page, while texts can be of any length. So the indexes of columns named value
// hold Head of them.
type PostgreSQL struct{}

var _ Dialect = PostgreSQL{}

// headSize is how many bytes of a value its index holds.
const headSize = 512

// Head is the expression that an index on a column named value is made of.
func (PostgreSQL) Head(column string) string { return "substring(" + column + ", 1, 512)" }

// long says whether the values of a column may be too long for an index.
func (PostgreSQL) long(column string) bool { return strings.HasSuffix(column, ".value") }

// Compare asks the head, which decides about a text that is shorter than a head can be: such a text equals no longer value, and lies on
// the same side of a value as of its head.
func (d PostgreSQL) Compare(column, operator, text string) Fragment {
	if !d.long(column) {
		return Build(column+" "+operator+" ?", []byte(text))
	}
	if len(text) < headSize {
		return Build(d.Head(column)+" "+operator+" ?", []byte(text))
	}
	weak := strings.TrimSuffix(operator, "=") + "="
	return Build(d.Head(column)+" "+weak+" ? AND "+column+" "+operator+" ?", []byte(text[:headSize]), []byte(text))
}

// Contains finds bytes: those of one character never occur inside another's.
func (PostgreSQL) Contains(column, text string) Fragment {
	return Build("position(? IN "+column+") > 0", []byte(text))
}

// HasSuffix compares the last bytes. Of a shorter value these are the whole, which differs.
func (PostgreSQL) HasSuffix(column, text string) Fragment {
	return Build("substring("+column+" FROM length("+column+") - ?) = ?", len(text)-1, []byte(text))
}

// Lower goes by way of text.
func (PostgreSQL) Lower(column string) string {
	return "convert_to(lower(convert_from(" + column + `, 'UTF8') COLLATE "C"), 'UTF8')`
}

// Order sorts by the head, along the index, and by the value where heads are alike.
func (d PostgreSQL) Order(column, direction string) string {
	if !d.long(column) {
		return column + direction
	}
	return d.Head(column) + direction + ", " + column + direction
}
