package persona

import (
	"fmt"
	"strings"

	"scimproof/simulator/tree"
)

// piece is literal text, or a variable where name is set.
type piece struct {
	text string
	name string
}

// split cuts a template at its variables, written {{name}}.
func split(text string) ([]piece, error) {
	var out []piece
	for rest := text; rest != ""; {
		before, after, ok := strings.Cut(rest, "{{")
		if before != "" {
			out = append(out, piece{text: before})
		}
		if !ok {
			break
		}
		name, tail, ok := strings.Cut(after, "}}")
		if !ok {
			return nil, fmt.Errorf("%q: {{ without }}", text)
		}
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, fmt.Errorf("%q: the variable between {{ and }} has no name", text)
		}
		out = append(out, piece{name: name})
		rest = tail
	}
	return out, nil
}

// lookup gives the value of a variable, or an error that says why there is none.
type lookup func(name string) (*tree.Node, error)

// expand fills a template with text, each variable passed through escape.
func expand(text string, vars lookup, escape func(string) string) (string, error) {
	pieces, err := split(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		v, err := vars(p.name)
		if err != nil {
			return "", err
		}
		b.WriteString(escape(v.String()))
	}
	return b.String(), nil
}

func verbatim(s string) string { return s }

// value fills a template; one that is nothing but a variable takes over its JSON value as it is.
func value(text string, vars lookup) (*tree.Node, error) {
	pieces, err := split(text)
	if err != nil {
		return nil, err
	}
	if len(pieces) == 1 && pieces[0].name != "" {
		v, err := vars(pieces[0].name)
		if err != nil {
			return nil, err
		}
		return v.Clone(), nil
	}
	s, err := expand(text, vars, verbatim)
	if err != nil {
		return nil, err
	}
	return tree.Text(s), nil
}
