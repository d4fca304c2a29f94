package controlapi

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"scimproof/server/control"
)

// endpoint carries out a request, and returns the status and the body of the answer; a nil body is none.
type endpoint func(w http.ResponseWriter, r *http.Request) (status int, body any, err error)

// streamed is a body that sends itself, with status 200. An error came before anything was sent.
type streamed func(w http.ResponseWriter) error

// list is the answer with all of a kind.
type list[V any] struct {
	Items []V `json:"items"`
}

// listed answers with what an operation finds for the id of the path.
func listed[T, V any](get func(context.Context, string) ([]T, error), view func(T) V) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		found, err := get(r.Context(), id)
		return http.StatusOK, list[V]{each(found, view)}, err
	}
}

// found answers with the one thing of the id.
func found[T, V any](get func(context.Context, string) (T, error), view func(T) V) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		one, err := get(r.Context(), id)
		return http.StatusOK, view(one), err
	}
}

// created gives a body to an operation that makes something, and answers with that.
func created[B, T, V any](do func(context.Context, string, B) (T, error), view func(T) V) endpoint {
	return told(http.StatusCreated, do, view)
}

// answered gives a body to an operation on what is there, and answers with what it returns.
func answered[B, T, V any](do func(context.Context, string, B) (T, error), view func(T) V) endpoint {
	return told(http.StatusOK, do, view)
}

func told[B, T, V any](status int, do func(context.Context, string, B) (T, error), view func(T) V) endpoint {
	return func(w http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		var body B
		if err := readBody(w, r, &body); err != nil {
			return 0, nil, err
		}
		one, err := do(r.Context(), id, body)
		return status, view(one), err
	}
}

// deleted carries out an operation that leaves nothing to show.
func deleted(do func(context.Context, string) error) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusNoContent, nil, do(r.Context(), id)
	}
}

// pathID is the id in the path, or "" where the path has none. What no id can be is not here: a store need not be asked.
func pathID(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if len(id) > 64 || strings.ContainsFunc(id, func(c rune) bool { return c > unicode.MaxASCII || !unicode.IsPrint(c) }) {
		return "", &control.Error{Status: http.StatusNotFound, Code: "ResourceNotFound", Message: "The path holds something that is no id; copy one from a list."}
	}
	return id, nil
}

// each is view over a list, which is never nil: JSON shows it as [].
func each[T, V any](in []T, view func(T) V) []V {
	out := make([]V, len(in))
	for i, one := range in {
		out[i] = view(one)
	}
	return out
}

// whole ignores the id of a path that has none.
func whole[T any](get func(context.Context) (T, error)) func(context.Context, string) (T, error) {
	return func(ctx context.Context, _ string) (T, error) { return get(ctx) }
}
