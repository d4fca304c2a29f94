package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"scimproof/fixtures/browser"
	"scimproof/server/calllog"
)

// TestMonitoringInABrowser goes from the counts to a failure and its exchange, and watches calls come.
func TestMonitoringInABrowser(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t).watched()
	b.enters(w)
	b.press(`.menu a[href$="monitoring"]`, "#chart-status")
	b.looks("monitoring")
	b.enter("#monitoring-status", "x")
	b.press(".search button", "#monitoring-status-wrong")
	b.looks("monitoring-refused")
	b.enter("#monitoring-status", "4xx")
	b.enter("#monitoring-span", "6h")
	b.press(".search button", "#chart-status .legend li:only-child")
	b.tick("#chart-operation summary")
	b.looks("monitoring-filtered")
	b.press("#calls tbody a", "#part-0 pre")
	b.looks("monitoring-call")
	b.open(w, "/console/monitoring/calls/bulk")
	b.open(w, "/console/applications/{app}/monitoring")
	b.looks("monitoring-application")
	b.press(".pager a", "#tail")
	b.Do(chromedp.Poll[chromedp.Void](`document.getElementById("tail-state").textContent === "New calls appear by themselves."`))
	b.comes(w, "first")
	b.looks("monitoring-tail")
	b.press("#tail-pause", "#tail")
	w.plane.Calls.Record(calllog.Call{Time: w.now, Application: w.app.ID, Status: 200, Target: "unseen", Correlation: "unseen"})
	b.press("#tail-pause", "#tail")
	b.Do(chromedp.Poll[chromedp.Void](`document.getElementById("tail-state").textContent === "New calls appear by themselves."`))
	b.comes(w, "second")
	if rows := browser.Eval[int64](b.Tab, `document.querySelectorAll("tbody tr").length`); rows != 50 {
		t.Errorf("the page keeps %d calls", rows)
	}
	b.press("tbody tr a", "#part-0")
}

// comes records a call, and waits for it to come first, with what a caller sent as text.
func (b tab) comes(w *world, id string) {
	b.T.Helper()
	w.plane.Calls.Record(calllog.Call{Time: w.now, Application: w.app.ID, Operation: "create", ResourceType: "User", Status: 409, ScimType: "uniqueness", Target: id, Reason: hostile, Correlation: id})
	b.Do(chromedp.Poll[chromedp.Void](`document.querySelector("tbody tr .why").textContent.startsWith("` + id + `")`))
	row := browser.Eval[string](b.Tab, `document.querySelector("tbody tr").innerText`)
	for _, want := range []string{"Files", "create User", "409", "uniqueness", hostile} {
		if !strings.Contains(row, want) {
			b.T.Errorf("there is no %q in the row %q", want, row)
		}
	}
}

// TestMonitoringByKeyboard gets from the navigation to a failure without a pointer.
func TestMonitoringByKeyboard(t *testing.T) {
	t.Parallel()
	b, w := launch(t), newPlainWorld(t).watched()
	b.enters(w)
	b.reachThe(`.menu a[href$="monitoring"]`)
	b.types("\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#monitoring-status")))
	b.reach("monitoring-status")
	b.types("409\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#chart-status .legend li:only-child")))
	b.reachThe("#calls tbody a")
	b.types("\r")
	b.Do(chromedp.WaitReady(chromedp.CSS("#part-0 pre")))
	b.reachThe("pre")
}

// TestMonitoringAccessible has axe-core judge the pages of monitoring.
func TestMonitoringAccessible(t *testing.T) {
	t.Parallel()
	axe := browser.NewAxe(t)
	b, w := launch(t), newWorld(t).watched()
	b.enters(w)
	for _, path := range monitoringPages[:len(monitoringPages)-1] {
		b.open(w, path)
		b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => { d.open = true })`))
		b.judge(axe, path)
	}
}
