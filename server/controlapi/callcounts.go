package controlapi

import (
	"net/http"
	"strconv"
	"time"

	"scimproof/server/calllog"
)

// mostPoints is how many points an answer has at most.
const mostPoints = 20000

type pointView struct {
	Time        time.Time `json:"time"`
	Application string    `json:"application"`
	Operation   string    `json:"operation"`
	StatusClass string    `json:"statusClass"`
	Calls       int64     `json:"calls"`
}

func viewPoint(p calllog.Point) pointView {
	return pointView{p.Time, p.Application, p.Operation, strconv.Itoa(p.Class) + "xx", p.Calls}
}

// callRate answers with how many calls there were in each minute, or in each span of so many (rule mon-1).
func callRate(log *calllog.Reader) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		q, err := readCallQuery(r.URL.RawQuery, "minutes")
		if err != nil {
			return 0, nil, err
		}
		points, err := log.Rate(r.Context(), q.filter, q.minutes)
		if len(points) > mostPoints {
			err = illBody("/minutes", "That makes %d points, and an answer has %d at most; write more minutes, or a shorter time.", len(points), mostPoints)
		}
		return http.StatusOK, list[pointView]{each(points, viewPoint)}, err
	}
}

type sumView struct {
	Instance    string    `json:"instance"`
	Application string    `json:"application"`
	Calls       int64     `json:"calls"`
	Failures    int64     `json:"failures"`
	LastMinute  time.Time `json:"lastMinute"`
}

// callSums answers with how many calls each application had, and how many of them failed.
func callSums(log *calllog.Reader) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		q, err := readCallQuery(r.URL.RawQuery)
		if err != nil {
			return 0, nil, err
		}
		sums, err := log.Sums(r.Context(), q.filter)
		return http.StatusOK, list[sumView]{each(sums, func(s calllog.Sum) sumView { return sumView(s) })}, err
	}
}
