package html

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	permissions "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"scimproof/fixtures/browser"
	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

// tab is a report in a browser.
type tab struct {
	browser.Tab
	url string
}

// launch starts a browser.
func launch(t *testing.T) context.Context {
	t.Helper()
	return browser.Launch(t, "to look at the HTML report as people do", 5*time.Minute)
}

// browse opens a report in a tab of its own.
func browse(t *testing.T, chromium context.Context, run result.Run) tab {
	t.Helper()
	ctx, end := chromedp.NewContext(chromium)
	t.Cleanup(end)
	b := tab{browser.Tab{T: t, Ctx: ctx}, "file://" + filepath.Join(t.TempDir(), "report.html")}
	b.Do(chromedp.EmulateViewport(1280, 900))
	b.open(run)
	return b
}

// open shows another report.
func (b tab) open(run result.Run) {
	b.T.Helper()
	if err := os.WriteFile(strings.TrimPrefix(b.url, "file://"), write(b.T, run), 0o644); err != nil {
		b.T.Fatal(err)
	}
	b.Do(chromedp.Navigate(b.url))
}

// want waits until an expression comes to a value.
func want[T any](b tab, expression string, value T) {
	b.T.Helper()
	var got T
	for range 100 {
		if got = browser.Eval[T](b.Tab, expression); reflect.DeepEqual(got, value) {
			return
		}
		b.Do(chromedp.Sleep(50 * time.Millisecond))
	}
	b.T.Errorf("%s is %v, want %v", expression, got, value)
}

func TestInABrowser(t *testing.T) {
	chromium := launch(t)
	for name, look := range map[string]func(*testing.T, context.Context){
		"filters": filters, "deep links": deepLinks, "copy": copyCommand, "without script": withoutScript, "hostile texts": hostileTexts, "widths": widths,
		"exchanges": exchanges, "commands": commands, "bodies": bodies, "print": onPaper,
	} {
		t.Run(name, func(t *testing.T) { look(t, chromium) })
	}
}

// shown is the ids of the checks that are on the page.
const shown = `Array.from(document.querySelectorAll('.check')).filter(c => c.checkVisibility()).map(c => c.querySelector('.id').textContent)`

func ids(run result.Run, keep func(result.Check) bool) []string {
	var out []string
	for _, c := range run.Checks {
		if keep(c) {
			out = append(out, c.ID)
		}
	}
	return out
}

func filters(t *testing.T, chromium context.Context) {
	run := resulttest.Run()
	b := browse(t, chromium, run)
	all := ids(run, func(result.Check) bool { return true })
	want(b, shown, all)

	b.Do(chromedp.Click(chromedp.CSS(`[data-filter="fail"]`)))
	want(b, shown, ids(run, func(c result.Check) bool { return c.Outcome == result.Fail }))
	want(b, `document.getElementById('filter-status').textContent`, "4 of 48 checks")

	b.Do(chromedp.Click(chromedp.CSS(`[data-filter="warn"]`)))
	want(b, shown, ids(run, func(c result.Check) bool { return c.Outcome == result.Fail || c.Outcome == result.Warn }))

	b.Do(chromedp.SendKeys(chromedp.CSS("#filter-text"), "PATCH nothing"))
	want(b, shown, []string{"patch.add.same-value", "patch.atomic"})

	b.Do(chromedp.Click(chromedp.CSS("#filter-reset")))
	want(b, shown, all)

	b.Do(chromedp.KeyEvent("/"))
	want(b, `document.activeElement.id`, "filter-text")
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter-text"), "no such check"))
	want(b, shown, []string{})
	b.Do(chromedp.KeyEvent(kb.Escape))
	want(b, shown, all)

	browser.Eval[any](b.Tab, `(p => { p.value = 'okta'; p.dispatchEvent(new Event('change', {bubbles: true})); })(document.getElementById('filter-profile'))`)
	want(b, shown, ids(run, func(c result.Check) bool {
		for _, p := range c.Profiles {
			if p == "okta" {
				return true
			}
		}
		return false
	}))

	b.Do(chromedp.Click(chromedp.CSS(`.matrix a[data-outcome="fail"][data-section="7644 3.3"]`)))
	want(b, shown, []string{"users.create.location"})
	want(b, `document.getElementById('filter-status').textContent`, "1 of 48 checks, section 7644 3.3")
}

