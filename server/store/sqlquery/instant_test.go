package sqlquery

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"scimproof/server/scim/filter"
)

// TestInstant holds each operator against times on and between the milliseconds of a column.
func TestInstant(t *testing.T) {
	base := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	times := []time.Time{
		base, base.Add(time.Millisecond), base.Add(time.Nanosecond), base.Add(time.Millisecond - time.Nanosecond), base.In(time.FixedZone("", 3600)),
		time.UnixMilli(0), time.UnixMilli(-1), time.UnixMilli(-1).Add(time.Nanosecond), time.UnixMilli(-2).Add(-time.Nanosecond),
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
	}
	want := map[filter.Op]func(order int) bool{
		filter.Eq: func(o int) bool { return o == 0 }, filter.Ne: func(o int) bool { return o != 0 },
		filter.Gt: func(o int) bool { return o > 0 }, filter.Ge: func(o int) bool { return o >= 0 },
		filter.Lt: func(o int) bool { return o < 0 }, filter.Le: func(o int) bool { return o <= 0 },
	}
	for op, holds := range want {
		for _, at := range times {
			f, ok := instant("c", op, at)
			if !ok {
				t.Errorf("%s is not compiled", op)
				continue
			}
			for around := int64(-2); around <= 2; around++ {
				column := at.UnixMilli() + around
				if got, want := evaluate(t, f, column), holds(time.UnixMilli(column).Compare(at)); got != want {
					t.Errorf("%v %s %v: %s with %v says %v, want %v", time.UnixMilli(column).UTC(), op, at, f.SQL, f.Args, got, want)
				}
			}
		}
	}
	for _, op := range []filter.Op{filter.Co, filter.Sw, filter.Ew, filter.Pr} {
		if f, ok := instant("c", op, base); ok {
			t.Errorf("%s is compiled to %v", op, f)
		}
	}
}

// evaluate is a database for conditions as small as those of instant.
func evaluate(t *testing.T, f Fragment, column int64) bool {
	t.Helper()
	switch f.SQL {
	case True.SQL:
		return true
	case False.SQL:
		return false
	}
	arg := f.Args[0].(int64)
	switch op := strings.TrimSuffix(strings.TrimPrefix(f.SQL, "c "), " ?"); op {
	case "=":
		return column == arg
	case "<>":
		return column != arg
	case ">":
		return column > arg
	case ">=":
		return column >= arg
	case "<":
		return column < arg
	case "<=":
		return column <= arg
	}
	t.Fatal(fmt.Errorf("%s is not understood", f.SQL))
	return false
}
