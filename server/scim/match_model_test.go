package scim_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"scimproof/server/scim"
)

// plain is a resource as a program without SCIM would hold it; nil is what is not there.
type plain struct {
	text, exact *string
	flag        *bool
	whole       *int
	when        *time.Time
	words       []string
	many        []plainEntry
}

type plainEntry struct {
	value, typ *string
	n          *int
}

// object is the resource as SCIM has it.
func (p plain) object() scim.Object {
	o := scim.Object{}
	put(o, "text", p.text)
	put(o, "exact", p.exact)
	put(o, "flag", p.flag)
	putNumber(o, "whole", p.whole)
	if p.when != nil {
		o["when"] = p.when.Format(time.RFC3339Nano)
	}
	for _, w := range p.words {
		list, _ := o["words"].([]any)
		o["words"] = append(list, w)
	}
	for _, e := range p.many {
		list, _ := o["many"].([]any)
		o["many"] = append(list, e.object())
	}
	return o
}

func (e plainEntry) object() scim.Object {
	o := scim.Object{}
	put(o, "value", e.value)
	put(o, "type", e.typ)
	putNumber(o, "n", e.n)
	return o
}

func put[T any](o scim.Object, name string, v *T) {
	if v != nil {
		o[name] = *v
	}
}

func putNumber(o scim.Object, name string, n *int) {
	if n != nil {
		o[name] = scim.Number(strconv.Itoa(*n))
	}
}

// claim is a filter with what it means.
type claim[T any] struct {
	text  string
	holds func(T) bool
}

// field is a filter's attribute with its values in the model.
type field[T any] struct {
	name   string
	of     func(T) []any // string, bool, int or time.Time
	exact  bool
	sample any
}

func one[T, V any](get func(T) *V) func(T) []any {
	return func(r T) []any {
		if v := get(r); v != nil {
			return []any{*v}
		}
		return nil
	}
}

var entryFields = []field[plainEntry]{
	{"value", one(func(e plainEntry) *string { return e.value }), false, ""},
	{"type", one(func(e plainEntry) *string { return e.typ }), false, ""},
	{"n", one(func(e plainEntry) *int { return e.n }), false, 0},
	{"unknown", func(plainEntry) []any { return nil }, false, ""},
}

var fields = func() []field[plain] {
	out := []field[plain]{
		{"text", one(func(p plain) *string { return p.text }), false, ""},
		{"exact", one(func(p plain) *string { return p.exact }), true, ""},
		{"flag", one(func(p plain) *bool { return p.flag }), false, true},
		{"whole", one(func(p plain) *int { return p.whole }), false, 0},
		{"when", one(func(p plain) *time.Time { return p.when }), false, time.Time{}},
		{"words", func(p plain) (out []any) {
			for _, w := range p.words {
				out = append(out, w)
			}
			return out
		}, false, ""},
		{"unknown", func(plain) []any { return nil }, false, ""},
		{"many", nil, false, ""}, // stands for many.value
	}
	for _, f := range entryFields {
		out = append(out, field[plain]{"many." + f.name, func(p plain) (out []any) {
			for _, e := range p.many {
				out = append(out, f.of(e)...)
			}
			return out
		}, false, f.sample})
	}
	for i := range out {
		if out[i].name == "many" {
			out[i].of = out[i+1].of
		}
	}
	return out
}()

var (
	someText = rapid.SampledFrom([]string{"", "a", "A", "ab", "B", "ß", "SS", "é", "É", `"`, "a b"})
	someInt  = rapid.IntRange(-1, 2)
	someZone = rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 2*3600), time.FixedZone("", -5*3600)})
	someTime = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(0, int64(someInt.Draw(t, "half seconds"))*5e8).In(someZone.Draw(t, "zone"))
	})
	someEntry = rapid.Custom(func(t *rapid.T) plainEntry {
		return plainEntry{rapid.Ptr(someText, true).Draw(t, "value"), rapid.Ptr(someText, true).Draw(t, "type"), rapid.Ptr(someInt, true).Draw(t, "n")}
	})
	somePlain = rapid.Custom(func(t *rapid.T) plain {
		return plain{
			rapid.Ptr(someText, true).Draw(t, "text"), rapid.Ptr(someText, true).Draw(t, "exact"), rapid.Ptr(rapid.Bool(), true).Draw(t, "flag"),
			rapid.Ptr(someInt, true).Draw(t, "whole"), rapid.Ptr(someTime, true).Draw(t, "when"),
			rapid.SliceOfN(someText, 0, 2).Draw(t, "words"), rapid.SliceOfN(someEntry, 0, 2).Draw(t, "many"),
		}
	})
)