func deepLinks(t *testing.T, chromium context.Context) {
	b := browse(t, chromium, resulttest.Run())
	const open = `Array.from(document.querySelectorAll('.check[open] .id')).map(e => e.textContent)`
	want(b, open, []string{})

	b.Do(chromedp.Navigate(b.url + "#patch.atomic"))
	want(b, open, []string{"patch.atomic"})
	want(b, `(r => r.top > 0 && r.bottom < innerHeight)(document.querySelector('.check[open] > summary').getBoundingClientRect())`, true)
	want(b, `document.activeElement.id`, "patch.atomic")

	// A link to what a filter hides takes the filter away.
	b.Do(chromedp.Click(chromedp.CSS(`[data-filter="pass"]`)), chromedp.Click(chromedp.CSS(`.failures a[href="#users.create.location"]`)))
	want(b, open, []string{"users.create.location", "patch.atomic"})
	want(b, `document.getElementById('users.create.location').checkVisibility()`, true)

	// A second click on the same link opens it again.
	browser.Eval[any](b.Tab, `document.getElementById('users.create.location').closest('details').open = false`)
	b.Do(chromedp.Click(chromedp.CSS(`.failures a[href="#users.create.location"]`)))
	want(b, open, []string{"users.create.location", "patch.atomic"})
}

