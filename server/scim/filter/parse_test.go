package filter

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// cmp is a comparison with a text; names are written as a client writes them.
func cmp(name string, op Op, text string) Compare {
	attr, sub, _ := strings.Cut(name, ".")
	return Compare{Attr: Attr{Name: attr, Sub: sub}, Op: op, Value: Value{String, text}}
}

func pr(name string) Compare {
	c := cmp(name, Pr, "")
	c.Value = Value{}
	return c
}

// bare takes the offsets out of a tree.
func bare(x Expr) Expr {
	switch x := x.(type) {
	case And:
		return And{bare(x.Left), bare(x.Right)}
	case Or:
		return Or{bare(x.Left), bare(x.Right)}
	case Not:
		return Not{bare(x.X)}
	case Each:
		x.Attr.Offset = 0
		return Each{x.Attr, bare(x.Filter)}
	case Compare:
		x.Attr.Offset, x.Offset = 0, 0
		return x
	}
	return x
}

func TestParse(t *testing.T) {
	a, b, c := pr("a"), pr("b"), pr("c")
	for text, want := range map[string]Expr{
		// comparisons
		`userName eq "bjensen"`:         cmp("userName", Eq, "bjensen"),
		`name.familyName co "O'Malley"`: cmp("name.familyName", Co, "O'Malley"),
		`USERNAME EQ "x"`:               cmp("USERNAME", Eq, "x"),
		`title pr`:                      pr("title"),
		`title Pr`:                      pr("title"),
		`  title   pr  `:                pr("title"),
		"title\tpr":                     pr("title"),
		`active eq true`:                Compare{Attr: Attr{Name: "active"}, Op: Eq, Value: Value{Bool, "true"}},
		`active ne false`:               Compare{Attr: Attr{Name: "active"}, Op: Ne, Value: Value{Bool, "false"}},
		`title eq null`:                 Compare{Attr: Attr{Name: "title"}, Op: Eq, Value: Value{Null, "null"}},
		`level ge -1.5e+3`:              Compare{Attr: Attr{Name: "level"}, Op: Ge, Value: Value{Number, "-1.5e+3"}},
		`level lt 0`:                    Compare{Attr: Attr{Name: "level"}, Op: Lt, Value: Value{Number, "0"}},
		`$ref sw "https://"`:            cmp("$ref", Sw, "https://"),
		`a-b_1 ew "x"`:                  cmp("a-b_1", Ew, "x"),
		// strings
		`a eq ""`: cmp("a", Eq, ""),
		`a eq "x \"y\" \\ \/ \n \u00e9 \ud83d\ude00"`: cmp("a", Eq, "x \"y\" \\ / \n é 😀"),
		`a eq "ü ) ] and not"`:                        cmp("a", Eq, "ü ) ] and not"),
		`a eq "true"`:                                 cmp("a", Eq, "true"),
		// URNs
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`: Compare{Attr: Attr{URN: "urn:ietf:params:scim:schemas:core:2.0:User", Name: "userName"}, Op: Sw, Value: Value{String, "J"}},
		`urn:x-y:a:1.0:T:name.given pr`:                              Compare{Attr: Attr{URN: "urn:x-y:a:1.0:T", Name: "name", Sub: "given"}, Op: Pr},
		`urn:x:ext:2.0 pr`:                                           Compare{Attr: Attr{URN: "urn:x:ext", Name: "2.0"}, Op: Pr},
		// names that are also keywords, or begin like one
		`not pr`: pr("not"), `and pr`: pr("and"), `or eq "or"`: cmp("or", Eq, "or"), `eq eq "eq"`: cmp("eq", Eq, "eq"), `pr pr`: pr("pr"),
		`null pr`: pr("null"), `order pr or orange pr`: Or{pr("order"), pr("orange")}, `notes pr and android pr`: And{pr("notes"), pr("android")},
		// precedence: not before and, and before or; from the left
		`a pr or b pr and c pr`:       Or{a, And{b, c}},
		`a pr and b pr or c pr`:       Or{And{a, b}, c},
		`(a pr or b pr) and c pr`:     And{Or{a, b}, c},
		`a pr and (b pr or c pr)`:     And{a, Or{b, c}},
		`a pr and b pr and c pr`:      And{And{a, b}, c},
		`a pr or b pr or c pr`:        Or{Or{a, b}, c},
		`a pr and (b pr and c pr)`:    And{a, And{b, c}},
		`not (a pr) and b pr`:         And{Not{a}, b},
		`not (a pr and b pr) or c pr`: Or{Not{And{a, b}}, c},
		`not(a pr)`:                   Not{a},
		`NOT (a pr) AND b pr OR c pr`: Or{And{Not{a}, b}, c},
		`not (not (a pr))`:            Not{Not{a}},
		`((a pr))`:                    a,
		`( a pr )`:                    a,
		`(a pr)and pr`:                nil,
		// value paths
		`emails[type eq "work"]`:                           Each{Attr{Name: "emails"}, cmp("type", Eq, "work")},
		`emails[type eq "work" and value co "@x"] or a pr`: Or{Each{Attr{Name: "emails"}, And{cmp("type", Eq, "work"), cmp("value", Co, "@x")}}, a},
		`emails[ not (type pr) or (value pr) ]`:            Each{Attr{Name: "emails"}, Or{Not{pr("type")}, pr("value")}},
		`urn:x:E:list[a pr]`:                               Each{Attr{URN: "urn:x:E", Name: "list"}, a},
		`emails[type eq "work"].value eq "x"`:              Each{Attr{Name: "emails"}, And{cmp("type", Eq, "work"), cmp("value", Eq, "x")}},
		`emails[a pr or b pr].c pr`:                        Each{Attr{Name: "emails"}, And{Or{a, b}, c}},
		`not (emails[a pr])`:                               Not{Each{Attr{Name: "emails"}, a}},
	} {
		x, err := Parse(text, Budget{})
		if want == nil {
			if err == nil {
				t.Errorf("%s is taken", text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := bare(x); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is\n%#v\nwant\n%#v", text, got, want)
		}
	}
}

func TestParseOffsets(t *testing.T) {
	x, err := Parse(`  userName eq "x" and urn:x:E:list[ value pr ]`, Budget{})
	if err != nil {
		t.Fatal(err)
	}
	and := x.(And)
	left, each := and.Left.(Compare), and.Right.(Each)
	inner := each.Filter.(Compare)
	if left.Attr.Offset != 2 || left.Offset != 11 || each.Attr.Offset != 22 || inner.Attr.Offset != 36 || inner.Offset != 42 {
		t.Errorf("the offsets are %d, %d, %d, %d, %d", left.Attr.Offset, left.Offset, each.Attr.Offset, inner.Attr.Offset, inner.Offset)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
		reason string
	}{
		{``, 0, "expected an attribute"},
		{`   `, 3, "expected an attribute"},
		{`userName`, 8, `expected an operator such as eq after "userName"`},
		{`userName eq`, 11, `expected a value after "eq"`},
		{`userName xx "a"`, 9, `"xx" is not an operator`},
		{`userName eq bjensen`, 12, "a text in double quotes"},
		{`userName eq 'a'`, 12, "a text in double quotes"},
		{`userName eq TRUE`, 12, "a text in double quotes"},
		{`userName eq 01`, 12, "expected a value"},
		{`userName eq 1.`, 12, "expected a value"},
		{`userName eq +1`, 12, "expected a value"},
		{`userName eq 1e`, 12, "expected a value"},
		{`userName eq -`, 12, "expected a value"},
		{`userName eq"a"`, 11, `expected a space after "eq"`},
		{`userName eq "a`, 12, "no closing quote"},
		{`userName eq "a\"`, 12, "no closing quote"},
		{`userName eq "a\x"`, 14, `a backslash in a string is written \\`},
		{"userName eq \"a\nb\"", 14, "control character"},
		{`userName eq "\ud800"`, 12, `\u escape`},
		{`userName eq "\u00g0"`, 12, `\u escape`},
		{`userName eq "a" "b"`, 16, "expected and, or, or the end of the filter"},
		{`userName eq "a" title pr`, 16, "expected and, or, or the end"},
		{`title pr and`, 12, "expected an attribute"},
		{`title pr and and`, 16, "expected an operator"},
		{`and title pr`, 4, `"title" is not an operator`},
		{`(title pr`, 9, "expected ) for the ( at byte 0"},
		{`title pr)`, 8, "there is no ( for this )"},
		{`title pr]`, 8, "there is no [ for this ]"},
		{`()`, 1, "expected an attribute"},
		{`not title pr`, 4, `"title" is not an operator`},
		{`a pr and(b pr)`, 8, `expected a space after "and"`},
		{`(a pr)or (b pr)`, 6, `expected a space before "or"`},
		{`emails[type eq "work"`, 21, "expected ] for the [ at byte 6"},
		{`emails[]`, 7, "expected an attribute"},
		{`emails [type eq "work"]`, 7, "expected an operator"},
		{`emails[a pr)`, 11, "expected ] for the ["},
		{`emails[a[b pr]]`, 8, "a value path cannot stand in another one"},
		{`emails.value[a pr]`, 12, `expected no [ after the sub-attribute`},
		{`emails[a pr].`, 13, "expected a sub-attribute"},
		{`emails[a pr].value`, 18, "expected an operator"},
		{`emails[a pr].v.w eq "x"`, 13, "expected a sub-attribute"},
		{`1a pr`, 0, `"1a" is not the name of an attribute`},
		{`ünal pr`, 0, "is not the name of an attribute"},
		{`a,b pr`, 0, "is not the name of an attribute"},
		{`a. pr`, 0, "is not the name of an attribute"},
		{`.a pr`, 0, "is not the name of an attribute"},
		{`a.b.c pr`, 0, "goes too deep"},
		{`urn:x: pr`, 6, "expected an attribute name after"},
		{`:a pr`, 0, "is not a schema URN"},
		{"title pr \xff", 9, "not valid UTF-8"},
		{"a eq \"\xc3\"", 6, "not valid UTF-8"},
		{`"a" eq "b"`, 0, "expected an attribute"},
		{strings.Repeat("x", 100) + ` zz`, 101, `"zz" is not an operator`},
		{strings.Repeat("é", 100) + ` pr`, 0, `"` + strings.Repeat("é", 30) + `..." is not the name`},
	} {
		_, err := Parse(test.text, Budget{})
		wantError(t, test.text, err, test.offset, test.reason)
	}
}

