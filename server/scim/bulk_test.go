package scim_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"scimproof/server/scim"
)

// bulk is a BulkRequest message with the operations.
func bulk(operations ...string) string {
	return `{"schemas": ["` + scim.BulkRequestSchema + `"], "Operations": [` + strings.Join(operations, ",") + `]}`
}

func TestDecodeBulk(t *testing.T) {
	body := `{"SCHEMAS": ["urn:x", "` + strings.ToUpper(scim.BulkRequestSchema) + `"], "failonerrors": 3, "more": {"a": [1]}, "operations": [
		{"Method": "POST", "PATH": "/Users", "bulkid": "a", "data": {"x": [1, "é"]}, "more": [{}]},
		{"method": "DELETE", "path": "/Users/1", "version": "W/\"1\"", "data": null, "bulkId": null}]}`
	want := scim.BulkRequest{FailOnErrors: 3, Operations: []scim.BulkOperation{
		{Method: "POST", Path: "/Users", BulkID: "a", Data: []byte(`{"x": [1, "é"]}`)}, {Method: "DELETE", Path: "/Users/1", Version: `W/"1"`},
	}}
	got, err := scim.DecodeBulk(iotest.OneByteReader(strings.NewReader(body)), 2)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("it differs (-want +got):\n%s", d)
	}
}

func TestDecodeBulkRefused(t *testing.T) {
	const one = `{"method": "DELETE", "path": "/Users/1"}`
	head := `{"schemas": ["` + scim.BulkRequestSchema + `"], "Operations": [` + one + `], `
	for name, test := range map[string]struct {
		body   string
		status int
		typ    scim.ErrorType
		says   string
	}{
		"nothing":                {"", 400, scim.InvalidSyntax, "ends"},
		"no object":              {"[]", 400, scim.InvalidSyntax, "BulkRequest"},
		"cut short":              {bulk(one)[:60], 400, scim.InvalidSyntax, "ends"},
		"no JSON":                {bulk(one, `{"a" 1}`), 400, scim.InvalidSyntax, "JSON"},
		"no JSON in data":        {bulk(`{"method": "POST", "data": {"a": }}`), 400, scim.InvalidSyntax, "JSON"},
		"more behind it":         {bulk(one) + "x", 400, scim.InvalidSyntax, "behind"},
		"no schemas":             {`{"Operations": [` + one + `]}`, 400, scim.InvalidSyntax, "schemas"},
		"another schema":         {strings.Replace(bulk(one), "BulkRequest", "PatchOp", 1), 400, scim.InvalidSyntax, "schemas"},
		"no operations":          {bulk(), 400, scim.InvalidSyntax, "Operations"},
		"operations missing":     {`{"schemas": ["` + scim.BulkRequestSchema + `"]}`, 400, scim.InvalidSyntax, "Operations"},
		"operations no array":    {`{"schemas": ["` + scim.BulkRequestSchema + `"], "Operations": {}}`, 400, scim.InvalidSyntax, "array"},
		"an operation no object": {bulk(one, `"x"`), 400, scim.InvalidSyntax, "object"},
		"a path no string":       {bulk(`{"path": 5}`), 400, scim.InvalidSyntax, "path"},
		"a name twice":           {bulk(`{"path": "/Users", "PATH": "/Groups"}`), 400, scim.InvalidSyntax, "twice"},
		"a bulkId twice":         {bulk(`{"bulkId": "seven"}`, one, `{"bulkId": "seven"}`), 400, scim.InvalidValue, `"seven"`},
		"too many":               {bulk(one, one, one, one), 413, "", "maxOperations (3)"},
		"failOnErrors 0":         {head + `"failOnErrors": 0}`, 400, scim.InvalidValue, "failOnErrors"},
		"failOnErrors negative":  {head + `"failOnErrors": -1}`, 400, scim.InvalidValue, "failOnErrors"},
		"failOnErrors a half":    {head + `"failOnErrors": 1.5}`, 400, scim.InvalidValue, "failOnErrors"},
		"failOnErrors a string":  {head + `"failOnErrors": "1"}`, 400, scim.InvalidValue, "failOnErrors"},
		"nested deeply":          {head + `"x": ` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, 400, scim.InvalidSyntax, "deep"},
		"data without an end":    {bulk(`{"data": ` + strings.Repeat("[", 100_000)), 400, scim.InvalidSyntax, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scim.DecodeBulk(strings.NewReader(test.body), 3)
			var refused *scim.Error
			if !errors.As(err, &refused) || refused.Status != test.status || refused.Type != test.typ || !strings.Contains(refused.Detail, test.says) {
				t.Errorf("got %v, want %d %s about %s", err, test.status, test.typ, test.says)
			}
		})
	}
	broken := errors.New("broken")
	if _, err := scim.DecodeBulk(iotest.TimeoutReader(iotest.HalfReader(strings.NewReader(bulk(one)))), 3); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a stream that breaks: %v", err)
	}
	if _, err := scim.DecodeBulk(iotest.ErrReader(broken), 3); !errors.Is(err, broken) {
		t.Errorf("a stream that is broken: %v", err)
	}
}

