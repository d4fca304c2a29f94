package html

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"scimproof/reports/result"
)

// matrix counts checks by where their requirement stands and by outcome.
type matrix struct {
	Columns []chip
	Rows    []row
}

type row struct {
	Source string
	Key    string
	Cells  []cell
	Total  int
}

// cell is a number, with the first check that it counts.
type cell struct {
	Look    look
	Outcome result.Outcome
	Count   int
	Anchor  string
}

func sections(checks []check) matrix {
	var m matrix
	plain := make([]result.Check, len(checks))
	for i, c := range checks {
		plain[i] = c.Check
	}
	m.Columns = outcomes(plain)
	byKey := map[string][]check{}
	var keys []string
	for _, c := range checks {
		if byKey[c.Section] == nil {
			keys = append(keys, c.Section)
		}
		byKey[c.Section] = append(byKey[c.Section], c)
	}
	slices.SortStableFunc(keys, compareSections)
	for _, key := range keys {
		m.Rows = append(m.Rows, newRow(key, byKey[key], m.Columns))
	}
	return m
}

func newRow(key string, checks []check, columns []chip) row {
	r := row{Source: checks[0].Source, Key: key, Total: len(checks)}
	for _, column := range columns {
		c := cell{Look: column.Look, Outcome: column.Outcome}
		for _, check := range checks {
			if check.Outcome != column.Outcome {
				continue
			}
			if c.Count == 0 {
				c.Anchor = check.Anchor
			}
			c.Count++
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// compareSections orders "7644 3.5.2" before "7644 3.12" and RFCs before names.
func compareSections(a, b string) int {
	return slices.CompareFunc(parts(a), parts(b), func(x, y string) int {
		n, errX := strconv.Atoi(x)
		m, errY := strconv.Atoi(y)
		switch {
		case errX == nil && errY == nil:
			return cmp.Compare(n, m)
		case errX == nil:
			return -1
		case errY == nil:
			return 1
		}
		return cmp.Compare(x, y)
	})
}

func parts(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return r == ' ' || r == '.' || r == '-' })
}