func wantError(t *testing.T, text string, err error, offset int, reason string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Offset != offset || !strings.Contains(e.Reason, reason) {
		t.Errorf("%q: %v, want %q at byte %d", text, err, reason, offset)
	}
}

// What a filter compares with may be personal.
func TestErrorsRepeatNoValue(t *testing.T) {
	for _, text := range []string{`a eq "hunter2" x`, `a eq "hunter2\q"`, `a eq "hunter2`, `a eq "hunter2" and`, `(a eq "hunter2"`, `a xx "hunter2"`, `b[a eq "hunter2" `} {
		if _, err := Parse(text, Budget{}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestBudgets(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(", n) + "a pr" + strings.Repeat(")", n) }
	chained := func(n int) string { return strings.TrimSuffix(strings.Repeat("a pr or ", n), " or ") }
	long := func(n int) string { return `a eq "` + strings.Repeat("x", n-7) + `"` }
	for _, test := range []struct {
		name, fits, exceeds string
		budget              Budget
		reason              string
	}{
		{"depth", nested(16), nested(17), Budget{}, "more than 16 levels of nesting"},
		{"own depth", nested(2), nested(3), Budget{Depth: 2}, "more than 2 levels"},
		{"depth of not", "not (not (a pr))", "not (not (not (a pr)))", Budget{Depth: 2}, "more than 2 levels"},
		{"depth of brackets", "(e[a pr])", "(e[(a pr)])", Budget{Depth: 2}, "more than 2 levels"},
		{"depth side by side", "(a pr) or (b pr) or (c pr)", "((a pr)) or (b pr)", Budget{Depth: 1}, "more than 1 levels"},
		{"nodes", chained(32), chained(33), Budget{}, "more than 64 comparisons and connectives"},
		{"own nodes", "a pr or b pr", "a pr or b pr or c pr", Budget{Nodes: 3}, "more than 3 comparisons"},
		{"nodes of a path", "e[a pr]", "not (e[a pr])", Budget{Nodes: 2}, "more than 2 comparisons"},
		{"nodes of a short path", "e[a pr].b pr", "e[a pr or c pr].b pr", Budget{Nodes: 4}, "more than 4 comparisons"},
		{"length", long(4096), long(4097), Budget{}, "longer than 4096 bytes"},
		{"own length", "a pr", "ab pr", Budget{Length: 4}, "longer than 4 bytes"},
	} {
		if _, err := Parse(test.fits, test.budget); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		_, err := Parse(test.exceeds, test.budget)
		if err == nil || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: %v, want %q", test.name, err, test.reason)
		}
	}
}
