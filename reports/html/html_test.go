package html

import (
	"bytes"
	"math"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	dom "golang.org/x/net/html"

	"scimproof/reports/evidence"
	"scimproof/reports/golden"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func write(t *testing.T, run result.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parse(t *testing.T, doc []byte) *dom.Node {
	t.Helper()
	root, err := dom.Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func elements(root *dom.Node, name string) []*dom.Node {
	var out []*dom.Node
	for n := range root.Descendants() {
		if n.Type == dom.ElementNode && (name == "" || n.Data == name) {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *dom.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *dom.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == dom.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// few is a part of the sample that a person can read as HTML.
func few() result.Run {
	run := resulttest.Run()
	run.Checks = slices.DeleteFunc(run.Checks, func(c result.Check) bool {
		return c.ID != "http.media-type" && c.ID != "users.create.location" && c.ID != "sort.username"
	})
	run.Scenarios = run.Scenarios[:1]
	run.Scenarios[0].Steps = run.Scenarios[0].Steps[4:6]
	return run
}

func TestGolden(t *testing.T) {
	doc := write(t, few())
	// The style and the script are files of their own, and read as such.
	for _, part := range []struct{ pattern, with string }{
		{`(?s)<style>.*</style>`, "<style></style>"}, {`(?s)<script>.*</script>`, "<script></script>"}, {`sha256-(?:[A-Za-z0-9/=]|&#43;)*`, "sha256"},
	} {
		doc = regexp.MustCompile(part.pattern).ReplaceAll(doc, []byte(part.with))
	}
	golden.Check(t, filepath.Join("testdata", "few.html"), doc)
}

func TestOneFileThatNeedsNobody(t *testing.T) {
	root := parse(t, write(t, resulttest.Run()))
	ids := map[string]bool{}
	for _, n := range elements(root, "") {
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcset", a.Key == "action":
				t.Errorf("<%s> has %s", n.Data, a.Key)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("the id %q stands twice", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
		if slices.Contains([]string{"link", "img", "iframe", "object", "embed", "base", "form"}, n.Data) {
			t.Errorf("there is a <%s>", n.Data)
		}
	}
	for _, a := range elements(root, "a") {
		href := attr(a, "href")
		place, inside := strings.CutPrefix(href, "#")
		if inside && !ids[place] {
			t.Errorf("%s leads nowhere", href)
		}
		if !inside && !strings.HasPrefix(href, "https://www.rfc-editor.org/rfc/rfc") {
			t.Errorf("a link leads to %s", href)
		}
	}
	for _, d := range elements(root, "details") {
		if first := firstElement(d); first == nil || first.Data != "summary" {
			t.Errorf("a <details> has no <summary>: %.80q", textOf(d))
		}
	}
}

func firstElement(n *dom.Node) *dom.Node {
	for c := range n.ChildNodes() {
		if c.Type == dom.ElementNode {
			return c
		}
	}
	return nil
}

func TestPolicyNamesExactlyWhatIsThere(t *testing.T) {
	root := parse(t, write(t, resulttest.Run()))
	var policy string
	for _, m := range elements(root, "meta") {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	for element, directive := range map[string]string{"style": "style-src", "script": "script-src"} {
		found := elements(root, element)
		if len(found) != 1 {
			t.Fatalf("%d <%s>", len(found), element)
		}
		want := directive + " '" + digest([]byte(textOf(found[0]))) + "'"
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
}

func TestEverythingOfTheRunIsThere(t *testing.T) {
	run := resulttest.Run()
	root := parse(t, write(t, run))
	body := strings.Join(strings.Fields(textOf(elements(root, "main")[0])), " ")
	var texts []string
	for _, c := range run.Checks {
		texts = append(texts, c.ID, c.Title, c.Requirement, c.Expected, c.Actual, c.Location)
		switch c.Outcome {
		case result.Pass:
		case result.Info:
			texts = append(texts, strings.SplitN(c.Reason, ": ", 2)...)
		default:
			texts = append(texts, c.Reason)
		}
		for _, e := range c.Exchanges {
			texts = append(texts, wire(e)...)
		}
	}
	for _, s := range run.Scenarios {
		texts = append(texts, s.Name, s.Title)
		for _, step := range s.Steps {
			texts = append(texts, step.Name, step.Expected, step.Actual)
			if step.Exchange != nil {
				texts = append(texts, wire(*step.Exchange)...)
			}
		}
	}
	for _, r := range run.Residue {
		texts = append(texts, r.Type, r.Location, r.Reason)
	}
	for _, text := range texts {
		if !strings.Contains(body, strings.Join(strings.Fields(text), " ")) {
			t.Errorf("it lacks %q", text)
		}
	}
	if n := len(elements(root, "details")); n < len(run.Checks) {
		t.Errorf("%d details", n)
	}
}

// wire is what went over the wire, as the page has to show it.
func wire(e result.Exchange) []string {
	return []string{evidence.Request(e), evidence.Response(e)}
}

func TestIncompleteAndEmptyRuns(t *testing.T) {
	for _, run := range []result.Run{{}, {Complete: true}, {Scenarios: []result.Scenario{{}}}, {Profiles: []result.Profile{{}}, Checks: []result.Check{{Outcome: result.Pass}, {ID: "main", Outcome: result.Pass}}}} {
		doc := string(write(t, run))
		if said := strings.Contains(doc, "The run was interrupted."); said == run.Complete {
			t.Errorf("complete %v, and it says interrupted: %v", run.Complete, said)
		}
	}
}

// payloads are what a hostile target could answer.
var payloads = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`javascript:alert(1)`,
	`</style><svg onload=alert(1)>`,
	`</script><script>alert(1)</script>`,
	`<!--`, `-->`, `]]>`, `&lt;b&gt;`, "`${alert(1)}`", `{{.}}`,
	"\u202egnp.exe\u2066", "\x00\x1b[2J\r\n", "\xff\xfe\xc0\x80", "\u2028\ufeff\u200b",
	`{"a":"</script><script>alert(1)</script>\u202e","[redacted]":"[redacted]"}`,
}

// fill puts a text into every string below v that says nothing to the reports.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(text)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	clean := map[string]bool{}
	for _, n := range elements(parse(t, write(t, resulttest.Run())), "") {
		clean[n.Data] = true
	}
	for _, payload := range payloads {
		run := resulttest.Run()
		fill(reflect.ValueOf(&run), payload)
		doc := write(t, run)
		if !utf8.Valid(doc) {
			t.Errorf("%q: the page is no UTF-8", payload)
		}
		root := parse(t, doc)
		if n := len(elements(root, "script")); n != 1 {
			t.Errorf("%q: %d scripts", payload, n)
		}
		for _, n := range elements(root, "") {
			if !clean[n.Data] {
				t.Errorf("%q made a <%s>", payload, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "href" && strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("%q made %s=%q", payload, a.Key, a.Val)
				}
			}
		}
		for _, r := range textOf(root) {
			if strings.ContainsRune("\u202e\u2066\u2028\ufeff\u200b\x00\x1b\r", r) {
				t.Errorf("%q: %U is in the text of the page", payload, r)
				break
			}
		}
	}
}

func TestAnchors(t *testing.T) {
	a := anchors{"main": true}
	for _, c := range []struct{ text, want string }{
		{"users.create.location", "users.create.location"},
		{"entra/jml-default/5", "entra-jml-default-5"},
		{"entra jml-default 5", "entra-jml-default-5~2"},
		{"entra-jml-default-5", "entra-jml-default-5~3"},
		{"main", "main~2"},
		{"", "unnamed"},
		{"", "unnamed~2"},
		{"\"><b>日", "---b--"},
	} {
		if got := a.of(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"plain 日本", "plain 日本"},
		{"", ""},
		{`a "quote" & <b>`, `a "quote" &amp; &lt;b&gt;`},
		{"Bearer [redacted]!", "Bearer <mark>[redacted]</mark>!"},
		{"a\u202eb", `a<mark title="the character U+202E, which does not show">U+202E</mark>b`},
		{"\xffz", `<mark title="the byte FF, which is no UTF-8">FF</mark>z`},
		{"a\tb\nc\u00a0", "a\tb\nc\u00a0"},
	} {
		if got := string(text(c.text)); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
	if got, want := string(line("a\nb")), `a<mark title="line feed">LF</mark>b`; got != want {
		t.Errorf("on one line: %s, want %s", got, want)
	}
}

func TestFinding(t *testing.T) {
	for _, c := range []struct {
		outcome      result.Outcome
		reason       string
		finding, why string
	}{
		{result.Info, "holds", "holds", ""},
		{result.Info, "departs: the order: it changes", "departs", "the order: it changes"},
		{result.Info, "unlike: others", "", "unlike: others"},
		{result.Warn, "holds: nothing", "", "holds: nothing"},
		{result.Pass, "holds", "", ""},
	} {
		if finding, why := finding(c.outcome, c.reason); finding != c.finding || why != c.why {
			t.Errorf("%s %q: %q %q, want %q %q", c.outcome, c.reason, finding, why, c.finding, c.why)
		}
	}
}

func TestCompareSections(t *testing.T) {
	got := []string{"Okta a", "7644 3.12", "7644 3.5.2", "7643 10", "IDaaS phone-10", "7643 9", "IDaaS phone-2", "7644 3.5"}
	slices.SortFunc(got, compareSections)
	want := []string{"7643 9", "7643 10", "7644 3.5", "7644 3.5.2", "7644 3.12", "IDaaS phone-2", "IDaaS phone-10", "Okta a"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// What is read has the contrast of WCAG 2.2 level AA on whatever it stands on, in both schemes.
func TestContrast(t *testing.T) {
	blocks := regexp.MustCompile(`(?s):root \{.*?\}`).FindAllString(string(read("report.css")), 2)
	if len(blocks) != 2 {
		t.Fatal("the style has no two sets of colours")
	}
	for i, scheme := range []string{"light", "dark"} {
		colors := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(blocks[i], -1) {
			colors[m[1]] = m[2]
		}
		check := func(front, back string) {
			t.Helper()
			if colors[front] == "" || colors[back] == "" {
				t.Fatalf("%s: no colour %s or %s", scheme, front, back)
			}
			if r := contrast(t, colors[front], colors[back]); r < 4.5 {
				t.Errorf("%s: %s on %s has %.2f, and needs 4.5", scheme, front, back, r)
			}
		}
		for _, back := range []string{"bg", "panel", "sunken"} {
			for _, front := range []string{"text", "soft", "link", "fail", "error", "blocked", "warn", "info", "skip", "na", "pass", "name", "string"} {
				check(front, back)
			}
		}
		for _, hue := range []string{"fail", "error", "blocked", "warn", "info", "skip", "na", "pass"} {
			check(hue, hue+"-bg")
		}
		check("text", "warn-bg")
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestVersion(t *testing.T) {
	for _, c := range []struct{ version, commit, want string }{
		{"1.0.0", "4f2a91c", "1.0.0 4f2a91c"},
		{"4f2a91c-dirty", "4f2a91c", "4f2a91c-dirty"},
		{"1.0.0", "", "1.0.0"},
		{"", "4f2a91c", "4f2a91c"},
	} {
		if got := version(result.Tool{Version: c.version, Commit: c.commit}); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
