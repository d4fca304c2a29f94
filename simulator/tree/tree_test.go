package tree_test

import (
	"strings"
	"testing"

	"scimproof/simulator/tree"
)

const doc = `{"b":1.50,"A":"x","emails":[{"type":"work","value":"w"},{"type":"home","value":"h"}],"urn:x:2.0:User":{"d":null},"list":[]}`

func parse(t *testing.T, text string) *tree.Node {
	t.Helper()
	n, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestParseKeepsWhatWasWritten(t *testing.T) {
	if got := string(parse(t, doc).JSON()); got != doc {
		t.Errorf("%s\nnot\n%s", got, doc)
	}
	for _, bad := range []string{"", "{", `{"a":1}x`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", "nul"} {
		if _, err := tree.Parse([]byte(bad)); err == nil {
			t.Errorf("%q is taken for JSON", bad)
		}
	}
}

func TestPathsFind(t *testing.T) {
	n := parse(t, doc)
	for path, want := range map[string]string{
		"$": doc, "b": "1.50", "a": "x", "A": "x", "emails.value": "w h", "emails[type=home].value": "h", "emails[1].type": "home",
		`"urn:x:2.0:User".d`: "null", "emails[5].type": "", "missing": "", "a.b": "", "list": "[]",
	} {
		var got []string
		for _, v := range n.All(path) {
			got = append(got, v.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, want %q", path, got, want)
		}
	}
	var none *tree.Node
	if none.At("a") != nil || none.Text("a") != "" {
		t.Error("there is something in nothing")
	}
	for _, bad := range []string{"", "a.", ".a", "a[", "a[x]", `"a`, "a]b", "a[-1]"} {
		if _, err := tree.ParsePath(bad); err == nil {
			t.Errorf("the path %q is read", bad)
		}
	}
}

func TestPathsChange(t *testing.T) {
	for _, c := range []struct{ set, remove, want string }{
		{set: "b", want: `{"b":"new","A":"x","l":[{"k":"1"}]}`},
		{set: "c.d", want: `{"b":1,"A":"x","l":[{"k":"1"}],"c":{"d":"new"}}`},
		{set: "l[k=1].v", want: `{"b":1,"A":"x","l":[{"k":"1","v":"new"}]}`},
		{set: "l[k=2].v", want: `{"b":1,"A":"x","l":[{"k":"1"},{"k":"2","v":"new"}]}`},
		{set: "a", want: `{"b":1,"A":"new","l":[{"k":"1"}]}`},
		{remove: "a", want: `{"b":1,"l":[{"k":"1"}]}`},
		{remove: "l[k=1]", want: `{"b":1,"A":"x","l":[]}`},
		{remove: "l[0].k", want: `{"b":1,"A":"x","l":[{}]}`},
		{remove: "x.y", want: `{"b":1,"A":"x","l":[{"k":"1"}]}`},
	} {
		n := parse(t, `{"b":1,"A":"x","l":[{"k":"1"}]}`)
		if c.set != "" {
			p, err := tree.ParsePath(c.set)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Set(n, tree.Text("new")); err != nil {
				t.Errorf("set %s: %v", c.set, err)
			}
		} else {
			p, err := tree.ParsePath(c.remove)
			if err != nil {
				t.Fatal(err)
			}
			p.Remove(n)
		}
		if got := string(n.JSON()); got != c.want {
			t.Errorf("set %q remove %q: %s, want %s", c.set, c.remove, got, c.want)
		}
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1e2`, `100`, true}, {`"1"`, `1`, false}, {`{"a":1,"b":2}`, `{"b":2,"a":1}`, true}, {`{"a":1}`, `{"a":1,"b":2}`, false},
		{`[1,2]`, `[2,1]`, false}, {`null`, `[]`, false}, {`"\u0041"`, `"A"`, true}, {`{}`, `[]`, false}, {`true`, `false`, false},
	} {
		if got := tree.Equal(parse(t, c.a), parse(t, c.b)); got != c.want {
			t.Errorf("%s = %s is %v", c.a, c.b, got)
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add([]byte(doc), "emails[type=work].value")
	f.Add([]byte(`[1,{"a":[]}]`), "a.b")
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		n, err := tree.Parse(data)
		if err != nil {
			return
		}
		again, err := tree.Parse(n.JSON())
		if err != nil || !tree.Equal(n, again) {
			t.Fatalf("%s is not read back: %v", n.JSON(), err)
		}
		p, err := tree.ParsePath(path)
		if err != nil {
			return
		}
		p.Find(n)
		work := n.Clone()
		// What a choice has chosen may not be chosen by it any more once it is set.
		if p.Set(work, tree.Text("v")) == nil && !strings.Contains(path, "[") && len(p) > 0 && len(p.Find(work)) == 0 {
			t.Fatalf("what %q sets in %s is not found", path, n.JSON())
		}
		p.Remove(work)
		if !tree.Equal(n, again) {
			t.Fatal("changing a clone changed the original")
		}
	})
}
