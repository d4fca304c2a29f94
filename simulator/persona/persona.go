package persona

import (
	"fmt"
	"net/url"
	"strings"
)

// Persona is what all requests of one client have in common.
type Persona struct {
	Client  string          `yaml:"client"`
	Title   string          `yaml:"title"`
	Source  string          `yaml:"source"`  // evidence for the headers
	Headers []Header        `yaml:"headers"` // on every call, in this order
	Writes  []Header        `yaml:"writes"`  // on calls with a body
	Query   Encoding        `yaml:"query"`
	Auth    Auth            `yaml:"auth"`
	Forms   map[string]Form `yaml:"forms"` // by the form that a scenario names
}

// Form is one way the client is set up, where it departs from the persona.
type Form struct {
	Title string   `yaml:"title"`
	Query Encoding `yaml:"query"`
	Auth  Auth     `yaml:"auth"`
}

// Header is one header field. An empty User-Agent means that the client sends none.
type Header struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// Encoding is how a client writes a space in a query.
type Encoding string

// The encodings.
const (
	Plus    Encoding = "plus"    // userName+eq+%22a%22
	Percent Encoding = "percent" // userName%20eq%20%22a%22
)

// Auth is how a client presents its token.
type Auth string

// The forms of Authorization.
const (
	Bearer Auth = "bearer" // "Bearer " and the token
	Raw    Auth = "raw"    // the token alone, without a scheme
)

// EncodingOf is the encoding of a form, the persona's own where the form has none.
func (p *Persona) EncodingOf(form string) Encoding {
	if e := p.Forms[form].Query; e != "" {
		return e
	}
	return p.Query
}

// AuthOf is how the client presents its token in a form.
func (p *Persona) AuthOf(form string) Auth {
	if a := p.Forms[form].Auth; a != "" {
		return a
	}
	return p.Auth
}

func (p *Persona) validate() error {
	if p.Client == "" || p.Title == "" || p.Source == "" {
		return fmt.Errorf("client, title and source must be filled in")
	}
	if err := checkEncoding(p.Query, false); err != nil {
		return err
	}
	if err := checkAuth(p.Auth, false); err != nil {
		return err
	}
	for name, f := range p.Forms {
		if err := checkEncoding(f.Query, true); err != nil {
			return fmt.Errorf("form %s: %w", name, err)
		}
		if err := checkAuth(f.Auth, true); err != nil {
			return fmt.Errorf("form %s: %w", name, err)
		}
	}
	return nil
}

func checkEncoding(e Encoding, optional bool) error {
	if e == Plus || e == Percent || optional && e == "" {
		return nil
	}
	return fmt.Errorf("query is %q: write plus or percent", e)
}

func checkAuth(a Auth, optional bool) error {
	if a == Bearer || a == Raw || optional && a == "" {
		return nil
	}
	return fmt.Errorf("auth is %q: write bearer or raw", a)
}

// escape writes one name or value of a query.
func (e Encoding) escape(s string) string {
	q := url.QueryEscape(s)
	if e == Percent {
		q = strings.ReplaceAll(q, "+", "%20")
	}
	return q
}
