package filter

import (
	"reflect"
	"testing"
)

func TestString(t *testing.T) {
	a, b, c := pr("a"), pr("b"), pr("c")
	for want, x := range map[string]Expr{
		`a pr and b pr or c pr`:    Or{And{a, b}, c},
		`a pr or b pr and c pr`:    Or{a, And{b, c}},
		`(a pr or b pr) and c pr`:  And{Or{a, b}, c},
		`a pr and (b pr or c pr)`:  And{a, Or{b, c}},
		`a pr and (b pr and c pr)`: And{a, And{b, c}},
		`a pr and b pr and c pr`:   And{And{a, b}, c},
		`a pr or (b pr or c pr)`:   Or{a, Or{b, c}},
		`not (a pr or b pr)`:       Not{Or{a, b}},
		`not (not (a pr))`:         Not{Not{a}},
		`e[a pr and b pr]`:         Each{Attr{Name: "e"}, And{a, b}},
		`a.b eq "x \"y\" \\"`:      cmp("a.b", Eq, `x "y" \`),
		`a lt 1.50`:                Compare{Attr: Attr{Name: "a"}, Op: Lt, Value: Value{Number, "1.50"}},
		`a ne null`:                Compare{Attr: Attr{Name: "a"}, Op: Ne, Value: Value{Null, "null"}},
		`urn:x:2.0:T:a.b pr`:       Compare{Attr: Attr{URN: "urn:x:2.0:T", Name: "a", Sub: "b"}, Op: Pr},
	} {
		if got := x.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, want := range []string{`a`, `a.b`, `a[b pr]`, `a[b pr or c pr].d`, `urn:x:2.0:T:a[b eq "x"].c`} {
		p, err := ParsePath(want, Budget{})
		if err != nil || p.String() != want {
			t.Errorf("%s is written %s, %v", want, p, err)
		}
	}
}

// unlimited lets what was written be longer than what was read: parentheses and escapes are added.
var unlimited = Budget{Length: 1 << 20, Depth: 1 << 10, Nodes: 1 << 10}

// Whatever is read can be written and read again, and is the same tree.
func FuzzFilterParse(f *testing.F) {
	for _, seed := range []string{
		`userName eq "bjensen"`, `a pr and (b pr or not(c pr)) and d lt -1.5e3`, `emails[type eq "work" and value co "@"].value sw "a"`,
		`urn:x:2.0:T:a.b ne null or urn:x:2.0 pr`, `a eq "\u00e9\n\"" `, `not (not (a eq true))`, `((((`, `a eq "`, `a[b[`, "\xff", `$ref pr`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := Parse(text, Budget{})
		if err != nil {
			isError(t, err, text)
			return
		}
		again, err := Parse(x.String(), unlimited)
		if err != nil || !reflect.DeepEqual(bare(again), bare(x)) {
			t.Errorf("%q is written %q, which is read %v, %v", text, x, again, err)
		}
		if again.String() != x.String() {
			t.Errorf("%q is written %q and then %q", text, x, again)
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{`a`, `a.b`, `a[b eq "x"].c`, `urn:x:2.0:T:a[b pr]`, `urn:x:2.0`, `a[`, `a].b`, `a[b pr].`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text, Budget{})
		if err != nil {
			isError(t, err, text)
			return
		}
		again, err := ParsePath(p.String(), unlimited)
		if err != nil {
			t.Fatalf("%q is written %q: %v", text, p, err)
		}
		p.Attr.Offset, again.Attr.Offset = 0, 0
		if p.Filter != nil {
			p.Filter, again.Filter = bare(p.Filter), bare(again.Filter)
		}
		if !reflect.DeepEqual(p, again) {
			t.Errorf("%q is written %q, which is read %#v", text, p, again)
		}
		if attr, err := ParseAttr(text); err == nil && p.Filter == nil && (attr.URN != p.Attr.URN || attr.Name != p.Attr.Name || attr.Sub != p.Attr.Sub) {
			t.Errorf("%q is %v as an attribute and %v as a path", text, attr, p)
		}
	})
}

func isError(t *testing.T, err error, text string) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok || e.Reason == "" || e.Offset < 0 || e.Offset > len(text) {
		t.Errorf("%q: %#v", text, err)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(`userName eq "bjensen@example.com" and emails[type eq "work"]`, Budget{}); err != nil {
			b.Fatal(err)
		}
	}
}
