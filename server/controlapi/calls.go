package controlapi

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"scimproof/server/callfeed"
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
	ExchangesSpared  int64     `json:"exchangesSpared"`
	Removed          int64     `json:"removed"`
	TailsDropped     int64     `json:"tailsDropped"`
	Failure          string    `json:"failure"` // the last one of the disk
	FailedAt         time.Time `json:"failedAt,omitzero"`
}

// calls are the records of SCIM calls, to read only. Without a log the routes say how to keep one.
func calls(log *calllog.Log) routes {
	if log != nil {
		all := written(log.Reader)
		all["/v1/calls/stats"], all["/v1/calls/tail"] = methods{"GET": callStats(log)}, methods{"GET": tailCalls(log)}
		return all
	}
	all := routes{}
	for _, path := range []string{"", "/{id}", "/stats", "/rate", "/applications", "/export", "/tail"} {
		all["/v1/calls"+path] = methods{"GET": callsNotKept}
	}
	return all
}

func callsNotKept(http.ResponseWriter, *http.Request) (int, any, error) {
	return 0, nil, &control.Error{
		Status: http.StatusNotFound, Code: "CallsNotKept", Message: "No record of calls is kept here; start serve with --calls-dir DIR, and ask that server.",
	}
}

func listCalls(log *calllog.Reader) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		q, err := readCallQuery(r.URL.RawQuery, "limit")
		if err != nil {
			return 0, nil, err
		}
		found, err := log.Query(r.Context(), q.filter, q.limit)
		return http.StatusOK, list[calllog.Call]{found}, err
	}
}

func callStats(log *calllog.Log) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		err := readParameters(r.URL.RawQuery, func(name, _ string) error {
			return illBody(pointer(name), "There are no parameters here; leave it out.")
		})
		return http.StatusOK, callStatsView(log.Stats()), err
	}
}

type deedView struct {
	Call     calllog.Call      `json:"call"`
	Exchange *calllog.Exchange `json:"exchange,omitzero"` // of a failure
}

// oneCall answers with the call of a correlation id and, where it is a request to /Bulk, with its operations.
func oneCall(log *calllog.Reader) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		deeds, err := log.Deeds(r.Context(), id)
		if err == nil && len(deeds) == 0 {
			err = &control.Error{
				Status: http.StatusNotFound, Code: "ResourceNotFound.Call", Message: "No call has this correlation id, or it is no longer kept; copy one from a list.",
			}
		}
		return http.StatusOK, list[deedView]{each(deeds, func(d calllog.Deed) deedView { return deedView(d) })}, err
	}
}

// callQuery chooses calls, and says more of what to answer with, as the endpoint wants it.
type callQuery struct {
	filter  calllog.Filter
	limit   int
	minutes int
	format  string

	more []string // the parameters besides those of the filter
}

// readCallQuery reads the parameters of a filter, and so many others.
func readCallQuery(raw string, more ...string) (callQuery, error) {
	q := callQuery{limit: usualCalls, minutes: 1, format: callfeed.Forms()[0], more: more}
	if err := readParameters(raw, q.read); err != nil {
		return q, err
	}
	if f := q.filter; !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return q, illBody("/to", "This is not after from; write a later time.")
	}
	return q, nil
}

func (q *callQuery) read(name, value string) (err error) {
	if slices.Contains(q.more, name) {
		return q.readMore(name, value)
	}
	switch err = q.filter.Set(name, value); {
	case errors.Is(err, calllog.ErrNoField):
		return illBody(pointer(name), "There is no such parameter here; write one of %s.", strings.Join(append(calllog.FilterFields(), q.more...), ", "))
	case err != nil:
		return illBody(pointer(name), "%s", err)
	}
	return nil
}

func (q *callQuery) readMore(name, value string) error {
	switch name {
	case "limit":
		return into(&q.limit, name, value, mostCalls)
	case "minutes":
		return into(&q.minutes, name, value, 24*60)
	}
	if !slices.Contains(callfeed.Forms(), value) {
		return illBody(pointer(name), "This is no format; write one of %s.", strings.Join(callfeed.Forms(), ", "))
	}
	q.format = value
	return nil
}

// into reads a number from 1 on.
func into(n *int, name, value string, most int) error {
	read, err := number(name, value, 1, most)
	if err == nil {
		*n = *read
	}
	return err
}
