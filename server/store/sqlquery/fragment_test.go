package sqlquery

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuild(t *testing.T) {
	inner := Build("a = ? AND b = ?", 1, "x")
	tests := []struct {
		name string
		got  Fragment
		want Fragment
	}{
		{"no arguments", Build("SELECT 1"), Fragment{SQL: "SELECT 1"}},
		{"values keep their places", Build("? < ?", 1, nil), Fragment{"? < ?", []any{1, nil}}},
		{"a fragment takes the place", Build("x = ? AND (?) AND y = ?", 0, inner, 2), Fragment{"x = ? AND (a = ? AND b = ?) AND y = ?", []any{0, 1, "x", 2}}},
		{"without arguments of its own", Build("NOT (?)", True), Fragment{SQL: "NOT (1 = 1)"}},
		{"all of none", All(), True},
		{"all of one", All(inner), inner},
		{"all of three", All(inner, True, Build("c = ?", 3)), Fragment{"a = ? AND b = ? AND 1 = 1 AND c = ?", []any{1, "x", 3}}},
	}
	for _, test := range tests {
		if d := cmp.Diff(test.want, test.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
	}
}

func TestBuildMiscounted(t *testing.T) {
	for sql, args := range map[string][]any{"a = ?": nil, "a = 1": {1}, "? ?": {1, 2, 3}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q with %d arguments was built", sql, len(args))
				}
			}()
			Build(sql, args...)
		}()
	}
}
