package calllog

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Point is how many calls of a kind there were in a span of time.
type Point struct {
	Time        time.Time // when the span began
	Application string
	Operation   string
	Class       int // of the status: 4 for 404
	Calls       int64
}

// Rate counts the calls that a filter chooses by spans of so many minutes, by application, operation and class of status. The points come in
// that order; spans without calls have none.
func (r *Reader) Rate(ctx context.Context, f Filter, minutes int) ([]Point, error) {
	sums := map[Point]int64{}
	width := time.Duration(minutes) * time.Minute
	err := r.Count(ctx, f, func(minute time.Time, k Kind, calls int64) {
		sums[Point{Time: minute.UTC().Truncate(width), Application: k.Application, Operation: k.Operation, Class: k.Status / 100}] += calls
	})
	out := make([]Point, 0, len(sums))
	for p, n := range sums {
		p.Calls = n
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Point) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Application, b.Application), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Class, b.Class))
	})
	return out, err
}

// Sum is what became of the calls of an application.
type Sum struct {
	Instance, Application string // "" for calls to a base URL that is nobody's
	Calls, Failures       int64
	LastMinute            time.Time // of the last one
}

// Sums counts the calls that a filter chooses by application.
func (r *Reader) Sums(ctx context.Context, f Filter) ([]Sum, error) {
	sums := map[string]*Sum{}
	err := r.Count(ctx, f, func(minute time.Time, k Kind, calls int64) {
		s := sums[k.Application]
		if s == nil {
			s = &Sum{Instance: k.Instance, Application: k.Application}
			sums[k.Application] = s
		}
		s.Calls += calls
		if k.Failed {
			s.Failures += calls
		}
		if minute.After(s.LastMinute) {
			s.LastMinute = minute.UTC()
		}
	})
	out := make([]Sum, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Sum) int { return cmp.Compare(a.Application, b.Application) })
	return out, err
}

// Deed is a call with its exchange, where one is kept.
type Deed struct {
	Call     Call
	Exchange *Exchange
}

// Deeds are what happened under a correlation id: a request, and after it its operations where it was one to /Bulk.
func (r *Reader) Deeds(ctx context.Context, correlation string) ([]Deed, error) {
	calls, err := r.Query(ctx, Filter{Correlation: correlation}, mostDeeds)
	if err != nil {
		return nil, err
	}
	exchanges, err := r.Exchanges(ctx, correlation)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(calls, func(a, b Call) int { return cmp.Compare(a.Part, b.Part) })
	out := make([]Deed, len(calls))
	for i, c := range calls {
		out[i].Call = c
		if at := slices.IndexFunc(exchanges, func(x Exchange) bool { return x.Part == c.Part }); at >= 0 {
			out[i].Exchange = &exchanges[at]
		}
	}
	return out, nil
}

// mostDeeds is more than the usual /Bulk request has operations.
const mostDeeds = 10000