func copyCommand(t *testing.T, chromium context.Context) {
	b := browse(t, chromium, resulttest.Run())
	if _, err := chromedp.CallBrowser(b.Ctx, permissions.SetPermission, permissions.SetPermissionParams{
		Permission: &permissions.PermissionDescriptor{Name: "clipboard-read"}, Setting: permissions.PermissionSettingGranted,
	}); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Navigate(b.url+"#patch.atomic"), chromedp.Click(chromedp.CSS(`.check[open] .curl button`)))
	want(b, `document.querySelector('.check[open] .curl button').textContent`, "Copied")
	const command = `document.querySelector('.check[open] .curl pre').textContent`
	pasted, err := chromedp.Run(b.Ctx, chromedp.Evaluate[string](`navigator.clipboard.readText()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if want := browser.Eval[string](b.Tab, command); pasted != want || want == "" {
		t.Errorf("the clipboard has %q, want %q", pasted, want)
	}

	// Where the clipboard is closed to the page, the command is shown and selected.
	browser.Eval[any](b.Tab, `Object.defineProperty(navigator, 'clipboard', {value: undefined})`)
	want(b, `document.querySelector('.check[open] .curl button').textContent`, "Copy as curl")
	b.Do(chromedp.Click(chromedp.CSS(`.check[open] .curl button`)))
	want(b, `getSelection().toString()`, pasted)
}

func withoutScript(t *testing.T, chromium context.Context) {
	run := resulttest.Run()
	long := `{"a":"` + strings.Repeat("a ", longBody) + `"}`
	for i := range run.Checks {
		if len(run.Checks[i].Exchanges) > 0 {
			run.Checks[i].Exchanges[0].ResponseBody = long
		}
	}
	b := browse(t, chromium, run)
	if _, err := chromedp.Call(b.Ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Navigate(b.url))
	want(b, `document.documentElement.className`, "")
	want(b, shown, ids(run, func(result.Check) bool { return true }))
	want(b, `document.querySelector('.filter').checkVisibility()`, false)
	b.Do(chromedp.Click(chromedp.CSS(".check.fail > summary")))
	want(b, `document.getElementById('users.create.location').checkVisibility()`, true)
	for _, c := range run.Checks {
		if c.ID != "users.create.location" {
			continue
		}
		e := c.Exchanges[0]
		e.ResponseBody = "The same " + fmt.Sprint(len(long)) + " bytes as in this body"
		want(b, `Array.from(document.querySelectorAll('[id="users.create.location"] > article:first-of-type > pre'), p => p.checkVisibility() && p.textContent)`,
			[]string{evidence.Request(e), evidence.Response(e)})
		want(b, `document.querySelector('[id="users.create.location"] .command pre').textContent`, evidence.Curl(c.Exchanges[0]))
	}
	// A body that stands elsewhere is a click away, and what hides it opens.
	want(b, `document.getElementById('body').checkVisibility()`, false)
	b.Do(chromedp.Click(chromedp.CSS(`.check[open] .same`)))
	want(b, `document.getElementById('body').checkVisibility() && document.getElementById('body').textContent`, long)
}

// opened is the check that holds all exchanges of a test, open.
func opened(t *testing.T, chromium context.Context, all ...result.Exchange) tab {
	t.Helper()
	run := resulttest.Run()
	run.Checks = []result.Check{{ID: "one", Outcome: result.Pass, Exchanges: all}}
	b := browse(t, chromium, run)
	b.Do(chromedp.Click(chromedp.CSS(".check > summary")))
	want(b, `document.querySelectorAll('.check .exchange').length`, len(all))
	return b
}

// What an exchange shows is what went over the wire, whatever the script makes of it. Of many the last is open.
func exchanges(t *testing.T, chromium context.Context) {
	run := resulttest.Run()
	var all []result.Exchange
	var open []bool
	for _, c := range run.Checks {
		all = append(all, c.Exchanges...)
		open = append(open, make([]bool, len(c.Exchanges))...)
	}
	open[len(open)-1] = true
	b := opened(t, chromium, all...)
	want(b, `Array.from(document.querySelectorAll('.check .exchange'), e => e.open)`, open)
	heads := browser.Eval[[][]string](b.Tab, `Array.from(document.querySelectorAll('.check .wire'), w => Array.from(w.querySelectorAll('h4 + pre'), p => p.textContent))`)
	titles := browser.Eval[[]string](b.Tab, `Array.from(document.querySelectorAll('.check .exchange > summary'), s => Array.from(s.children, c => c.textContent).join(' '))`)
	for i, e := range all {
		_, path, _ := strings.Cut(e.URL, run.Target.BaseURL)
		if want := e.Method + " " + path + " " + answer(e) + " " + duration(e.DurationMs) + " at " + offset(e.Started.Sub(run.Started)); titles[i] != want {
			t.Errorf("%q, want %q", titles[i], want)
		}
		e.RequestBody, e.ResponseBody = "", ""
		if want := []string{evidence.Request(e), evidence.Response(e)}; !reflect.DeepEqual(heads[i], want) {
			t.Errorf("%q, want %q", heads[i], want)
		}
	}
}

// The script writes the commands as the program would.
func commands(t *testing.T, chromium context.Context) {
	run := resulttest.Run()
	all := []result.Exchange{}
	for _, c := range run.Checks {
		all = append(all, c.Exchanges...)
	}
	texts := append([]string{"it's", "$x", "!", "a b", "{}", "日本", "a\nb", "\n\n", "-X", "@file", ":", "a: b", "[redacted]", "Bearer `\\\"$[redacted]$`"}, payloads...)
	for _, text := range texts {
		for _, name := range []string{"X-Name", "Authorization", "Host", "Content-length", text} {
			all = append(all, result.Exchange{Method: "GET", URL: run.Target.BaseURL + "/Users", RequestHeaders: []result.Header{{Name: name, Value: text}}})
		}
		all = append(all,
			result.Exchange{Method: "HEAD", URL: run.Target.BaseURL + "/Users?filter=" + text},
			result.Exchange{Method: text, URL: run.Target.BaseURL + "/Users", RequestBody: text},
			result.Exchange{Method: "GET", URL: text, RequestBody: text, RequestHeaders: []result.Header{{Name: "content-Type", Value: ""}}},
			result.Exchange{Method: "GET", URL: run.Target.BaseURL + "/Users", RequestBody: strings.Repeat(text, 1000)},
			result.Exchange{Method: "GET", URL: run.Target.BaseURL + "/Users", RequestBody: strings.Repeat(text, 1000)})
	}
	for _, c := range []result.Credential{result.OfControl, result.OfOther} {
		for _, origin := range []string{"https://scim.example.com", "http://127.0.0.1:8081"} {
			all = append(all, result.Exchange{Method: "GET", URL: origin + "/v1/clock", Credential: c,
				RequestHeaders: []result.Header{{Name: "Authorization", Value: "Bearer " + evidence.Redacted}}})
		}
	}
	b := opened(t, chromium, all...)
	got := browser.Eval[[]string](b.Tab, `Array.from(document.querySelectorAll('.check .command pre'), p => p.textContent)`)
	for i, e := range all {
		if want := evidence.Curl(e); got[i] != want {
			t.Errorf("got\n%s\nwant\n%s", got[i], want)
		}
	}
}

