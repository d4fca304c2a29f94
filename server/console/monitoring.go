package console

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"scimproof/server/callfeed"
	"scimproof/server/calllog"
	"scimproof/server/control"
)

const monitoringPath = "/console/monitoring"

//go:embed monitoring.css monitoring.js
var monitoringAssets embed.FS

func (c *console) monitoringRoutes() routes {
	return routes{
		"GET " + monitoringPath:                 c.monitor,
		"GET " + anApplication + "/monitoring":  c.monitor,
		"GET " + monitoringPath + "/calls/{id}": c.showCall,
		"GET " + monitoringPath + "/export":     c.exportCalls,
		"GET " + monitoringPath + "/tail":       c.showTail,
		"GET " + monitoringPath + "/events":     c.sendCalls,
		"GET " + monitoringPath + "/{file}":     monitoringFile,
	}
}

// monitoringFile sends the style and the script that these pages have besides those of all.
func monitoringFile(v *visit) error {
	name := v.r.PathValue("file")
	kind := map[string]string{"monitoring.css": "text/css; charset=utf-8", "monitoring.js": "text/javascript; charset=utf-8"}[name]
	if kind == "" {
		return problem(http.StatusNotFound, "PathNotFound", "There is no such page; go on from the navigation.")
	}
	v.w.Header().Set("Content-Type", kind)
	http.ServeFileFS(v.w, v.r, monitoringAssets, name)
	return nil
}

// calls is the log, or why there is none.
func (c *console) calls() (*calllog.Log, error) {
	if c.Plane.Calls == nil {
		return nil, problem(http.StatusNotFound, "CallsNotKept", "No record of calls is kept here; start serve with --calls-dir DIR.")
	}
	return c.Plane.Calls, nil
}

// A page lists so many calls at most, and the live one so many.
const (
	mostRows = 25
	lastRows = 50
)

// callRow is a call as a list shows it.
type callRow struct {
	calllog.Call
	Name string // of the application
	Path string // of the page about it, or ""
}

// Took is how long it took.
func (r callRow) Took() string { return (time.Duration(r.LatencyMicros) * time.Microsecond).String() }

// Class is the class of its status.
func (r callRow) Class() string { return class(r.Status / 100) }

// Moment is when it was, in UTC.
func (r callRow) Moment() string { return r.Time.UTC().Format("2006-01-02 15:04:05") }

func class(n int) string { return strconv.Itoa(n) + "xx" }

// names are those of the applications, by their ids.
type names map[string]string

func (c *console) names(ctx context.Context) (names, error) {
	list, err := c.Plane.Applications(ctx, "")
	out := names{}
	for _, a := range list {
		out[a.ID] = a.Name
	}
	return out, err
}

// of is the name of an application; one that is gone has its id alone, and a call may have been for none.
func (n names) of(id string) string {
	switch {
	case id == "":
		return "no application"
	case n[id] == "":
		return id
	}
	return n[id]
}

func (n names) rows(calls []calllog.Call) (out []callRow) {
	for _, call := range calls {
		row := callRow{Call: call, Name: n.of(call.Application)}
		if call.Correlation != "" {
			row.Path = monitoringPath + "/calls/" + url.PathEscape(call.Correlation)
		}
		out = append(out, row)
	}
	return out
}

// monitoringPage is what happened in a time, of all applications or of one.
type monitoringPage struct {
	head                                          // of the application, where it is about one
	Self                                   string // path of the page
	One                                    bool   // whether it is about one application
	Asked                                  asked
	Operations, Applications, Spans, Lists []choice

	Calls, Failures int64
	Charts          []chart
	Sums            []sumRow
	Rows            []callRow
	Fares           calllog.Stats
	Query           template.URL // of what is shown, for the links
}

// sumRow is an application with what became of its calls.
type sumRow struct {
	calllog.Sum
	Name, Path string
}

// monitor shows how often SCIM was called and what failed (rules mon-1 and mon-2).
func (c *console) monitor(v *visit) error {
	log, err := c.calls()
	if err != nil {
		return err
	}
	values, id := v.r.URL.Query(), v.r.PathValue("application")
	q, wrong := readAsked(values, c.Plane.Clock())
	f := refusal{}
	if wrong != nil {
		if f, err = refused("monitoring", wrong, values); err != nil {
			return err
		}
	}
	p := monitoringPage{Self: monitoringPath, Asked: q, One: id != ""}
	p.Refusal = f
	if p.One {
		if p.head, err = c.head(v, "/monitoring", f); err != nil {
			return err
		}
		p.Self, q.filter.Application = p.Path+"/monitoring", id
	}
	known, err := c.names(v.r.Context())
	if err != nil {
		return err
	}
	p.choose(known)
	if wrong == nil {
		err = p.fill(v.r.Context(), log, q, known)
	}
	if err != nil {
		return err
	}
	p.Fares, p.Query = log.Stats(), q.query()
	return c.show(v, f.status(), "monitoring", "Monitoring", p)
}

