package controlapi

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"

	"scimproof/server/calllog"
	"scimproof/server/control"
)

// written are the routes that ask for what a log has written, and for nothing of the server that writes it.
func written(log *calllog.Reader) routes {
	return routes{
		"/v1/calls":              {"GET": listCalls(log)},
		"/v1/calls/{id}":         {"GET": oneCall(log)},
		"/v1/calls/rate":         {"GET": callRate(log)},
		"/v1/calls/applications": {"GET": callSums(log)},
		"/v1/calls/export":       {"GET": exportCalls(log)},
	}
}

// Written answers on these routes without a server, and to everybody: it is for who has the files.
func Written(calls *calllog.Reader, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for path, methods := range written(calls) {
		methods["GET"] = readable(methods["GET"])
		mux.Handle(path, methods.handler(log))
	}
	return mux
}

// readable says what is wrong with files that cannot be read.
func readable(do endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) (int, any, error) {
		status, body, err := do(w, r)
		if stream, ok := body.(streamed); ok {
			body = streamed(func(w http.ResponseWriter) error { return unreadable(stream(w)) })
		}
		return status, body, unreadable(err)
	}
}

func unreadable(err error) error {
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return &control.Error{
			Status: http.StatusForbidden, Code: "CallsUnreadable", Message: fmt.Sprintf("%s cannot be read: %v; give this user the right to.", file.Path, file.Err),
		}
	}
	return err
}
