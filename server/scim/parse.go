package scim

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// What a body may hold at most.
const (
	maxDepth    = 64
	maxElements = 10_000
	maxLinks    = 200_000 // elements of a linked attribute
)

// parser turns JSON into the values of attributes, token by token: nothing is read twice.
type parser struct {
	dec    *jsontext.Decoder
	body   []byte
	rt     *ResourceType
	opt    DecodeOptions
	stored bool   // the server wrote it: it is not held against types, limits and mutability again
	patch  bool   // the forms that PATCH takes beyond those of POST and PUT
	parent string // the complex attribute that is being read, for messages
}

func newParser(rt *ResourceType, body []byte) *parser {
	// Names are compared here, and without regard to case.
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	return &parser{dec: dec, body: body, rt: rt}
}

// syntax is the error for a body that is not JSON. What jsontext says about it may repeat a part of a value, so it is not passed on.
func syntax(err error) error {
	var at *jsontext.SyntacticError
	switch {
	case errors.As(err, &at) && errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return Bad(InvalidSyntax, "The body ends before its JSON does.")
	case errors.As(err, &at):
		return Bad(InvalidSyntax, "The body is not JSON in UTF-8 (RFC 8259): look at byte %d.", at.ByteOffset)
	}
	return Bad(InvalidSyntax, "The body is not JSON (RFC 8259).")
}

// end refuses whatever follows the value.
func (p *parser) end() error {
	if _, err := p.dec.ReadToken(); err != io.EOF {
		return Bad(InvalidSyntax, "The body goes on behind its JSON, at byte %d.", p.dec.InputOffset())
	}
	return nil
}

// object reads an object; member reads the value of the name it is called with. The name stays as it is.
func (p *parser) object(member func(name []byte) error) error {
	if err := p.open(); err != nil {
		return err
	}
	var seen nameSet
	for p.dec.PeekKind() != '}' {
		name, err := p.name()
		if err != nil {
			return err
		}
		if !p.stored && !seen.add(name) {
			return Bad(InvalidSyntax, "%s is there twice in one object; names differ in more than case.", p.nameOf(name))
		}
		if err := member(name); err != nil {
			return err
		}
	}
	return p.close()
}

// array reads an array of so many elements at most.
func (p *parser) array(limit int, element func() error) error {
	if err := p.open(); err != nil {
		return err
	}
	for n := 0; p.dec.PeekKind() != ']'; n++ {
		if n == limit && !p.stored {
			return Bad(InvalidValue, "An array has more than %d elements; send fewer at a time.", limit)
		}
		if err := element(); err != nil {
			return err
		}
	}
	return p.close()
}

func (p *parser) open() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return syntax(err)
	}
	if p.dec.StackDepth() > maxDepth {
		return Bad(InvalidSyntax, "The body is nested more than %d levels deep.", maxDepth)
	}
	return nil
}

func (p *parser) close() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return syntax(err)
	}
	return nil
}

// name reads the name of a member. It is a part of the body unless it holds an escape.
func (p *parser) name() ([]byte, error) {
	raw, err := p.raw()
	if err != nil {
		return nil, err
	}
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner, nil
	}
	name, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return nil, syntax(err)
	}
	return name, nil
}

// raw reads a value whole, as a part of the body; of a stream, which leaves nothing behind, as a copy.
func (p *parser) raw() ([]byte, error) {
	v, err := p.dec.ReadValue()
	if err != nil {
		return nil, syntax(err)
	}
	if p.body == nil {
		return bytes.Clone(v), nil
	}
	end := int(p.dec.InputOffset())
	return p.body[end-len(v) : end], nil
}

// token reads a literal, number or string as text.
func (p *parser) token() (string, error) {
	t, err := p.dec.ReadToken()
	if err != nil {
		return "", syntax(err)
	}
	return t.String(), nil
}

// any reads a value of which nothing is known. What is null is left out.
func (p *parser) any() (v any, err error) {
	switch p.dec.PeekKind() {
	case '{':
		o := Object{}
		err := p.object(func(name []byte) error {
			key := string(name)
			v, err := p.any()
			if v != nil {
				o[key] = v
			}
			return err
		})
		return o, err
	case '[':
		list := []any{}
		err := p.array(maxElements, func() error {
			v, err := p.any()
			if v != nil {
				list = append(list, v)
			}
			return err
		})
		return list, err
	case '"':
		return p.token()
	case '0':
		text, err := p.token()
		return Number(text), err
	case 't', 'f':
		text, err := p.token()
		return text == "true", err
	}
	_, err = p.token()
	return nil, err
}

// skip reads over a value that nobody asked for. It must be well-formed all the same.
func (p *parser) skip() error {
	_, err := p.any()
	return err
}

// nameOf is the name of an attribute in a message.
func (p *parser) nameOf(name []byte) string {
	const shown = 60
	if len(name) > shown {
		name = append(bytes.ToValidUTF8(name[:shown:shown], nil), "..."...)
	}
	if p.parent != "" {
		return p.parent + "." + string(name)
	}
	return string(name)
}
