// Package cleanup knows what a run has made on a target and removes it again, also where the outcome of a create is unknown.
package cleanup

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/tree"
)

// Ledger keeps on disk what exists on a target, so that a later sweep can remove what a killed run left.
// A location is the path of the resource below the base URL.
type Ledger interface {
	Created(kind, id, location string) error
	Deleted(location string) error
}

// Sender sends a request of our own.
type Sender func(ctx context.Context, r client.Request) (*client.Answer, error)

// Tracker watches the requests of a run and knows what they left on the target. The zero value has no ledger. It is safe for use by
// several goroutines.
type Tracker struct {
	Ledger Ledger
	// Keys are the attributes that find what a create of unknown outcome may have made, by collection; nil takes those of /Users and /Groups.
	Keys map[string]string

	mu     sync.Mutex
	things []thing
	err    error // the first that the ledger gave
}

// thing is a resource, or a create whose outcome is unknown: then its id is empty, and name and value find it.
type thing struct {
	collection string // "/Users"
	id         string
	name       string
	value      string
}

var usual = map[string]string{"/Users": "userName", "/Groups": "displayName"}

func (t thing) kind() string     { return strings.TrimSuffix(strings.TrimPrefix(t.collection, "/"), "s") }
func (t thing) location() string { return t.collection + "/" + url.PathEscape(t.id) }

// Err is the first error that the ledger gave.
func (m *Tracker) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

// Saw takes in what a request did to the target. The answer is nil, or has the status 0, where none came.
func (m *Tracker) Saw(r client.Request, answer *client.Answer, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	collection, id := split(r.Path)
	if _, ours := m.keys()[collection]; !ours {
		return
	}
	switch {
	case r.Method == http.MethodPost && id == "":
		m.posted(collection, r.Body, answer, err)
	case r.Method == http.MethodDelete && err == nil && answer != nil && gone(answer.Status):
		m.forget(thing{collection: collection, id: id})
	}
}

func (m *Tracker) keys() map[string]string {
	if m.Keys != nil {
		return m.Keys
	}
	return usual
}

func (m *Tracker) posted(collection string, body []byte, answer *client.Answer, err error) {
	unknown := err != nil || answer == nil || answer.Status >= 500
	if !unknown && (answer.Status < 200 || answer.Status > 299) {
		return
	}
	ids := []string{""}
	if !unknown {
		ids = idsOf(answer)
	}
	for _, id := range ids {
		t := thing{collection: collection, id: id}
		if id == "" {
			t.name = m.keys()[collection]
			if t.value = textAt(body, t.name); t.value == "" {
				continue // without its key, a server that checks has refused it, and one that does not has nothing to be found by
			}
		}
		if slices.Contains(m.things, t) {
			continue
		}
		m.things = append(m.things, t)
		if m.Ledger != nil && id != "" {
			m.keep(m.Ledger.Created(t.kind(), id, t.location()))
		}
	}
}

func (m *Tracker) forget(t thing) {
	m.things = slices.DeleteFunc(m.things, func(other thing) bool { return other == t })
	if m.Ledger != nil {
		m.keep(m.Ledger.Deleted(t.location()))
	}
}

func (m *Tracker) keep(err error) {
	if m.err == nil {
		m.err = err
	}
}

// split parts the path of a resource into its collection and its id.
func split(path string) (collection, id string) {
	parts := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)
	if len(parts) == 2 {
		if plain, err := url.PathUnescape(parts[1]); err == nil {
			id = plain
		}
	}
	return "/" + parts[0], id
}

func gone(status int) bool { return status >= 200 && status < 300 || status == http.StatusNotFound }

// idsOf are the ids of a new resource by its body and by its Location, which on a wrong server differ; [""] where neither tells.
func idsOf(answer *client.Answer) []string {
	var ids []string
	if id := textAt(answer.Body, "id"); id != "" {
		ids = append(ids, id)
	}
	location := strings.TrimRight(answer.Header.Get("Location"), "/?")
	if i := strings.LastIndexByte(location, '/'); i >= 0 {
		if id, err := url.PathUnescape(location[i+1:]); err == nil && id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if ids == nil {
		return []string{""}
	}
	return ids
}

func textAt(body []byte, name string) string {
	doc, err := tree.Parse(body)
	if err != nil {
		return ""
	}
	return doc.Text(name)
}

// Clean deletes what is left, the newest first, and returns what it could not delete.
func (m *Tracker) Clean(ctx context.Context, send Sender) []result.Residue {
	m.mu.Lock()
	things := slices.Clone(m.things)
	m.mu.Unlock()
	var left []result.Residue
	for _, t := range slices.Backward(things) {
		ids := []string{t.id}
		if t.id == "" {
			found, err := find(ctx, send, t)
			if err != nil {
				left = append(left, result.Residue{Type: t.kind(), Location: t.collection,
					Reason: fmt.Sprintf("a create had no clear outcome, and looking for %s %q failed: %v", t.name, t.value, err)})
				continue
			}
			ids = found
		}
		for _, id := range ids {
			one := thing{collection: t.collection, id: id}
			if err := remove(ctx, send, one); err != nil {
				left = append(left, result.Residue{Type: one.kind(), ID: id, Location: one.location(), Reason: err.Error()})
				continue
			}
			m.mu.Lock()
			m.forget(one)
			m.mu.Unlock()
		}
	}
	return left
}

func remove(ctx context.Context, send Sender, t thing) error {
	answer, err := send(ctx, client.Request{Method: http.MethodDelete, Path: t.location()})
	if err != nil {
		return err
	}
	if !gone(answer.Status) {
		return fmt.Errorf("DELETE answered %d", answer.Status)
	}
	return nil
}

// find looks for what a create of unknown outcome made; only exact matches are ours.
func find(ctx context.Context, send Sender, t thing) ([]string, error) {
	filter := url.QueryEscape(fmt.Sprintf("%s eq %s", t.name, tree.Text(t.value).JSON()))
	answer, err := send(ctx, client.Request{Method: http.MethodGet, Path: t.collection, Query: "filter=" + strings.ReplaceAll(filter, "+", "%20")})
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("the filter answered %d", answer.Status)
	}
	doc, err := tree.Parse(answer.Body)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, list := range doc.All("Resources") {
		for _, item := range list.Items {
			if id := item.Text("id"); id != "" && strings.EqualFold(item.Text(t.name), t.value) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}
