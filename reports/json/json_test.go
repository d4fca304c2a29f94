package json_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	stdjson "github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"scimproof/reports/golden"
	"scimproof/reports/json"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

// runs are what the golden files hold.
func runs() map[string]result.Run {
	interrupted := resulttest.Run()
	interrupted.Complete = false
	interrupted.Checks, interrupted.Scenarios, interrupted.Residue = interrupted.Checks[:2], nil, nil
	return map[string]result.Run{
		"sample":      resulttest.Run(),
		"interrupted": interrupted,
		"empty":       {SchemaVersion: result.SchemaVersion},
	}
}

func write(t *testing.T, run result.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for name, run := range runs() {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, filepath.Join("testdata", name+".json"), write(t, run))
		})
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(json.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("results.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("results.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, doc []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func TestGoldenFilesKeepTheSchema(t *testing.T) {
	s := compile(t)
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < len(runs()) {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, doc); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compile(t)
	sample := string(write(t, resulttest.Run()))
	for _, c := range []struct{ old, new string }{
		{`"schemaVersion": 1`, `"schemaVersion": 2`},
		{`"outcome": "pass"`, `"outcome": "passed"`},
		{`"verdict": "partial"`, `"verdict": "fine"`},
		{`"level": "MUST"`, `"level": "SHALL"`},
		{`"started": "2026`, `"started": "26`},
		{`"complete": true,`, ``},
		{`"status": 201`, `"status": "201"`},
	} {
		doc := strings.Replace(sample, c.old, c.new, 1)
		if doc == sample {
			t.Fatalf("the sample has no %s", c.old)
		}
		if valid(t, s, []byte(doc)) == nil {
			t.Errorf("%s passes", c.new)
		}
	}
}

// A field that is added to the types has to be described, and what is described has to be there.
func TestSchemaDescribesEveryField(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Required   []string       `json:"required"`
			Properties map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := stdjson.Unmarshal(json.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		name := strings.ToLower(typ.Name())
		if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() || seen[name] {
			return
		}
		seen[name] = true
		def, ok := schema.Defs[name]
		if !ok {
			t.Errorf("the schema has no %s", name)
			return
		}
		var fields []string
		for i := range typ.NumField() {
			field := typ.Field(i)
			tag, option, _ := strings.Cut(field.Tag.Get("json"), ",")
			fields = append(fields, tag)
			if _, ok := def.Properties[tag]; !ok {
				t.Errorf("the schema of %s has no %s", name, tag)
			}
			if always := option == ""; always != slices.Contains(def.Required, tag) {
				t.Errorf("%s of %s: always written %v, but the schema says otherwise", tag, name, always)
			}
			walk(field.Type)
		}
		for property := range def.Properties {
			if !slices.Contains(fields, property) {
				t.Errorf("nothing of %s is called %s", name, property)
			}
		}
	}
	walk(reflect.TypeFor[result.Run]())
	if len(seen) < 10 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	first := write(t, resulttest.Run())
	run, err := json.Read(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if second := write(t, run); !bytes.Equal(first, second) {
		t.Error("written again it differs")
	}
	if len(run.Checks) != len(resulttest.Run().Checks) {
		t.Errorf("%d checks", len(run.Checks))
	}
}

func TestReadRefuses(t *testing.T) {
	sample := string(write(t, resulttest.Run()))
	for _, c := range []struct{ old, new, says string }{
		{`"schemaVersion": 1`, `"schemaVersion": 2`, "schema version 2"},
		{`"outcome": "pass"`, `"outcome": "passed"`, `no outcome "passed"`},
		{`"verdict": "partial"`, `"verdict": "fine"`, `no verdict "fine"`},
		{`"tool": {`, `"tool": {}, "tool": {`, "duplicate"},
		{"{\n", "[\n", "results.json"},
	} {
		doc := strings.Replace(sample, c.old, c.new, 1)
		_, err := json.Read(strings.NewReader(doc))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error about %s", c.new, err, c.says)
		}
	}
	for _, c := range []struct{ old, new string }{{`"tool": {`, `"later": true, "tool": {`}} {
		if _, err := json.Read(strings.NewReader(strings.Replace(sample, c.old, c.new, 1))); err != nil {
			t.Errorf("a member of a later version: %v", err)
		}
	}
}

func TestWriteKeepsGoingOverBadBytes(t *testing.T) {
	run := resulttest.Run()
	run.Checks[0].Exchanges[0].ResponseBody = "\xff\xfe</script>\x00\u202e"
	doc := write(t, run)
	if err := valid(t, compile(t), doc); err != nil {
		t.Error(err)
	}
	back, err := json.Read(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := back.Checks[0].Exchanges[0].ResponseBody, "\ufffd\ufffd</script>\x00\u202e"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
