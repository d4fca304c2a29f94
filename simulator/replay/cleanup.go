package replay

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// made is what a scenario has on the target.
type made struct {
	ledger Ledger
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

// keys are the attributes that find what a create of unknown outcome may have made.
var keys = map[string]string{"/Users": "userName", "/Groups": "displayName"}

func (t thing) kind() string     { return strings.TrimSuffix(strings.TrimPrefix(t.collection, "/"), "s") }
func (t thing) location() string { return t.collection + "/" + url.PathEscape(t.id) }

// saw takes in what a request did to the target.
func (m *made) saw(w *persona.Wire, answer *client.Answer, err error) {
	collection, id := split(w.Path)
	if _, ours := keys[collection]; !ours {
		return
	}
	switch {
	case w.Method == http.MethodPost && id == "":
		m.posted(collection, w.Body, answer, err)
	case w.Method == http.MethodDelete && err == nil && answer != nil && gone(answer.Status):
		m.forget(thing{collection: collection, id: id})
	}
}

func (m *made) posted(collection string, body []byte, answer *client.Answer, err error) {
	unknown := err != nil || answer == nil || answer.Status >= 500
	if !unknown && (answer.Status < 200 || answer.Status > 299) {
		return
	}
	t := thing{collection: collection}
	if !unknown {
		t.id = idOf(answer)
	}
	if t.id == "" {
		t.name, t.value = keys[collection], textAt(body, keys[collection])
	}
	if slices.Contains(m.things, t) {
		return
	}
	m.things = append(m.things, t)
	if m.ledger != nil && t.id != "" {
		m.keep(m.ledger.Created(t.kind(), t.id, t.location()))
	}
}

func (m *made) forget(t thing) {
	m.things = slices.DeleteFunc(m.things, func(other thing) bool { return other == t })
	if m.ledger != nil {
		m.keep(m.ledger.Deleted(t.location()))
	}
}

func (m *made) keep(err error) {
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

// idOf is the id of a new resource, from the body or else from the Location.
func idOf(answer *client.Answer) string {
	if id := textAt(answer.Body, "id"); id != "" {
		return id
	}
	_, last, found := cutLast(strings.TrimSuffix(answer.Header.Get("Location"), "/"))
	if !found {
		return ""
	}
	id, err := url.PathUnescape(last)
	if err != nil {
		return ""
	}
	return id
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func textAt(body []byte, name string) string {
	doc, err := tree.Parse(body)
	if err != nil {
		return ""
	}
	if found := must(name).Find(doc); len(found) == 1 {
		return found[0].String()
	}
	return ""
}

// cleanUp deletes what the scenario left, the newest first, also after an interruption. What cannot be deleted is returned.
func (p *play) cleanUp(ctx context.Context) []result.Residue {
	if len(p.made.things) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.CleanUp)
	defer cancel()
	var left []result.Residue
	for _, t := range slices.Backward(slices.Clone(p.made.things)) {
		ids := []string{t.id}
		if t.id == "" {
			found, err := p.find(ctx, t)
			if err != nil {
				left = append(left, result.Residue{Type: t.kind(), Location: t.collection,
					Reason: fmt.Sprintf("a create had no clear outcome, and looking for %s %q failed: %v", t.name, t.value, err)})
				continue
			}
			ids = found
		}
		for _, id := range ids {
			one := thing{collection: t.collection, id: id}
			if err := p.remove(ctx, one); err != nil {
				left = append(left, result.Residue{Type: one.kind(), ID: id, Location: one.location(), Reason: err.Error()})
				continue
			}
			p.made.forget(one)
		}
	}
	return left
}

func (p *play) remove(ctx context.Context, t thing) error {
	answer, err := p.plain(ctx, http.MethodDelete, t.location(), "")
	if err != nil {
		return err
	}
	if !gone(answer.Status) {
		return fmt.Errorf("DELETE answered %d", answer.Status)
	}
	return nil
}

// find looks for what a create of unknown outcome made; only exact matches are ours.
func (p *play) find(ctx context.Context, t thing) ([]string, error) {
	filter := url.QueryEscape(fmt.Sprintf("%s eq %s", t.name, tree.Text(t.value).JSON()))
	answer, err := p.plain(ctx, http.MethodGet, t.collection, "filter="+filter)
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
	for _, list := range listPath.Find(doc) {
		for _, item := range list.Items {
			value, id := must(t.name).Find(item), must("id").Find(item)
			if len(value) == 1 && len(id) == 1 && strings.EqualFold(value[0].String(), t.value) {
				ids = append(ids, id[0].String())
			}
		}
	}
	return ids, nil
}

// plain sends a request of our own, dressed as the client's.
func (p *play) plain(ctx context.Context, method, path, query string) (*client.Answer, error) {
	dress := p.scenario.Persona
	wire := &persona.Wire{Auth: dress.AuthOf(p.scenario.Form), Method: method, Path: path, Query: query, Header: dress.Headers}
	answer, err := p.cfg.Doer.Do(ctx, request(wire))
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, fmt.Errorf("no answer")
	}
	return answer, nil
}
