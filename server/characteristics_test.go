package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"scimproof/server"
)

// TestCharacteristics drives every attribute of TestResource, and every sub-attribute, through all operations, and holds what happens
// against what its declaration demands (RFC 7643 sections 2.2 to 2.5 and 7).
func TestCharacteristics(t *testing.T) {
	file, schemas := testResource(t)
	c := serverOf(t, func(config *server.Config) { config.Schemas = []server.SchemaFile{file} }).demo("rfc")
	n := 0
	for _, f := range fieldsOf(schemas) {
		t.Run(f.path()[strings.LastIndexByte(f.path(), ':')+1:], func(t *testing.T) {
			d := driver{c.with(t), f, &n}
			t.Run("returned", func(t *testing.T) { d.with(t).returned() })
			t.Run("type", func(t *testing.T) { d.with(t).dataType() })
			t.Run("required", func(t *testing.T) { d.with(t).required() })
			t.Run("mutability", func(t *testing.T) { d.with(t).mutability() })
			t.Run("uniqueness", func(t *testing.T) { d.with(t).uniqueness() })
			t.Run("filter", func(t *testing.T) { d.with(t).filter() })
			t.Run("sort", func(t *testing.T) { d.with(t).sort() })
		})
	}
}

// The suggested values are no more than that, and a reference may be relative, or a URN.
func TestCharacteristicsThatOnlySuggest(t *testing.T) {
	file, _ := testResource(t)
	c := serverOf(t, func(config *server.Config) { config.Schemas = []server.SchemaFile{file} }).demo("rfc")
	for name, values := range map[string][]any{
		"suggestedString":   {"small", "LARGE", "medium"},
		"resourceReference": {"../Users/1", "https://example.com/v2/Users/1", "urn:example:thing"},
		"binaryAttr":        {"AA==", "AA", "/+8="},
		"dateTimeAttr":      {"2026-03-31T12:00:00+02:00", "2026-03-31T12:00:00.123456789Z"},
	} {
		for i, v := range values {
			body := object{"schemas": []any{testSchema}, "identifier": fmt.Sprint(name, i), name: v, testExtension: object{"extRequired": "x"}}
			if got := c.post("/TestResources", body).want(http.StatusCreated).at(name); got != v {
				t.Errorf("%s comes back as %v, want %v", name, got, v)
			}
		}
	}
	body := object{"schemas": []any{testSchema}, "identifier": "no extension"}
	c.post("/TestResources", body).refused(http.StatusBadRequest, "invalidValue", "The extension "+testExtension)
}

// Discovery shows what was declared, with every default written out, and the types of the profile as ever.
func TestDeclaredTypesAreDiscovered(t *testing.T) {
	file, schemas := testResource(t)
	w := serverOf(t, func(config *server.Config) { config.Schemas = []server.SchemaFile{file} })
	c := w.demo("rfc")
	for _, want := range schemas {
		var got declaredSchema
		if err := json.Unmarshal([]byte(c.get("/Schemas/"+want.ID).want(http.StatusOK).text), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("/Schemas/%s is %+v, want %+v", want.ID, got, want)
		}
	}
	rt := c.get("/ResourceTypes/TestResource").want(http.StatusOK)
	if rt.at("endpoint") != "/TestResources" || rt.at("schema") != testSchema ||
		rt.at("schemaExtensions", 0, "schema") != testExtension || rt.at("schemaExtensions", 0, "required") != true {
		t.Errorf("the resource type is %s", rt.text)
	}
	if c.get("/ResourceTypes").total() != 3 || c.get("/Schemas").total() != 5 {
		t.Error("/ResourceTypes and /Schemas do not list what was added")
	}
	other := w.demo("idaas")
	if other.get("/ResourceTypes").total() != 2 || other.get("/Schemas").total() != 3 {
		t.Error("an idaas application has the added types too")
	}
	other.get("/TestResources").want(http.StatusNotFound)
}

// driver tests one field.
type driver struct {
	*client
	f field
	n *int // how many values have been handed out
}

func (d driver) with(t *testing.T) driver { return driver{d.client.with(t), d.f, d.n} }

// fresh is a value that no resource has yet.
func (d driver) fresh() any {
	*d.n += 2 // a list takes two
	return d.f.value(*d.n)
}

func (d driver) identifier() string {
	*d.n++
	return fmt.Sprintf("Test %07d", *d.n)
}

// body has the value in the field; an identifier, unless that is the field, is that of a resource to be written again, or fresh.
func (d driver) body(value any, identifier ...any) object {
	id := d.identifier()
	if len(identifier) > 0 && identifier[0] != nil {
		id = identifier[0].(string)
	}
	return d.f.filled(id, value)
}