// choose makes the choices of the form.
func (p *monitoringPage) choose(known names) {
	p.Spans = spans()
	p.Lists = []choice{{ID: "", Name: "Failures"}, {ID: "all", Name: "All calls"}}
	p.Operations = append([]choice{{Name: "Any"}}, plain(calllog.Operations()...)...)
	p.Applications = []choice{{Name: "All"}}
	for id, name := range known {
		p.Applications = append(p.Applications, choice{ID: id, Name: name})
	}
	slices.SortFunc(p.Applications[1:], func(a, b choice) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
}

// fill asks the log for what the page shows.
func (p *monitoringPage) fill(ctx context.Context, log *calllog.Log, q asked, known names) error {
	points, err := log.Rate(ctx, q.filter, q.minutes())
	if err != nil {
		return err
	}
	p.Charts = []chart{newChart("status", "Calls per minute, by status", q, points), newChart("operation", "Calls per minute, by operation", q, points)}
	sums, err := log.Sums(ctx, q.filter)
	if err != nil {
		return err
	}
	for _, s := range sums {
		p.Calls, p.Failures = p.Calls+s.Calls, p.Failures+s.Failures
		row := sumRow{Sum: s, Name: known.of(s.Application)}
		if known[s.Application] != "" {
			row.Path = applicationPath(s.Application) + "/monitoring"
		}
		p.Sums = append(p.Sums, row)
	}
	listed := q.filter
	listed.Failed = q.List != "all"
	calls, err := log.Query(ctx, listed, mostRows)
	p.Rows = known.rows(calls)
	return err
}

// Most says whether there may be more calls than are listed.
func (p monitoringPage) Most() bool { return len(p.Rows) == mostRows }

// exportCalls sends the calls that a page is about as a file.
func (c *console) exportCalls(v *visit) error {
	log, err := c.calls()
	if err != nil {
		return err
	}
	values := v.r.URL.Query()
	q, err := readAsked(values, c.Plane.Clock())
	if err != nil {
		return err
	}
	form := values.Get("format")
	if !slices.Contains(callfeed.Forms(), form) {
		return problem(http.StatusBadRequest, "InvalidParameter.Format", "This is no format; write csv or jsonl.")
	}
	return callfeed.Export(v.w, v.r, log, q.filter, form)
}

// longestTail is how long a page follows calls before it must show again that it is signed in.
const longestTail = 5 * time.Minute

// sendCalls lets a page follow the calls.
func (c *console) sendCalls(v *visit) error {
	log, err := c.calls()
	if err != nil {
		return err
	}
	q, err := readAsked(v.r.URL.Query(), c.Plane.Clock())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), longestTail)
	defer cancel()
	over := c.sessions.over(v.id)
	go func() {
		select {
		case <-over:
			cancel()
		case <-ctx.Done():
		}
	}()
	q.filter.Since, q.filter.Until = time.Time{}, time.Time{}
	err = callfeed.Tail(v.w, v.r.WithContext(ctx), log, q.filter)
	if errors.Is(err, calllog.ErrTails) {
		err = &control.Error{Status: http.StatusServiceUnavailable, Code: "TooManyTails", Message: "Too many follow the calls; close a page that does, and reload this one."}
	}
	return err
}

// tailPage is the last calls.
type tailPage struct {
	Name    string // of the application that it is about, or ""
	Names   names  // of all, for the script
	Rows    []callRow
	Query   template.URL
	Every   int // seconds after which the page comes again; 0 for never
	Leaving int // how many rows stay
}

// showTail shows the last calls. The page's script goes on from there; without it the page can be had again every few seconds.
func (c *console) showTail(v *visit) error {
	log, err := c.calls()
	if err != nil {
		return err
	}
	values := v.r.URL.Query()
	q, err := readAsked(values, c.Plane.Clock())
	if err != nil {
		return err
	}
	q.filter.Since, q.filter.Until = time.Time{}, time.Time{}
	calls, err := log.Query(v.r.Context(), q.filter, lastRows)
	if err != nil {
		return err
	}
	known, err := c.names(v.r.Context())
	if err != nil {
		return err
	}
	p := tailPage{Names: known, Rows: known.rows(calls), Query: q.query(), Leaving: lastRows}
	if id := q.filter.Application; id != "" {
		p.Name = known.of(id)
	}
	if values.Get("every") == "5" {
		p.Every = 5
		v.w.Header().Set("Refresh", "5")
	}
	return c.show(v, http.StatusOK, "monitoring-tail", "Live calls", p)
}
