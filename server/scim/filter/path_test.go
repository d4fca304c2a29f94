package filter

import (
	"reflect"
	"strings"
	"testing"
)

func TestParsePath(t *testing.T) {
	const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0"
	work := cmp("type", Eq, "work")
	for text, want := range map[string]Path{
		`members`:                   {Attr: Attr{Name: "members"}},
		`name.familyName`:           {Attr: Attr{Name: "name", Sub: "familyName"}},
		`addresses[type eq "work"]`: {Attr: Attr{Name: "addresses"}, Filter: work},
		`addresses[type eq "work"].streetAddress`:    {Attr: Attr{Name: "addresses"}, Filter: work, Sub: "streetAddress"},
		`members[value eq "a.b]c"].display`:          {Attr: Attr{Name: "members"}, Filter: cmp("value", Eq, "a.b]c"), Sub: "display"},
		urn + `:User`:                                {Attr: Attr{URN: urn, Name: "User"}},
		urn + `:User:manager`:                        {Attr: Attr{URN: urn + ":User", Name: "manager"}},
		urn + `:User:manager.value`:                  {Attr: Attr{URN: urn + ":User", Name: "manager", Sub: "value"}},
		urn + `:User:list[type eq "work"].value`:     {Attr: Attr{URN: urn + ":User", Name: "list"}, Filter: work, Sub: "value"},
		`urn:x:ext:1.0`:                              {Attr: Attr{URN: "urn:x:ext", Name: "1.0"}},
		` members `:                                  {Attr: Attr{Name: "members"}},
		`emails[not (type eq "work") or value pr].x`: {Attr: Attr{Name: "emails"}, Filter: Or{Not{work}, pr("value")}, Sub: "x"},
	} {
		path, err := ParsePath(text, Budget{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		path.Attr.Offset = 0
		if path.Filter != nil {
			path.Filter = bare(path.Filter)
		}
		if !reflect.DeepEqual(path, want) {
			t.Errorf("%s is\n%#v\nwant\n%#v", text, path, want)
		}
	}
}

func TestParsePathErrors(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
		reason string
	}{
		{``, 0, "expected an attribute"},
		{`a b`, 2, `expected the end of the path after "a"`},
		{`a eq "x"`, 2, "expected the end of the path"},
		{`a and b`, 2, "expected the end of the path"},
		{`a[`, 2, "expected an attribute"},
		{`a[b pr`, 6, "expected ] for the ["},
		{`a[b pr].`, 8, "expected a sub-attribute"},
		{`a[b pr].c.d`, 8, "expected a sub-attribute"},
		{`a[b pr] .c`, 8, "expected the end of the path"},
		{`a[b pr][c pr]`, 7, "expected the end of the path"},
		{`a [b pr]`, 2, "expected the end of the path"},
		{`a.b[c pr]`, 3, "expected no [ after the sub-attribute"},
		{`a.b.c`, 0, "goes too deep"},
		{`a/b`, 0, "is not the name of an attribute"},
		{`[b pr]`, 0, "expected an attribute"},
		{`a[b[c pr]]`, 3, "a value path cannot stand in another one"},
		{`"a"`, 0, "expected an attribute"},
		{strings.Repeat("a", 4097), 4096, "longer than 4096 bytes"},
	} {
		_, err := ParsePath(test.text, Budget{})
		wantError(t, test.text, err, test.offset, test.reason)
	}
}

func TestParseAttr(t *testing.T) {
	for text, want := range map[string]Attr{
		"userName":  {Name: "userName"},
		" name.x ":  {Name: "name", Sub: "x", Offset: 1},
		"urn:x:T:a": {URN: "urn:x:T", Name: "a"},
		"urn:x:2.0": {URN: "urn:x", Name: "2.0"},
		"urn:x:T.a": {URN: "urn:x", Name: "T", Sub: "a"},
		"meta.$ref": {Name: "meta", Sub: "$ref"},
	} {
		if got, err := ParseAttr(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v, want %+v", text, got, err, want)
		}
	}
	for text, reason := range map[string]string{"": "expected an attribute", "a b": "expected nothing after", "a[b pr]": "expected nothing after", "a.b.c": "too deep", "urn:": "expected an attribute name", "a\"": "no closing quote", "\xff": "UTF-8"} {
		if _, err := ParseAttr(text); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %q", text, err, reason)
		}
	}
}
