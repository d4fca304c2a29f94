package persona

import (
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"

	"scimproof/simulator/tree"
)

// Wire is a request as the client puts it on the wire. Auth says how it presents the token, which a persona never sees.
type Wire struct {
	Auth   Auth
	Method string
	Path   string // below the base URL, escaped
	Query  string // escaped, without the question mark
	Header []Header
	Body   []byte // nil for none
}

// Render makes the request of a step from what is remembered. A *Missing error says that an earlier step did not bring a value.
// An empty encoding is that of the scenario's form.
func (m *Memory) Render(step *Step, encoding Encoding) (*Wire, error) {
	p := m.scenario.Persona
	if encoding == "" {
		encoding = p.EncodingOf(m.scenario.Form)
	}
	w := &Wire{Auth: step.Request.Auth, Method: step.Request.Method, Header: append([]Header(nil), p.Headers...)}
	if w.Auth == "" {
		w.Auth = p.AuthOf(m.scenario.Form)
	}
	var err error
	if w.Path, err = expand(step.Request.Path, m.lookup, url.PathEscape); err != nil {
		return nil, err
	}
	if w.Query, err = m.query(&step.Request.Query, encoding); err != nil {
		return nil, err
	}
	body, err := m.body(&step.Request)
	if err != nil {
		return nil, err
	}
	if body != nil {
		w.Body = body.JSON()
		w.Header = append(w.Header, p.Writes...)
	}
	return w, nil
}

func (m *Memory) query(n *yaml.Node, encoding Encoding) (string, error) {
	var parts []string
	err := eachPair(n, func(key string, v *yaml.Node) error {
		text, err := expand(v.Value, m.lookup, verbatim)
		if err != nil {
			return err
		}
		parts = append(parts, encoding.escape(key)+"="+encoding.escape(text))
		return nil
	})
	return strings.Join(parts, "&"), err
}

func (m *Memory) body(r *Request) (*tree.Node, error) {
	if r.From == "" {
		if r.Body.IsZero() {
			return nil, nil
		}
		return document(&r.Body, m.lookup)
	}
	saved, err := m.lookup(r.From)
	if err != nil {
		return nil, err
	}
	body := saved.Clone()
	for _, text := range r.Remove {
		path, err := m.Path(text)
		if err != nil {
			return nil, err
		}
		path.Remove(body)
	}
	err = eachPair(&r.Set, func(key string, v *yaml.Node) error {
		path, err := m.Path(key)
		if err != nil {
			return err
		}
		value, err := document(v, m.lookup)
		if err != nil {
			return err
		}
		if err := path.Set(body, value); err != nil {
			return fmt.Errorf("%s, saved as %q: %w", key, r.From, err)
		}
		return nil
	})
	return body, err
}

// Value fills the templates of an expected value.
func (m *Memory) Value(n *yaml.Node) (*tree.Node, error) { return document(n, m.lookup) }