// create makes a resource with the value and returns its path and identifier.
func (d driver) create(value any) (path string, identifier any) {
	d.t.Helper()
	a := d.post("/TestResources", d.body(value)).want(http.StatusCreated)
	return "/TestResources/" + a.id(), a.at("identifier")
}

// stored is the value of the field, shown or not.
func (d driver) stored(path string) any {
	d.t.Helper()
	if !d.f.secret() {
		return d.f.of(d.get(path + "?attributes=" + url.QueryEscape(d.f.path())).want(http.StatusOK).body)
	}
	var body object
	if err := json.Unmarshal(d.record(path).Body, &body); err != nil {
		d.t.Fatal(err)
	}
	return d.f.of(body)
}

// holds checks what is stored. Of a complex value it looks only whether there is one: its parts are fields of their own.
func (d driver) holds(path string, want any) {
	d.t.Helper()
	switch got := d.stored(path); {
	case d.f.leaf().Mutability == "writeOnly":
		if (d.secret(path) != "") != (want != nil) || got != nil {
			d.t.Errorf("stored is %q and %v, want %v", d.secret(path), got, want)
		}
	case d.f.readOnly() && got != nil, !d.f.whole() && !d.f.readOnly() && !reflect.DeepEqual(got, want), d.f.whole() && (got == nil) != (want == nil):
		d.t.Errorf("stored is %v, want %v", got, want)
	}
}

// returned looks at every kind of answer with every kind of selection.
func (d driver) returned() {
	value := d.fresh()
	path, _ := d.create(value)
	id := path[strings.LastIndexByte(path, '/')+1:]
	other := "identifier"
	if d.f.attr.Name == other {
		other = "booleanAttr"
	}
	for _, list := range []string{"", "attributes", "excludedAttributes"} {
		for _, named := range []bool{false, true} {
			name := other
			if named {
				name = d.f.path()
			}
			query := list + "=" + url.QueryEscape(name)
			want := d.f.shown(list, named)
			check := func(what string, body object) {
				d.t.Helper()
				got := d.f.of(body)
				if (got != nil) != want || want && !d.f.whole() && !reflect.DeepEqual(got, value) {
					d.t.Errorf("%s with %s=%s shows %v, want it shown: %v", what, list, name, got, want)
				}
			}
			check("GET", d.get(path+"?"+query).want(http.StatusOK).body)
			listed := d.get("/TestResources?" + query + "&filter=" + url.QueryEscape(`id eq "`+id+`"`)).want(http.StatusOK)
			body, _ := listed.at("Resources", 0).(object)
			check("the list", body)
			check("PATCH", d.do("PATCH", path+"?"+query, object{"schemas": []string{patchSchema}, "Operations": []any{op("replace", "externalId", query)}}).want(http.StatusOK).body)
			value := d.fresh()
			made := d.post("/TestResources?"+query, d.body(value)).want(http.StatusCreated)
			if got := d.f.of(made.body); (got != nil) != want {
				d.t.Errorf("POST with %s=%s shows %v, want it shown: %v", list, name, got, want)
			}
		}
	}
}

// dataType sends values that the type does not have.
func (d driver) dataType() {
	path, identifier := d.create(nil0(d.f, d.fresh()))
	before := d.get(path).text
	for _, v := range d.f.wrong() {
		if d.f.readOnly() {
			d.post("/TestResources", d.body(v)).want(http.StatusCreated) // whatever it is, it is ignored
			continue
		}
		d.post("/TestResources", d.body(v)).refused(http.StatusBadRequest, "invalidValue", "")
		d.put(path, d.body(v, identifier)).refused(http.StatusBadRequest, "invalidValue", "")
		if _, single := v.([]any); single || !d.f.whole() && !d.f.many() {
			d.patch(path, op("replace", d.f.path(), v)).refused(http.StatusBadRequest, "invalidValue", "")
		}
	}
	if after := d.get(path).text; after != before {
		d.t.Errorf("something of what was refused is stored: before\n%s\nafter\n%s", before, after)
	}
}

// nil0 is the value where the field must have one.
func nil0(f field, value any) any {
	if f.leaf().Required {
		return value
	}
	return nil
}

// required leaves the field out, in every way there is.
func (d driver) required() {
	value := d.fresh()
	path, identifier := d.create(value)
	for _, missing := range []any{nil, "", " \t"} {
		if missing != nil && (d.f.leaf().Type != "string" || d.f.many() || !d.f.leaf().Required) {
			continue
		}
		made, put := d.post("/TestResources", d.body(missing)), d.put(path, d.body(missing, identifier))
		if d.f.leaf().Required {
			made.refused(http.StatusBadRequest, "invalidValue", "")
			put.refused(http.StatusBadRequest, "invalidValue", "")
			d.holds(path, value)
		} else {
			made.want(http.StatusCreated)
			put.want(http.StatusOK)
		}
	}
	if d.f.leaf().Required {
		d.patch(path, op("remove", d.f.path())).refused(http.StatusBadRequest, "mutability", "")
		d.holds(path, value)
	}
}

