package sqlquery

import (
	"fmt"
	"slices"
	"strings"
)

// Fragment is a piece of SQL and the arguments of its question marks.
type Fragment struct {
	SQL  string
	Args []any
}

// Build puts SQL together: an argument that is itself a Fragment takes the place of its question mark.
// SQL text MUST NOT hold question marks of any other meaning.
func Build(sql string, args ...any) Fragment {
	if strings.Count(sql, "?") != len(args) {
		panic(fmt.Sprintf("sqlquery: %d arguments for %q", len(args), sql))
	}
	length, marks := len(sql), 0
	for _, arg := range args {
		f, ok := arg.(Fragment)
		if !ok {
			f.Args = args[:1] // one mark that stays
		}
		length, marks = length+len(f.SQL), marks+len(f.Args)
	}
	var text strings.Builder
	text.Grow(length)
	flat := slices.Grow([]any(nil), marks)
	for _, arg := range args {
		before, after, _ := strings.Cut(sql, "?")
		text.WriteString(before)
		if f, ok := arg.(Fragment); ok {
			text.WriteString(f.SQL)
			flat = append(flat, f.Args...)
		} else {
			text.WriteByte('?')
			flat = append(flat, arg)
		}
		sql = after
	}
	text.WriteString(sql)
	return Fragment{text.String(), flat}
}

// True and False are conditions that need no row.
var (
	True  = Fragment{SQL: "1 = 1"}
	False = Fragment{SQL: "1 = 0"}
)

// All is the conjunction of conditions; of none, True.
func All(conds ...Fragment) Fragment {
	if len(conds) == 0 {
		return True
	}
	out := conds[0]
	for _, c := range conds[1:] {
		out = Build("? AND ?", out, c)
	}
	return out
}
