package sqlquery

import (
	"time"

	"scimproof/server/scim/filter"
)

// instant compares a column of whole milliseconds since 1970 with a time that may lie between two of them.
func instant(column string, op filter.Op, t time.Time) (Fragment, bool) {
	ms := t.UnixMilli() // the millisecond that t lies in or at the beginning of
	whole := t.Equal(time.UnixMilli(ms))
	switch {
	case op == filter.Eq && whole:
		return Build(column+" = ?", ms), true
	case op == filter.Eq:
		return False, true
	case op == filter.Ne && whole:
		return Build(column+" <> ?", ms), true
	case op == filter.Ne:
		return True, true
	case op == filter.Gt, op == filter.Ge && !whole:
		return Build(column+" > ?", ms), true
	case op == filter.Ge:
		return Build(column+" >= ?", ms), true
	case op == filter.Le, op == filter.Lt && !whole:
		return Build(column+" <= ?", ms), true
	case op == filter.Lt:
		return Build(column+" < ?", ms), true
	}
	return Fragment{}, false
}