// mutability writes the field again by PUT and PATCH.
func (d driver) mutability() {
	first, second := d.fresh(), d.fresh()
	if d.f.leaf().Type == "boolean" {
		first, second = d.f.value(0), d.f.value(1)
	}
	path, identifier := d.create(first)
	d.holds(path, first)
	if d.f.attr.Name == "identifier" {
		identifier = nil
	}
	switch d.f.leaf().Mutability {
	case "readOnly":
		d.put(path, d.body(second, identifier)).want(http.StatusOK)
		d.patch(path, op("replace", d.f.path(), second)).refused(http.StatusBadRequest, "mutability", "")
		d.patch(path, op("remove", d.f.path())).refused(http.StatusBadRequest, "mutability", "")
		d.holds(path, nil)
	case "immutable":
		d.put(path, d.body(first, identifier)).want(http.StatusOK)
		d.put(path, d.body(nil, identifier)).want(http.StatusOK)
		d.patch(path, op("replace", d.f.path(), first)).want(http.StatusOK)
		d.put(path, d.body(second, identifier)).refused(http.StatusBadRequest, "mutability", "")
		d.patch(path, op("replace", d.f.path(), second)).refused(http.StatusBadRequest, "mutability", "")
		d.patch(path, op("remove", d.f.path())).refused(http.StatusBadRequest, "mutability", "")
		d.holds(path, first)
		empty, _ := d.create(nil) // it can be given once
		d.patch(empty, op("add", d.f.path(), second)).want(http.StatusOK)
		d.holds(empty, second)
		d.patch(empty, op("replace", d.f.path(), first)).refused(http.StatusBadRequest, "mutability", "")
		d.holds(empty, second)
	default:
		d.put(path, d.body(second, identifier)).want(http.StatusOK)
		d.holds(path, second)
		d.patch(path, op("replace", d.f.path(), first)).want(http.StatusOK)
		d.holds(path, first)
		if !d.f.leaf().Required {
			d.patch(path, op("remove", d.f.path())).want(http.StatusOK)
			d.holds(path, nil)
			d.patch(path, op("add", d.f.path(), second)).want(http.StatusOK)
			d.holds(path, second)
		}
	}
}

// alike are values, written otherwise, that are the same or not as caseExact has it.
func (f field) alike(v any) (same, different []any) {
	text, isText := v.(string)
	number, _ := v.(float64)
	switch f.leaf().Type {
	case "string":
		if isText && f.leaf().CaseExact {
			different = append(different, otherCase(text))
		} else if isText {
			same = append(same, otherCase(text))
		}
	case "decimal":
		same = append(same, rawNumber(fmt.Sprintf("%.2f", number)), rawNumber(fmt.Sprintf("%.0fe-1", number*10)))
	case "dateTime":
		same = append(same, strings.Replace(text, "Z", ".000+00:00", 1))
	}
	return same, different
}

// rawNumber is a JSON number as it is written.
type rawNumber string

