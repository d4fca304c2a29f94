package scim_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"scimproof/server/scim"
)

// record is a resource of the model of PATCH; nil and empty are what is not there.
type record struct {
	text  *string
	a     *string // one.a
	b     *int    // one.b
	words []string
	many  []row
}

type row struct {
	value, typ *string
	n          *int
	primary    *bool
}

func (r row) empty() bool { return r == row{} }

func (r row) object() scim.Object {
	o := plainEntry{r.value, r.typ, r.n}.object()
	put(o, "primary", r.primary)
	return o
}

func (r record) object() scim.Object {
	o := plain{text: r.text, words: r.words}.object()
	one := scim.Object{}
	put(one, "a", r.a)
	putNumber(one, "b", r.b)
	if len(one) > 0 {
		o["one"] = one
	}
	var many []any
	for _, row := range r.many {
		many = append(many, row.object())
	}
	if many != nil {
		o["many"] = many
	}
	return o
}

// step is an operation of the model: what it is in JSON, and what it does.
type step struct {
	json string
	do   func(r *record, create bool) error
}

var (
	errNoTarget  = errors.New("noTarget")
	errPrimaries = errors.New("invalidValue")
)

// Folding is the business of the other model: here texts differ by more than case.
var (
	word    = rapid.SampledFrom([]string{"a", "b", "c"})
	someRow = rapid.Custom(func(t *rapid.T) row {
		r := row{rapid.Ptr(word, true).Draw(t, "value"), rapid.Ptr(word, true).Draw(t, "type"), rapid.Ptr(someInt, true).Draw(t, "n"), nil}
		if r.empty() {
			r.value = new(word.Draw(t, "some value"))
		}
		return r
	})
	someRows = rapid.Custom(func(t *rapid.T) []row {
		rows := rapid.SliceOfN(someRow, 0, 3).Draw(t, "rows")
		if i := rapid.IntRange(-1, len(rows)-1).Draw(t, "primary"); i >= 0 {
			rows[i].primary = new(true)
		}
		return rows
	})
	someRecord = rapid.Custom(func(t *rapid.T) record {
		return record{rapid.Ptr(word, true).Draw(t, "text"), rapid.Ptr(word, true).Draw(t, "a"), rapid.Ptr(someInt, true).Draw(t, "b"),
			rapid.SliceOfNDistinct(word, 0, 2, rapid.ID).Draw(t, "words"), someRows.Draw(t, "many")}
	})
	someStep = rapid.Custom(func(t *rapid.T) step {
		kind := rapid.SampledFrom([]string{"add", "replace", "remove"}).Draw(t, "op")
		target := rapid.SampledFrom([]func(*rapid.T, string) step{stepText, stepOne, stepPart, stepWords, stepMany, stepRows, stepCells}).Draw(t, "target")
		return target(t, kind)
	})
)

// written is an operation as JSON; remove has no value.
func writtenStep(kind, path string, value any) string {
	if kind == "remove" {
		return op(kind, path, "")
	}
	data := "null"
	if value != nil {
		data = strings.TrimSpace(fmt.Sprint(value))
	}
	return op(kind, path, data)
}

func stepText(t *rapid.T, kind string) step {
	v := rapid.Ptr(word, true).Draw(t, "text")
	return step{writtenStep(kind, "text", quoted(v)), func(r *record, _ bool) error {
		setCell(kind, &r.text, v)
		return nil
	}}
}

func stepOne(t *rapid.T, kind string) step {
	a, b := rapid.Ptr(word, true).Draw(t, "a"), rapid.Ptr(someInt, true).Draw(t, "b")
	return step{writtenStep(kind, "one", `{"a": `+orNull(quoted(a))+`, "b": `+orNull(digits(b))+`}`), func(r *record, _ bool) error {
		if kind == "remove" {
			r.a, r.b = nil, nil
			return nil
		}
		setCell("add", &r.a, a) // what is not said stays
		setCell("add", &r.b, b)
		return nil
	}}
}