// comparison draws a comparison of one of the fields.
func comparison[T any](t *rapid.T, fields []field[T]) claim[T] {
	f := rapid.SampledFrom(fields).Draw(t, "field")
	ops := []string{"eq", "ne", "pr"}
	var want any
	literal := ""
	switch f.sample.(type) {
	case string:
		ops = append(ops, "co", "sw", "ew", "gt", "ge", "lt", "le")
		s := someText.Draw(t, "text")
		want, literal = s, strconv.Quote(s)
	case int:
		ops = append(ops, "gt", "ge", "lt", "le")
		n := someInt.Draw(t, "number")
		want, literal = n, strconv.Itoa(n)+rapid.SampledFrom([]string{"", ".0", "e0"}).Draw(t, "notation")
	case bool:
		b := rapid.Bool().Draw(t, "boolean")
		want, literal = b, strconv.FormatBool(b)
	case time.Time:
		ops = append(ops, "gt", "ge", "lt", "le")
		at := someTime.Draw(t, "instant")
		want, literal = at, strconv.Quote(at.Format(time.RFC3339Nano))
	}
	op := rapid.SampledFrom(ops).Draw(t, "operator")
	if op == "pr" && f.name == "many" {
		op = "eq" // many pr asks for elements, not for values
	}
	text := f.name + " " + op
	if op != "pr" {
		text += " " + literal
	}
	return claim[T]{text, func(r T) bool {
		values := f.of(r)
		if op == "pr" {
			return len(values) > 0
		}
		for _, v := range values {
			if satisfies(v, op, want, f.exact) {
				return true
			}
		}
		return op == "ne" && len(values) == 0
	}}
}

// satisfies is what RFC 7644 table 3 says, once more.
func satisfies(v any, op string, want any, exact bool) bool {
	order := 0
	switch v := v.(type) {
	case string:
		a, b := v, want.(string)
		if !exact {
			fold := strings.NewReplacer("A", "a", "B", "b", "S", "s", "ß", "ss", "É", "é")
			a, b = fold.Replace(a), fold.Replace(b)
		}
		switch op {
		case "co":
			return strings.Contains(a, b)
		case "sw":
			return strings.HasPrefix(a, b)
		case "ew":
			return strings.HasSuffix(a, b)
		}
		order = strings.Compare(a, b)
	case bool:
		if v != want.(bool) {
			order = 1
		}
	case int:
		order = v - want.(int)
	case time.Time:
		order = v.Compare(want.(time.Time))
	}
	switch op {
	case "eq":
		return order == 0
	case "ne":
		return order != 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	}
	return order <= 0
}

// condition draws a filter of at most so many levels. leaf draws what stands at its ends.
func condition[T any](t *rapid.T, depth int, leaf func(*rapid.T) claim[T]) claim[T] {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 3).Draw(t, "kind")
	}
	if kind == 0 {
		return leaf(t)
	}
	x := condition(t, depth-1, leaf)
	if kind == 1 {
		return claim[T]{"not (" + x.text + ")", func(r T) bool { return !x.holds(r) }}
	}
	y := condition(t, depth-1, leaf)
	if kind == 2 {
		return claim[T]{"(" + x.text + ") and (" + y.text + ")", func(r T) bool { return x.holds(r) && y.holds(r) }}
	}
	return claim[T]{"(" + x.text + ") or (" + y.text + ")", func(r T) bool { return x.holds(r) || y.holds(r) }}
}

// each draws a value path.
func each(t *rapid.T) claim[plain] {
	x := condition(t, 2, func(t *rapid.T) claim[plainEntry] { return comparison(t, entryFields) })
	return claim[plain]{"many[" + x.text + "]", func(p plain) bool {
		for _, e := range p.many {
			if x.holds(e) {
				return true
			}
		}
		return false
	}}
}

func TestMatchAgreesWithModel(t *testing.T) {
	rt := thing(t)
	rapid.Check(t, func(rt2 *rapid.T) {
		c := condition(rt2, 3, func(t *rapid.T) claim[plain] {
			if rapid.IntRange(0, 3).Draw(t, "path") == 0 {
				return each(t)
			}
			return comparison(t, fields)
		})
		cond, err := bind(t, rt, c.text)
		if err != nil {
			rt2.Fatalf("%s: %v", c.text, err)
		}
		for i := range 5 {
			p := somePlain.Draw(rt2, fmt.Sprint("resource ", i))
			o := p.object()
			if got, want := cond.Match(o), c.holds(p); got != want {
				rt2.Errorf("%s is %t of %s, want %t", c.text, got, text(t, o), want)
			}
		}
	})
}
