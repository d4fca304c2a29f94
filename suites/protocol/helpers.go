package protocol

import (
	"net/http"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// nobody is the path of a user that there is not.
func nobody(t *check.T) string { return check.Under(t.Users(), t.Unique()) }

// refused is an answer that says no: that to a request for a user that there is not.
func refused(t *check.T) *check.Answer {
	a := t.Get(nobody(t))
	if a.Status < 400 {
		t.Block("reading a user that there is not answered %d, so that there is no error to look at", a.Status)
	}
	return a
}

// first is a request for the first users with a header field of one's own; an empty value sends none.
func first(name, value string) func(t *check.T) *check.Answer {
	return func(t *check.T) *check.Answer {
		return t.Do(client.Request{
			Method: http.MethodGet, Path: t.Users(), Query: check.Query("count", "1"), Header: []result.Header{{Name: name, Value: value}},
		})
	}
}

// create sends a new user declared as a media type.
func create(t *check.T, mediaType string) *check.Answer {
	return t.Do(client.Request{
		Method: http.MethodPost, Path: t.Users(), Body: check.Encode(t.User()), Header: []result.Header{{Name: "Content-Type", Value: mediaType}},
	})
}

// kept ends the check where the target keeps another value than it was sent, which it may.
func kept(t *check.T, id, path, want string) {
	if !match.Is(t.MustGet(check.Under(t.Users(), id)), match.Value(path, want)) {
		t.NA("the target did not keep %s as it was sent", path)
	}
}
