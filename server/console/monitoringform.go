package console

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"scimproof/server/calllog"
)

// asked is what a page of monitoring is asked for: the fields of its form, and what they come to.
type asked struct {
	Span, From, To                         string
	Application, Operation, Status, Target string
	List                                   string

	filter calllog.Filter
}

// spanHours are the times that can be chosen by their length.
var spanHours = []struct {
	id, name string
	hours    int
}{{"1h", "Last hour", 1}, {"6h", "Last 6 hours", 6}, {"1d", "Last day", 24}, {"7d", "Last 7 days", 7 * 24}, {"30d", "Last 30 days", 30 * 24}}

func spans() (out []choice) {
	for _, s := range spanHours {
		out = append(out, choice{ID: s.id, Name: s.name})
	}
	return out
}

// readAsked reads the form. What is wrong blames its field.
func readAsked(f url.Values, now time.Time) (q asked, err error) {
	q = asked{
		Span: f.Get("span"), From: f.Get("from"), To: f.Get("to"), Application: f.Get("application"), Operation: f.Get("operation"),
		Status: strings.TrimSpace(f.Get("status")), Target: strings.TrimSpace(f.Get("target")), List: f.Get("list"),
	}
	for name, text := range map[string]string{"application": q.Application, "operation": q.Operation, "status": q.Status, "target": q.Target} {
		if text == "" {
			continue
		}
		if err := q.filter.Set(name, text); err != nil {
			return q, problem(http.StatusBadRequest, "InvalidParameter."+strings.ToUpper(name[:1])+name[1:], err.Error())
		}
	}
	return q, q.readTimes(now)
}

// readTimes takes the time from one instant to another where either is given, else the span up to now.
func (q *asked) readTimes(now time.Time) (err error) {
	span := time.Hour
	for _, s := range spanHours {
		if s.id == q.Span {
			span = time.Duration(s.hours) * time.Hour
		}
	}
	q.filter.Until = now.UTC().Truncate(time.Minute).Add(time.Minute)
	if q.To != "" {
		if q.filter.Until, err = readMinute(q.To); err != nil {
			return problem(http.StatusBadRequest, "InvalidParameter.To", err.Error())
		}
	}
	q.filter.Since = q.filter.Until.Add(-span)
	if q.From != "" {
		if q.filter.Since, err = readMinute(q.From); err != nil {
			return problem(http.StatusBadRequest, "InvalidParameter.From", err.Error())
		}
	}
	if !q.filter.Since.Before(q.filter.Until) {
		return problem(http.StatusBadRequest, "InvalidParameter.To", "This is not after the beginning; choose a later time, or leave it empty for now.")
	}
	return nil
}

// minuteForm is how browsers send a time of minutes.
const minuteForm = "2006-01-02T15:04"

func readMinute(text string) (time.Time, error) {
	t, err := time.Parse(minuteForm, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2199 {
		return t, errors.New("This is no time; write one such as 2026-03-31T12:00, in UTC.")
	}
	return t, nil
}

// mostBars is how many bars a chart has at most.
const mostBars = 72

// minutes is how many minutes a bar stands for.
func (q asked) minutes() int {
	long := q.filter.Until.Sub(q.filter.Since).Minutes()
	for _, n := range []int{1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440} {
		if long/float64(n) <= mostBars {
			return n
		}
	}
	return 1440 * int(long/1440/mostBars+1)
}

// query is the form again, as a query string, which is safe in a link as it is.
func (q asked) query() template.URL {
	out := url.Values{}
	for name, text := range map[string]string{
		"span": q.Span, "from": q.From, "to": q.To, "application": q.filter.Application, "operation": q.Operation, "status": q.Status, "target": q.Target,
	} {
		if text != "" {
			out.Set(name, text)
		}
	}
	return template.URL(out.Encode())
}
