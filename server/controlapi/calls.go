package controlapi

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"scimproof/server/calllog"
	"scimproof/server/control"
)

// An answer has so many calls, unless a limit asks for others, and so many at most.
const (
	usualCalls = 100
	mostCalls  = 1000
)

type callStatsView struct {
	Written          int64     `json:"written"`
	Dropped          int64     `json:"dropped"`
	ExchangesDropped int64     `json:"exchangesDropped"`
	Removed          int64     `json:"removed"`
	TailsDropped     int64     `json:"tailsDropped"`
	Failure          string    `json:"failure"` // the last one of the disk
	FailedAt         time.Time `json:"failedAt,omitzero"`
}

// calls are the records of SCIM calls, to read only. Without a log the routes say how to keep one.
func calls(log *calllog.Log) routes {
	return routes{
		"/v1/calls":       {"GET": listCalls(log)},
		"/v1/calls/stats": {"GET": callStats(log)},
	}
}

func listCalls(log *calllog.Log) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		if log == nil {
			return 0, nil, errCallsNotKept()
		}
		q, err := readCallQuery(r.URL.RawQuery)
		if err != nil {
			return 0, nil, err
		}
		found, err := log.Query(r.Context(), q.filter, q.limit)
		return http.StatusOK, list[calllog.Call]{found}, err
	}
}

func callStats(log *calllog.Log) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		if log == nil {
			return 0, nil, errCallsNotKept()
		}
		err := readParameters(r.URL.RawQuery, func(name, _ string) error {
			return illBody(pointer(name), "There are no parameters here; leave it out.")
		})
		return http.StatusOK, callStatsView(log.Stats()), err
	}
}

func errCallsNotKept() error {
	return &control.Error{
		Status: http.StatusNotFound, Code: "CallsNotKept", Message: "No record of calls is kept here; start serve with --calls-dir DIR, and ask that server.",
	}
}

// callQuery chooses calls, and says how many of them to answer with at most.
type callQuery struct {
	filter calllog.Filter
	limit  int
}

func readCallQuery(raw string) (callQuery, error) {
	q := callQuery{limit: usualCalls}
	if err := readParameters(raw, q.read); err != nil {
		return q, err
	}
	if f := q.filter; !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return q, illBody("/to", "This is not after from; write a later time.")
	}
	return q, nil
}

func (q *callQuery) read(name, value string) (err error) {
	f := &q.filter
	texts := map[string]*string{
		"instance": &f.Instance, "application": &f.Application, "token": &f.Token, "operation": &f.Operation,
		"resourceType": &f.ResourceType, "target": &f.Target, "correlation": &f.Correlation,
	}
	switch {
	case texts[name] != nil && value == "":
		return illBody(pointer(name), "This is empty; write what to look for, or leave the parameter out.")
	case texts[name] != nil:
		*texts[name] = value
	case name == "status":
		f.Status, f.StatusClass, err = readStatus(value)
	case name == "failures":
		f.Failed, err = readFailures(value)
	case name == "from":
		f.Since, err = readTime(name, value)
	case name == "to":
		f.Until, err = readTime(name, value)
	case name == "limit":
		var n *int
		if n, err = number(name, value, 1, mostCalls); err == nil {
			q.limit = *n
		}
	default:
		return illBody(pointer(name), "There is no such parameter here; write application, from, to, operation, status, failures, target, token, "+
			"instance, resourceType, correlation or limit.")
	}
	return err
}

// readStatus reads a status such as 404, or a class such as 4xx.
func readStatus(text string) (status, class int, err error) {
	digit, ofClass := strings.CutSuffix(text, "xx")
	n, err := strconv.Atoi(digit)
	switch {
	case err == nil && ofClass && n >= 1 && n <= 5:
		return 0, n, nil
	case err == nil && !ofClass && n >= 100 && n <= 599:
		return n, 0, nil
	}
	return 0, 0, illBody("/status", "This is no status; write one such as 404, or a class such as 4xx.")
}

func readFailures(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, illBody("/failures", "This is true or false; write one of the two.")
	}
	return text == "true", nil
}

func readTime(name, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, illBody(pointer(name), "This is no time; write one such as 2026-03-31T12:00:00Z, and %%2B for a plus.")
	}
	return t, nil
}
