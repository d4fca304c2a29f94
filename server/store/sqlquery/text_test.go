package sqlquery

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"scimproof/server/scim/filter"
)

func TestText(t *testing.T) {
	tests := []struct {
		op    filter.Op
		value string
		want  Fragment
	}{
		{filter.Pr, "", True},
		{filter.Eq, "a", Fragment{"c = ?", []any{"a"}}},
		{filter.Eq, "", Fragment{"c = ?", []any{""}}},
		{filter.Gt, "a", Fragment{"c > ?", []any{"a"}}},
		{filter.Ge, "a", Fragment{"c >= ?", []any{"a"}}},
		{filter.Lt, "a", Fragment{"c < ?", []any{"a"}}},
		{filter.Le, "a", Fragment{"c <= ?", []any{"a"}}},
		{filter.Co, "a%", Fragment{"instr(c, ?) > 0", []any{"a%"}}},
		{filter.Ew, "é", Fragment{"substr(CAST(c AS BLOB), ?) = ?", []any{-2, []byte("é")}}},
		{filter.Sw, "ab", Fragment{"c >= ? AND c < ?", []any{"ab", "ac"}}},
		{filter.Sw, "\U0010FFFF", Fragment{"c >= ?", []any{"\U0010FFFF"}}},
		{filter.Co, "", True},
		{filter.Sw, "", True},
		{filter.Ew, "", True},
	}
	for _, test := range tests {
		got, ok := text(SQLite{}, "c", test.op, test.value)
		if d := cmp.Diff(test.want, got); d != "" || !ok {
			t.Errorf("%s %q: ok %v (-want +got):\n%s", test.op, test.value, ok, d)
		}
	}
	for _, op := range []filter.Op{filter.Ne, "xx"} {
		for _, value := range []string{"", "a"} {
			if got, ok := text(SQLite{}, "c", op, value); ok {
				t.Errorf("%s is compiled to %v", op, got)
			}
		}
	}
}

func TestAfter(t *testing.T) {
	tests := []struct {
		prefix, want string
		ok           bool
	}{
		{"a", "b", true},
		{"az", "a{", true},
		{"a\x7f", "a\u0080", true},
		{"a\u07FF", "a\u0800", true},
		{"a\uD7FF", "a\uE000", true},
		{"a\uFFFF", "a\U00010000", true},
		{"a\U0010FFFF", "b", true},
		{"a\U0010FFFF\U0010FFFF", "b", true},
		{"\U0010FFFF", "", false},
		{"", "", false},
	}
	for _, test := range tests {
		if got, ok := after(test.prefix); got != test.want || ok != test.ok {
			t.Errorf("after(%q) = %q, %v, want %q, %v", test.prefix, got, ok, test.want, test.ok)
		}
	}
}

// TestAfterSplits draws a line between the texts that begin with a prefix and those that follow, with none on the wrong side.
func TestAfterSplits(t *testing.T) {
	letters := rapid.SampledFrom([]rune{0, 'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff})
	texts := rapid.Map(rapid.SliceOfN(letters, 0, 4), func(r []rune) string { return string(r) })
	rapid.Check(t, func(t *rapid.T) {
		prefix, s := texts.Draw(t, "prefix"), texts.Draw(t, "text")
		end, ok := after(prefix)
		between := s >= prefix && (!ok || s < end)
		if starts := strings.HasPrefix(s, prefix); between != starts {
			t.Errorf("%q begins with %q: %v, but lies in its range [%q, %q): %v", s, prefix, starts, prefix, end, between)
		}
	})
}

func TestLetters(t *testing.T) { // the order of bytes is that of code points, which the ranges rely on
	texts := []string{"\x00", "A", "a", "\x7f", "é", "\uFFFD", "\U00010000", "\U0010FFFF"}
	if !slices.IsSorted(texts) {
		t.Error("texts do not sort by code point")
	}
}
