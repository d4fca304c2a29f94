package sqlquery

import (
	"unicode/utf8"

	"scimproof/server/scim/filter"
)

// text compares a column with a text that is folded as the column is. ne is not among the operators: it asks about all values of
// an attribute, not about one.
func text(d Dialect, column string, op filter.Op, value string) (Fragment, bool) {
	switch op {
	case filter.Pr:
		return True, true
	case filter.Eq:
		return d.Compare(column, "=", value), true
	case filter.Gt:
		return d.Compare(column, ">", value), true
	case filter.Ge:
		return d.Compare(column, ">=", value), true
	case filter.Lt:
		return d.Compare(column, "<", value), true
	case filter.Le:
		return d.Compare(column, "<=", value), true
	}
	if value == "" { // every text contains it
		return True, op == filter.Co || op == filter.Sw || op == filter.Ew
	}
	switch op {
	case filter.Co:
		return d.Contains(column, value), true
	case filter.Ew:
		return d.HasSuffix(column, value), true
	case filter.Sw:
		if end, ok := after(value); ok {
			return Build("? AND ?", d.Compare(column, ">=", value), d.Compare(column, "<", end)), true
		}
		return d.Compare(column, ">=", value), true
	}
	return Fragment{}, false
}

// after is the first text, in the order of bytes, that follows every text with the given prefix; ok is false where there is none.
func after(prefix string) (string, bool) {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch next := last + 1; {
		case last == utf8.MaxRune: // its successor is that of what stands before it
		case next == 0xD800: // UTF-8 leaves the surrogates out
			return prefix + "\uE000", true
		default:
			return prefix + string(next), true
		}
	}
	return "", false
}