func stepPart(t *rapid.T, kind string) step {
	v := rapid.Ptr(word, true).Draw(t, "part")
	return step{writtenStep(kind, "one.a", quoted(v)), func(r *record, _ bool) error {
		setCell(kind, &r.a, v)
		return nil
	}}
}

func stepWords(t *rapid.T, kind string) step {
	list := rapid.SliceOfNDistinct(word, 0, 2, rapid.ID).Draw(t, "list")
	data := make([]string, len(list))
	for i := range list {
		data[i] = strconv.Quote(list[i])
	}
	return step{writtenStep(kind, "words", "["+strings.Join(data, ",")+"]"), func(r *record, _ bool) error {
		switch kind {
		case "remove":
			r.words = nil
		case "replace":
			r.words = list
		default:
			for _, w := range list {
				if !slices.Contains(r.words, w) {
					r.words = append(slices.Clone(r.words), w)
				}
			}
		}
		return nil
	}}
}

// stepMany is about the list as a whole.
func stepMany(t *rapid.T, kind string) step {
	rows := someRows.Draw(t, "new rows")
	data := make([]string, len(rows))
	for i := range rows {
		data[i] = rows[i].json()
	}
	return step{writtenStep(kind, "many", "["+strings.Join(data, ",")+"]"), func(r *record, _ bool) error {
		switch kind {
		case "remove":
			r.many = nil
			return nil
		case "replace":
			r.many = slices.Clone(rows)
			return nil
		}
		var written []int
		for _, v := range rows {
			i := slices.IndexFunc(r.many, func(w row) bool { return alike(v, w) })
			if i < 0 {
				r.many = append(r.many, v)
				i = len(r.many) - 1
			} else {
				r.many[i].merge(v)
			}
			written = append(written, i)
		}
		return r.demote(written)
	}}
}

// stepRows is about the elements of a type.
func stepRows(t *rapid.T, kind string) step {
	typ, v := word.Draw(t, "chosen type"), someRow.Draw(t, "row")
	return step{writtenStep(kind, `many[type eq "`+typ+`"]`, v.json()), func(r *record, create bool) error {
		chosen := r.ofType(typ)
		switch {
		case kind == "remove":
			r.many = slices.DeleteFunc(r.many, func(w row) bool { return w.typ != nil && *w.typ == typ })
			return nil
		case len(chosen) == 0 && kind == "replace" && !create:
			return errNoTarget
		case len(chosen) == 0:
			fresh := row{typ: &typ}
			fresh.merge(v)
			r.many = append(r.many, fresh)
			return nil
		}
		for _, i := range chosen {
			if kind == "replace" {
				r.many[i] = v
			} else {
				r.many[i].merge(v)
			}
		}
		return nil
	}}
}

// stepCells is about a sub-attribute of the elements of a type, or of all.
func stepCells(t *rapid.T, kind string) step {
	typ := rapid.Ptr(word, true).Draw(t, "chosen type")
	path := "many"
	if typ != nil {
		path = `many[type eq "` + *typ + `"]`
	}
	primary := rapid.Ptr(rapid.Bool(), true).Draw(t, "primary")
	value := rapid.Ptr(word, true).Draw(t, "cell")
	data := quoted(value)
	name := rapid.SampledFrom([]string{"value", "primary"}).Draw(t, "name")
	if name == "primary" {
		data = nil
		if primary != nil {
			data = strconv.FormatBool(*primary)
		}
	}
	return step{writtenStep(kind, path+"."+name, data), func(r *record, create bool) error {
		chosen := upTo(len(r.many))
		if typ != nil {
			chosen = r.ofType(*typ)
		}
		if len(chosen) == 0 {
			switch {
			case kind == "remove", kind == "add" && data == nil:
				return nil
			case kind == "replace" && typ != nil && !create:
				return errNoTarget
			case data == nil:
				return nil
			}
			r.many = append(r.many, row{typ: typ})
			chosen = []int{len(r.many) - 1}
		}
		for _, i := range chosen {
			if name == "primary" {
				setCell(kind, &r.many[i].primary, primary)
			} else {
				setCell(kind, &r.many[i].value, value)
			}
		}
		if err := r.demote(chosen); err != nil {
			return err
		}
		r.many = slices.DeleteFunc(r.many, row.empty)
		return nil
	}}
}