func TestBulkReferences(t *testing.T) {
	for name, test := range map[string]struct{ method, data, want, refs string }{
		"none":            {"POST", `{"value": "bulkIds", "x": "a bulkId:b", "y": "bulkId:"}`, `{"value": "bulkIds", "x": "a bulkId:b", "y": "bulkId:"}`, ""},
		"nested":          {"POST", `{"a": [{"value": "bulkId:x", "type": "User"}, "bulkId:y"], "b": "bulkId:x"}`, `{"a": [{"value": "<x>", "type": "User"}, "<y>"], "b": "<x>"}`, "x y"},
		"hidden":          {"POST", `{"value": "bulk\u0049d:x"}`, `{"value": "<x>"}`, "x"},
		"a name":          {"POST", `{"bulkId:x": "\n"}`, `{"bulkId:x": "\n"}`, ""},
		"a $ref":          {"POST", `{"$ref": "https://h/Users/bulkId:x", "value": "/Users/bulkId:x"}`, `{"$ref": "https://h/Users/<x>", "value": "/Users/bulkId:x"}`, "x"},
		"a password":      {"POST", `{"passWord": "bulkId:x", "value": "bulkId:y"}`, `{"passWord": "bulkId:x", "value": "<y>"}`, "y"},
		"a filter":        {"PATCH", `{"path": "m[value eq \"bulkId:x\" or value eq \"bulkId:y\"].z"}`, `{"path": "m[value eq \"<x>\" or value eq \"<y>\"].z"}`, "x y"},
		"no filter":       {"POST", `{"path": "m[value eq \"bulkId:x\"]"}`, `{"path": "m[value eq \"bulkId:x\"]"}`, ""},
		"a filter open":   {"PATCH", `{"path": "m[value eq \"bulkId:x"}`, `{"path": "m[value eq \"bulkId:x"}`, ""},
		"a string alone":  {"POST", `"bulkId:x"`, `"<x>"`, "x"},
		"a colon in it":   {"POST", `["bulkId:x:y", "bulkId: "]`, `["<x:y>", "< >"]`, "x:y  "},
		"case of a value": {"POST", `["BULKID:x"]`, `["BULKID:x"]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			op := scim.BulkOperation{Method: test.method, Data: []byte(test.data)}
			if got := strings.Join(op.References(), " "); got != test.refs {
				t.Errorf("it refers to %q, want %q", got, test.refs)
			}
			if got := string(op.Resolve(func(id string) string { return "<" + id + ">" })); got != test.want {
				t.Errorf("resolved it is %s, want %s", got, test.want)
			}
		})
	}
}

func TestBulkOrder(t *testing.T) {
	post := func(id string, refs ...string) string { return bulkOperation("POST", "/Users", id, refs...) }
	for name, test := range map[string]struct {
		ops  []string
		want string
	}{
		"as they stand":       {[]string{post("a"), post("b", "a"), post("c", "b", "a")}, "a b c"},
		"forward":             {[]string{post("a", "c"), post("b"), post("c")}, "c a b"},
		"forward by a path":   {[]string{bulkOperation("DELETE", "/Users/bulkId:b", "a"), post("b")}, "b a"},
		"a chain":             {[]string{post("a", "b"), post("b", "c"), post("c", "d"), post("d")}, "d c b a"},
		"itself":              {[]string{post("a", "a")}, "a(a)"},
		"a circle":            {[]string{post("a", "b"), post("b", "a")}, "b(a) a"},
		"a circle of three":   {[]string{post("a", "b"), post("b", "c", "a"), post("c", "a", "b")}, "c(a b) b(a) a"},
		"unknown":             {[]string{post("a", "z"), post("b")}, "a b"},
		"of what is no POST":  {[]string{post("a", "b"), bulkOperation("PUT", "/Users/1", "b")}, "a b"},
		"a circle with a PUT": {[]string{bulkOperation("PUT", "/Users/bulkId:b", "a", "c"), post("b", "c"), post("c", "b")}, "b(c) c a"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := scim.DecodeBulk(strings.NewReader(bulk(test.ops...)), 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, step := range r.Order() {
				text := r.Operations[step.Operation].BulkID
				if len(step.Late) > 0 {
					text += "(" + strings.Join(step.Late, " ") + ")"
				}
				got = append(got, text)
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("the order is %s, want %s", text, test.want)
			}
		})
	}
}

func bulkOperation(method, path, bulkID string, refs ...string) string {
	for i, ref := range refs {
		refs[i] = `"bulkId:` + ref + `"`
	}
	return fmt.Sprintf(`{"method": %q, "path": %q, "bulkId": %q, "data": {"x": [%s]}}`, method, path, bulkID, strings.Join(refs, ","))
}

func TestBulkTarget(t *testing.T) {
	r, data := things(t), []byte(`{}`)
	for _, test := range []struct {
		op     scim.BulkOperation
		status int // 0 where it is fine
		id     string
	}{
		{scim.BulkOperation{Method: "POST", Path: "/Things", BulkID: "a", Data: data}, 0, ""},
		{scim.BulkOperation{Method: "POST", Path: "/Things/", BulkID: "a", Data: data}, 0, ""},
		{scim.BulkOperation{Method: "PUT", Path: "/Things/a%2Fb", Data: data}, 0, "a/b"},
		{scim.BulkOperation{Method: "PATCH", Path: "/Things/bulkId:a", Data: data}, 0, "bulkId:a"},
		{scim.BulkOperation{Method: "DELETE", Path: "/Things/bulkId%3Aa"}, 0, "bulkId:a"},
		{scim.BulkOperation{Method: "POST", Path: "/Things", Data: data}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "POST", Path: "/Things", BulkID: "a"}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "POST", Path: "/Things/1", BulkID: "a", Data: data}, http.StatusMethodNotAllowed, "1"},
		{scim.BulkOperation{Method: "PUT", Path: "/Things", Data: data}, http.StatusMethodNotAllowed, ""},
		{scim.BulkOperation{Method: "PUT", Path: "/Things/1"}, http.StatusBadRequest, "1"},
		{scim.BulkOperation{Method: "GET", Path: "/Things/1"}, http.StatusMethodNotAllowed, "1"},
		{scim.BulkOperation{Method: "delete", Path: "/Things/1"}, http.StatusMethodNotAllowed, "1"},
		{scim.BulkOperation{Path: "/Things/1"}, http.StatusBadRequest, "1"},
		{scim.BulkOperation{Method: "DELETE", Path: "Things/1"}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "https://h/Things/1"}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "/Things/1?attributes=x"}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "/Things/%zz"}, http.StatusBadRequest, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "/Things/1/2"}, http.StatusNotFound, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "/Others/1"}, http.StatusNotFound, ""},
		{scim.BulkOperation{Method: "DELETE", Path: "/"}, http.StatusNotFound, ""},
		{scim.BulkOperation{Method: "DELETE"}, http.StatusBadRequest, ""},
	} {
		rt, id, err := test.op.Target(r)
		status := 0
		var refused *scim.Error
		if errors.As(err, &refused) {
			status = refused.Status
		}
		if status != test.status || id != test.id || err == nil && rt == nil {
			t.Errorf("%s %q: %q, %v, want %q, %d", test.op.Method, test.op.Path, id, err, test.id, test.status)
		}
	}
}

// A request that is taken comes to one step for each operation, every one behind what it needs but for what is late, and resolving leaves JSON.
func FuzzDecodeBulk(f *testing.F) {
	post := func(id string, refs ...string) string { return bulkOperation("POST", "/Users", id, refs...) }
	f.Add([]byte(bulk(post("a", "b"), post("b", "a", "c"), `{"method": "PATCH", "path": "/Users/bulkId:b", "data": {"path": "m[value eq \"bulkId:a\"]", "$ref": "x/bulkId:b"}}`)))
	f.Add([]byte(`{"failOnErrors": 1, "schemas": ["` + scim.BulkRequestSchema + `"], "Operations": [{"data": "bulk\u0049d:\ud83d\ude00"}, {"method": "DELETE", "path": "/%"}]}`))
	f.Add([]byte(bulk()))
	f.Add([]byte(`{"Operations": [{`))
	f.Add([]byte(`[[[[`))
	types := things(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := scim.DecodeBulk(strings.NewReader(string(body)), 8)
		if err != nil {
			var refused *scim.Error
			if !errors.As(err, &refused) || refused.Detail == "" || refused.Status != 400 && refused.Status != 413 {
				t.Errorf("got %v, want a refusal", err)
			}
			return
		}
		orderly(t, r)
		for _, op := range r.Operations {
			if rt, _, err := op.Target(types); err == nil && rt == nil {
				t.Errorf("%s %q has no type and no error", op.Method, op.Path)
			}
			resolved := op.Resolve(func(string) string { return `"a b"` })
			var v any
			if err := json.Unmarshal(resolved, &v, jsontext.AllowDuplicateNames(true)); op.Data != nil && err != nil {
				t.Errorf("resolved it is no JSON: %v: %s", err, resolved)
			}
			if left := (scim.BulkOperation{Method: op.Method, Data: resolved}).References(); len(left) > 0 {
				t.Errorf("resolved it refers to %q: %s", left, resolved)
			}
		}
	})
}

// orderly holds the order of a request against what it promises.
func orderly(t *testing.T, r scim.BulkRequest) {
	t.Helper()
	creates, place := r.Creations(), map[int]int{}
	steps := r.Order()
	for at, step := range steps {
		if _, twice := place[step.Operation]; twice {
			t.Errorf("operation %d has two turns", step.Operation)
		}
		place[step.Operation] = at
	}
	if len(place) != len(r.Operations) {
		t.Errorf("%d turns for %d operations", len(place), len(r.Operations))
	}
	for at, step := range steps {
		for _, id := range step.Needs {
			other, ok := creates[id]
			if ok && place[other] >= at != slices.Contains(step.Late, id) {
				t.Errorf("operation %d needs %q, which has turn %d and is late: %v", step.Operation, id, place[other], step.Late)
			}
		}
	}
}
