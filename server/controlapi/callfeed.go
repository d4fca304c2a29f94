package controlapi

import (
	"errors"
	"net/http"

	"scimproof/server/callfeed"
	"scimproof/server/calllog"
	"scimproof/server/control"
)

// exportCalls answers with calls as a file, the oldest first, without a limit.
func exportCalls(log *calllog.Reader) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		q, err := readCallQuery(r.URL.RawQuery, "format")
		if err != nil {
			return 0, nil, err
		}
		return http.StatusOK, streamed(func(w http.ResponseWriter) error {
			return callfeed.Export(w, r, log, q.filter, q.format)
		}), nil
	}
}

// tailCalls answers with calls as they happen.
func tailCalls(log *calllog.Log) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		q, err := readCallQuery(r.URL.RawQuery)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusOK, streamed(func(w http.ResponseWriter) error {
			err := callfeed.Tail(w, r, log, q.filter)
			if errors.Is(err, calllog.ErrTails) {
				err = &control.Error{
					Status: http.StatusServiceUnavailable, Code: "TooManyTails", Message: "Too many follow the calls, or the server is closing; end one, or try again later.",
				}
			}
			return err
		}), nil
	}
}