// setCell is an operation on one value.
func setCell[T any](kind string, cell **T, v *T) {
	switch {
	case kind == "remove":
		*cell = nil
	case kind == "replace" || v != nil:
		*cell = v
	}
}

// merge takes over what the other row says.
func (r *row) merge(v row) {
	setCell("add", &r.value, v.value)
	setCell("add", &r.typ, v.typ)
	setCell("add", &r.n, v.n)
	setCell("add", &r.primary, v.primary)
}

// alike says whether two rows are one entry: of one value and type, or, without a value, the same in everything.
func alike(v, w row) bool {
	equal := func(a, b *string) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
	if v.value == nil || w.value == nil {
		return v.json() == w.json()
	}
	return equal(v.value, w.value) && equal(v.typ, w.typ)
}

func (r *record) ofType(typ string) (places []int) {
	for i, w := range r.many {
		if w.typ != nil && *w.typ == typ {
			places = append(places, i)
		}
	}
	return places
}

// demote leaves one primary row: the one that was written.
func (r *record) demote(written []int) error {
	is := func(i int) bool { return r.many[i].primary != nil && *r.many[i].primary }
	chosen := map[int]bool{}
	for _, i := range written {
		if is(i) {
			chosen[i] = true
		}
	}
	if len(chosen) > 1 {
		return errPrimaries
	}
	for i := range r.many {
		if len(chosen) == 1 && is(i) && !chosen[i] {
			r.many[i].primary = new(false)
		}
	}
	return nil
}

func (r row) json() string {
	primary := "null"
	if r.primary != nil {
		primary = strconv.FormatBool(*r.primary)
	}
	return `{"value": ` + orNull(quoted(r.value)) + `, "type": ` + orNull(quoted(r.typ)) + `, "n": ` + orNull(digits(r.n)) + `, "primary": ` + primary + `}`
}

func quoted(s *string) any {
	if s == nil {
		return nil
	}
	return strconv.Quote(*s)
}

func digits(n *int) any {
	if n == nil {
		return nil
	}
	return strconv.Itoa(*n)
}

func orNull(v any) string {
	if v == nil {
		return "null"
	}
	return v.(string)
}

func upTo(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

func TestPatchAgreesWithModel(t *testing.T) {
	rt := thing(t)
	rapid.Check(t, func(rt2 *rapid.T) {
		r := someRecord.Draw(rt2, "before")
		steps := rapid.SliceOfN(someStep, 1, 4).Draw(rt2, "steps")
		opt := scim.PatchOptions{CreateOnNoMatch: rapid.Bool().Draw(rt2, "create")}
		before := text(t, r.object())
		var ops []string
		for _, s := range steps {
			ops = append(ops, s.json)
		}
		got, err := patch(t, rt, before, strings.Join(ops, ","), opt)
		var want error
		for _, s := range steps {
			if want = s.do(&r, opt.CreateOnNoMatch); want != nil {
				break
			}
		}
		var refused *scim.Error
		switch errors.As(err, &refused); {
		case want == nil && err != nil, want != nil && (refused == nil || string(refused.Type) != want.Error()):
			rt2.Fatalf("%s with %v: %v, want %v", before, ops, err, want)
		case want != nil:
			return
		}
		delete(got, "schemas")
		if g, w := text(t, got), text(t, r.object()); g != w {
			rt2.Fatalf("%s with %v is\n%s\nwant\n%s", before, ops, g, w)
		}
	})
}