func (n rawNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// uniqueness gives a second resource what the first one has.
func (d driver) uniqueness() {
	if d.f.whole() || d.f.readOnly() {
		return
	}
	value := d.fresh()
	path, identifier := d.create(value)
	same, different := []any{value}, []any{}
	if !d.f.many() {
		more, others := d.f.alike(value)
		same, different = append(same, more...), append(different, others...)
	} else if list, ok := value.([]any); ok && d.f.leaf().Type != "boolean" {
		same = append(same, []any{list[1]}) // one in common is enough
	}
	otherPath, otherIdentifier := d.create(d.fresh())
	if d.f.attr.Name == "identifier" {
		identifier, otherIdentifier = nil, nil
	}
	before := d.stored(otherPath)
	for _, v := range same {
		made, put, patched := d.post("/TestResources", d.body(v)), d.put(otherPath, d.body(v, otherIdentifier)), d.patch(otherPath, op("replace", d.f.path(), v))
		if d.f.leaf().Uniqueness != "none" {
			made.refused(http.StatusConflict, "uniqueness", "")
			put.refused(http.StatusConflict, "uniqueness", "")
			patched.refused(http.StatusConflict, "uniqueness", "")
			d.holds(otherPath, before)
		} else {
			made.want(http.StatusCreated)
		}
	}
	for _, v := range different {
		d.post("/TestResources", d.body(v)).want(http.StatusCreated)
	}
	d.put(path, d.body(value, identifier)).want(http.StatusOK) // it is not in its own way
	d.delete(path).want(http.StatusNoContent)
	d.post("/TestResources", d.body(value)).want(http.StatusCreated)
}

// filter asks for the resource by the field, with every operator.
func (d driver) filter() {
	value := d.fresh()
	path, _ := d.create(value)
	id := path[strings.LastIndexByte(path, '/')+1:]
	for _, test := range d.f.questions(value) {
		a := d.get("/TestResources?filter=" + url.QueryEscape(fmt.Sprintf(`id eq %q and (%s)`, id, test.filter)))
		if test.refused || d.f.secret() {
			a.refused(http.StatusBadRequest, "invalidFilter", "")
			continue
		}
		if got := a.want(http.StatusOK).total() == 1; got != test.finds {
			d.t.Errorf("%s finds it: %v, want %v", test.filter, got, test.finds)
		}
	}
}

// question is a filter and what becomes of it.
type question struct {
	filter         string
	finds, refused bool
}

// questions are filters about a resource that has the value, or nothing where the field is readOnly.
func (f field) questions(value any) (list []question) {
	has := !f.readOnly()
	list = append(list, question{f.path() + " pr", has, false}, question{"not (" + f.path() + " pr)", !has, false})
	if f.whole() {
		return list
	}
	if values, ok := value.([]any); ok {
		value = values[0]
	}
	literal := fmt.Sprintf("%v", value)
	quoted := fmt.Sprintf("%q", literal)
	typ := f.leaf().Type
	isNumber, isText := typ == "integer" || typ == "decimal", typ == "string" || typ == "reference"
	if !isNumber && typ != "boolean" {
		literal = quoted
	} else {
		list = append(list, question{f.path() + " eq " + quoted, false, true}) // a text is none of them
	}
	ask := func(operator, with string, finds, defined bool) {
		list = append(list, question{f.path() + " " + operator + " " + with, has && finds, !defined})
	}
	ask("eq", literal, true, true)
	list = append(list, question{f.path() + " ne " + literal, !has || f.leaf().MultiValued && typ != "boolean", false})
	ordered := typ != "boolean" && typ != "binary"
	ask("ge", literal, true, ordered)
	ask("le", literal, true, ordered)
	ask("lt", literal, false, ordered)
	if !f.leaf().MultiValued {
		ask("gt", literal, false, ordered)
	}
	if isText {
		text, _ := value.(string)
		ask("co", fmt.Sprintf("%q", text[2:5]), true, true)
		ask("sw", fmt.Sprintf("%q", text[:4]), true, true)
		ask("sw", fmt.Sprintf("%q", text[1:4]), false, true)
		ask("ew", fmt.Sprintf("%q", text[len(text)-3:]), true, true)
		ask("eq", fmt.Sprintf("%q", otherCase(text)), !f.leaf().CaseExact, true)
		ask("co", fmt.Sprintf("%q", otherCase(text)), !f.leaf().CaseExact, true)
	} else {
		for _, operator := range []string{"co", "sw", "ew"} {
			ask(operator, literal, false, false)
		}
	}
	if f.sub != nil && f.attr.MultiValued {
		inside := f.attr.Name + "[" + f.sub.Name + " eq " + literal + "]"
		list = append(list, question{inside, true, false}, question{"not " + "(" + inside + ")", false, false})
	}
	return list
}

// sort orders two resources by the field.
func (d driver) sort() {
	if d.f.whole() || d.f.readOnly() || d.f.attr.Name == "identifier" {
		return
	}
	small, large := d.fresh(), d.fresh()
	if d.f.leaf().Type == "boolean" {
		small, large = d.f.value(0), d.f.value(1)
	}
	// The large one is made first, so that the order of creation is another.
	bigger, first := d.create(large)
	smaller, second := d.create(small)
	filter := fmt.Sprintf(`identifier eq %q or identifier eq %q`, first, second)
	query := "/TestResources?filter=" + url.QueryEscape(filter) + "&sortBy=" + url.QueryEscape(d.f.path())
	if d.f.secret() {
		d.get(query).refused(http.StatusBadRequest, "invalidValue", "")
		return
	}
	for order, want := range map[string][]string{"ascending": {smaller, bigger}, "descending": {bigger, smaller}} {
		var got []string
		list, _ := d.get(query + "&sortOrder=" + order).want(http.StatusOK).at("Resources").([]any)
		for _, v := range list {
			o, _ := v.(object)
			got = append(got, fmt.Sprint("/TestResources/", o["id"]))
		}
		if !slices.Equal(got, want) {
			d.t.Errorf("%s: %q, want %q", order, got, want)
		}
	}
}
