package redact

import (
	"bytes"
	"errors"
	"io"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

// What is larger or deeper is not taken apart, and so not shown.
const (
	largest = 1 << 20
	deepest = 64
)

// Document is a JSON text that has been taken apart.
type Document struct {
	Redactor // knows the secrets of the document, too
	root     *node
}

// Read takes a JSON text apart. It fails where the text is no JSON, has a member twice, or is too large: nobody can say then what in it is
// secret.
func (r Redactor) Read(text []byte) (Document, error) {
	root, err := r.read(text)
	if err != nil {
		return Document{}, err
	}
	w := &writer{Redactor: r}
	w.collect(root, false)
	return Document{r.With(w.secrets...), root}, nil
}

// Shown is the document without its secrets, and a part of it where it is longer than the bound.
func (d Document) Shown(bound int) (text string, shorter bool) {
	w := &writer{Redactor: d.Redactor, bound: bound + slack}
	w.value(d.root, "")
	text, shorter = cut(d.Text(string(w.out), len(w.out)), bound)
	return text, shorter || w.full()
}

// slack is how much is written beyond a bound, so that what stands at the cut is whole when secrets are looked for by their look.
const slack = 1 << 10

// node is a JSON value.
type node struct {
	kind    jsontext.Kind
	raw     string // of a number
	text    string // of a string
	members []member
	speaks  bool // whether a name or a text in it has a word for a secret
	aimed   bool // whether it is an operation of PATCH whose path has one
}

// member is one of an object, or an element of an array, which has no name.
type member struct {
	name  string
	value *node
}

var errTooLarge = errors.New("too large")

func (r Redactor) read(text []byte) (*node, error) {
	if len(text) > largest {
		return nil, errTooLarge
	}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	root, err := r.readValue(d)
	if err != nil {
		return nil, err
	}
	if _, err = d.ReadToken(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return root, nil
}

func (r Redactor) readValue(d *jsontext.Decoder) (*node, error) {
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &node{kind: t.Kind()}
	switch n.kind {
	case '"':
		n.text = t.String()
		n.speaks = r.speaks(n.text)
		return n, nil
	case '{', '[':
		return n, r.readMembers(d, n)
	}
	n.raw = t.String()
	return n, nil
}

func (r Redactor) readMembers(d *jsontext.Decoder, n *node) error {
	if d.StackDepth() > deepest {
		return errTooLarge
	}
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		var m member
		if n.kind == '{' {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			m.name = name.String()
		}
		value, err := r.readValue(d)
		if err != nil {
			return err
		}
		m.value = value
		n.members = append(n.members, m)
		n.speaks = n.speaks || value.speaks || r.speaks(m.name)
		n.aimed = n.aimed || value.speaks && fold(m.name) == "path"
	}
	_, err := d.ReadToken()
	return err
}

// writer writes a value without its secrets, until the bound is reached.
type writer struct {
	Redactor
	out     []byte
	bound   int
	secrets []string
}

func (w *writer) full() bool { return len(w.out) >= w.bound }

func (w *writer) value(n *node, name string) {
	switch {
	case w.full():
	case n.kind == '{':
		w.object(n)
	case n.kind == '[':
		w.array(n, name)
	case n.secret(name):
		w.mask()
	case n.kind == '"':
		w.string(n.text)
	default:
		w.out = append(w.out, n.raw...)
	}
}

// plainPath is a PATCH path that names a password and nothing more: it is what a failure is understood by.
var plainPath = regexp.MustCompile(`(?i)^(?:urn:ietf:params:scim:[a-z0-9:._-]{1,100}:)?password$`)

func (w *writer) object(n *node) {
	w.out = append(w.out, '{')
	for i, m := range n.members {
		if w.full() {
			return
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.string(m.name)
		w.out = append(w.out, ':')
		if w.hides(n, i) {
			w.mask()
			continue
		}
		w.value(m.value, m.name)
	}
	w.out = append(w.out, '}')
}

// secret says whether a text, under a name, has a word for a secret and more than that.
func (n *node) secret(name string) bool {
	return n.kind == '"' && n.speaks && !(fold(name) == "path" && plainPath.MatchString(n.text))
}

// hides says whether a member of an object is secret, whatever its value is. A client that sends a password by PATCH may have another name than
// value for it, which is why it fails.
func (w *writer) hides(n *node, i int) bool {
	name := fold(n.members[i].name)
	return w.speaks(name) || name == "value" && n.besides(i) || n.aimed && name != "op" && name != "path"
}

// collect finds the values that are masked.
func (w *writer) collect(n *node, hidden bool) {
	switch {
	case n.kind == '"' && hidden:
		w.secrets = append(w.secrets, n.text)
	case n.kind == '0' && hidden:
		w.secrets = append(w.secrets, n.raw)
	case n.kind == '{':
		for i, m := range n.members {
			w.collectMember(n, i, m, hidden)
		}
	case n.kind == '[':
		for _, m := range n.members {
			w.collectText(m, hidden)
			w.collect(m.value, hidden)
		}
	}
}

func (w *writer) collectMember(n *node, i int, m member, hidden bool) {
	if hidden {
		w.secrets = append(w.secrets, m.name)
	}
	w.collectText(m, hidden)
	w.collect(m.value, hidden || w.hides(n, i))
}

// collectText takes the words of a text that is masked for what it speaks of, but for those that only name a secret.
func (w *writer) collectText(m member, hidden bool) {
	if hidden || !m.value.secret(m.name) {
		return
	}
	for _, word := range Literals(m.value.text) {
		if !ordinary[fold(word)] && !plainPath.MatchString(word) {
			w.secrets = append(w.secrets, word)
		}
	}
}

// ordinary are words of filters and paths that are no secrets of anybody.
var ordinary = map[string]bool{"type": true, "value": true, "work": true, "true": true, "false": true, "null": true, "urn": true, "ietf": true,
	"params": true, "scim": true, "schemas": true, "core": true, "user": true, "username": true, "extension": true, "enterprise": true}

// besides says whether a member other than one has a word for a secret, as the path of a PATCH operation may.
func (n *node) besides(one int) bool {
	for i, m := range n.members {
		if i != one && m.value.speaks {
			return true
		}
	}
	return false
}

func (w *writer) array(n *node, name string) {
	w.out = append(w.out, '[')
	for i, m := range n.members {
		if w.full() {
			return
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.value(m.value, name)
	}
	w.out = append(w.out, ']')
}

func (w *writer) mask() { w.out = append(w.out, `"`+Mask+`"`...) }

func (w *writer) string(s string) {
	w.out, _ = jsontext.AppendQuote(w.out, s) // it was read as valid UTF-8
}