// JSON is laid out as it is, and kept as it was sent where that is something else; the rest stays.
func bodies(t *testing.T, chromium context.Context) {
	nested := strings.Repeat("[", 33) + strings.Repeat("]", 33)
	long := "{" + strings.Repeat(`"a":1,`, longBody) + `"b":1}`
	tests := []struct {
		body string
		want []string // texts of the panes: laid out, and as it was sent
	}{
		{`{"a":1.0,"a":"\u0041","b":[], "c":{ }}`, []string{"{\n  \"a\": 1.0,\n  \"a\": \"\\u0041\",\n  \"b\": [],\n  \"c\": {}\n}", `{"a":1.0,"a":"\u0041","b":[], "c":{ }}`}},
		{`["x, {y}: \"[",true,-1e9]`, []string{"[\n  \"x, {y}: \\\"[\",\n  true,\n  -1e9\n]", `["x, {y}: \"[",true,-1e9]`}},
		{"{\n  \"a\": 1\n}", []string{"{\n  \"a\": 1\n}"}},
		{`"one"`, []string{`"one"`}},
		{"{\"a\":\r\n\"\u202e\xff[redacted]\"}", []string{"{\n  \"a\": \"U+202EFF[redacted]\"\n}", "{\"a\":CR\n\"U+202EFF[redacted]\"}"}},
		{"{\"a\":\u202e1}", []string{"{\"a\":U+202E1}"}},
		{"\n\n{\"a\":1}", []string{"{\n  \"a\": 1\n}", "\n\n{\"a\":1}"}},
		{`{"cut":`, []string{`{"cut":`}},
		{`<html>`, []string{`<html>`}},
		{nested, []string{nested}},
		{long, []string{"{\n" + strings.Repeat("  \"a\": 1,\n", longBody) + "  \"b\": 1\n}", long}},
		{long, []string{"{\n" + strings.Repeat("  \"a\": 1,\n", longBody) + "  \"b\": 1\n}", long}}, // brought from the first place
		{"", []string{}},
	}
	var all []result.Exchange
	for _, c := range tests {
		all = append(all, result.Exchange{Method: "GET", URL: "https://scim.example.com/v2/Users", Status: 200, ResponseBody: c.body})
	}
	b := opened(t, chromium, all...)
	got := browser.Eval[[][]string](b.Tab, `Array.from(document.querySelectorAll('.check .wire'), w => Array.from(w.querySelectorAll('div:last-child > pre ~ pre, .raw pre'), p => p.textContent))`)
	for i, c := range tests {
		if !reflect.DeepEqual(got[i], c.want) {
			t.Errorf("%.60q: %.200q, want %.200q", c.body, got[i], c.want)
		}
	}
	want(b, `Array.from(document.querySelectorAll('.check .exchange:first-of-type .pretty > *'), e => e.localName + e.textContent).join()`, `b"a",b"a",i"\u0041",b"b",b"c"`)
	want(b, `document.querySelector('.check .exchange:nth-of-type(5) .pretty i').innerHTML.replace(/ title="[^"]*"/g, '')`, `"<mark>U+202E</mark><mark>FF</mark><mark>[redacted]</mark>"`)
	want(b, `document.querySelectorAll('#body').length`, 1)
}

// On paper stands what failed, laid out.
func onPaper(t *testing.T, chromium context.Context) {
	run := resulttest.Run()
	b := browse(t, chromium, run)
	browser.Eval[any](b.Tab, `window.dispatchEvent(new Event('beforeprint'))`)
	want(b, `Array.from(document.querySelectorAll('.check[open] .id')).map(e => e.textContent)`, ids(run, func(c result.Check) bool { return c.Outcome == result.Fail }))
	want(b, `document.querySelectorAll('[open] > .body > article').length`, 0)
	want(b, `document.querySelectorAll('.check[open] .exchange').length > 0`, true)
}

// Nothing that a target sent may run, be fetched, or break the script of the page.
func hostileTexts(t *testing.T, chromium context.Context) {
	b := browse(t, chromium, few())
	complaints := chromedp.Console(b.Ctx)
	for i, payload := range payloads {
		run := few()
		fill(reflect.ValueOf(&run), payload)
		b.open(run)
		want(b, `document.documentElement.className`, "js")
		b.Do(chromedp.Click(chromedp.CSS(".check > summary")))
		want(b, `document.querySelectorAll('script, img, iframe').length`, 1)
		want(b, `performance.getEntriesByType('resource').length`, 0)
		end := fmt.Sprint("end ", i)
		browser.Eval[any](b.Tab, `console.log("`+end+`")`)
		for message, err := range complaints {
			if err != nil {
				t.Fatal(err)
			}
			if message.Text == end {
				break
			}
			t.Errorf("%q: the browser says %s", payload, message)
		}
	}
}

// No width of a screen may cut the page off or make it scroll sideways.
func widths(t *testing.T, chromium context.Context) {
	b := browse(t, chromium, resulttest.Run())
	browser.Eval[any](b.Tab, `document.querySelectorAll('details').forEach(d => { d.open = true; })`)
	for _, width := range []int64{320, 390, 768, 1024, 1920} {
		b.Do(chromedp.EmulateViewport(width, 900))
		want(b, `document.documentElement.scrollWidth`, int(width))
	}
}
