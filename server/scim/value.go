package scim

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// value reads the value of an attribute (RFC 7643 section 2.3). It is nil where the JSON says that there is none: null, an empty array,
// an object without values (RFC 7643 section 2.5).
func (p *parser) value(a *Attribute) (any, error) {
	if a.MultiValued {
		return p.list(a)
	}
	return p.single(a)
}

func (p *parser) list(a *Attribute) (any, error) {
	switch kind := p.dec.PeekKind(); {
	case kind == 'n':
		_, err := p.token()
		return nil, err
	case kind == '[':
	case p.patch, p.stored:
		v, err := p.single(a)
		if v == nil || err != nil {
			return nil, err
		}
		return []any{v}, nil
	default:
		return p.misfit(a, "an array")
	}
	limit := maxElements
	if p.isLinked(a) {
		limit = maxLinks
	}
	var list []any
	primaries := 0
	err := p.array(limit, func() error {
		v, err := p.single(a)
		if v != nil {
			list = append(list, v)
		}
		if isPrimary(v) {
			primaries++
		}
		return err
	})
	if err == nil && primaries > 1 && !p.stored {
		err = Bad(InvalidValue, "%s has %d primary entries; choose one (RFC 7643 section 2.4).", p.label(a), primaries)
	}
	if list == nil || err != nil {
		return nil, err
	}
	return list, nil
}

func (p *parser) isLinked(a *Attribute) bool { return p.rt.Linked == a.Name && p.parent == "" }

// single reads one value of an attribute.
func (p *parser) single(a *Attribute) (any, error) {
	kind := p.dec.PeekKind()
	switch {
	case kind == 'n':
		_, err := p.token()
		return nil, err
	case kind != kindOf(a.Type) && (kind != 'f' || a.Type != Boolean):
		want := article(a.Type)
		if a.Type == Complex {
			want = "an object"
		}
		return p.misfit(a, want)
	case kind == '{':
		return p.complex(a)
	}
	text, err := p.token()
	if err != nil {
		return nil, err
	}
	switch a.Type {
	case Boolean:
		return text == "true", nil
	case Integer, Decimal:
		n := Number(text)
		if a.Type == Integer && !p.stored && !n.isInteger() {
			return nil, Bad(InvalidValue, "%s is a whole number, without fraction and exponent.", p.label(a))
		}
		return n, nil
	}
	if p.stored {
		return text, nil
	}
	return text, p.checkText(a, text)
}

// kindOf is the JSON type of an attribute's values; that of a boolean is also 'f'.
func kindOf(t Type) jsontext.Kind {
	switch t {
	case Complex:
		return '{'
	case Boolean:
		return 't'
	case Integer, Decimal:
		return '0'
	}
	return '"'
}

// complex reads an object of sub-attributes. Those that only the server writes are read over (RFC 7644 sections 3.3 and 3.5.1).
func (p *parser) complex(a *Attribute) (any, error) {
	o := make(Object, 4)
	outer := p.parent
	p.parent = p.label(a)
	err := p.object(func(name []byte) error {
		sub := find(a.SubAttributes, name)
		switch {
		case sub == nil:
			return p.unknown(name)
		case sub.Mutability == ReadOnly && a.Mutability != ReadOnly && !p.stored:
			return p.skip()
		}
		v, err := p.value(sub)
		if v != nil {
			o[sub.Name] = v
		}
		return err
	})
	p.parent = outer
	if err != nil || len(o) == 0 {
		return nil, err
	}
	return o, nil
}

// unknown reads over an attribute that no schema declares, or refuses it.
func (p *parser) unknown(name []byte) error {
	if p.opt.RefuseUnknown {
		return Bad(InvalidSyntax, "%s has no attribute %s; leave it out. /Schemas lists those it has.", p.rt.Name, p.nameOf(name))
	}
	return p.skip()
}

// checkText holds a text against the lexical form of its type.
func (p *parser) checkText(a *Attribute, text string) error {
	if hasForm(a.Type, text) {
		return nil
	}
	switch a.Type {
	case DateTime:
		return Bad(InvalidValue, "%s is a date and time with a zone, such as 2011-05-13T04:42:34Z.", p.label(a))
	case Binary:
		return Bad(InvalidValue, "%s is binary data in base64 (RFC 4648 section 4).", p.label(a))
	}
	return Bad(InvalidValue, "%s is a URI, or a relative reference to one (RFC 3986).", p.label(a))
}

// hasForm says whether a text can be the value of a type.
func hasForm(t Type, text string) bool {
	switch t {
	case DateTime:
		_, ok := parseInstant(text)
		return ok
	case Binary:
		return isBase64(text)
	case Reference:
		return isReference(text)
	}
	return true
}

// isBase64 takes the standard alphabet; the padding may be left out (RFC 7643 section 2.3.6).
func isBase64(text string) bool {
	if strings.ContainsAny(text, "\r\n") { // which the decoder would skip
		return false
	}
	_, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	padding := len(text) - len(strings.TrimRight(text, "="))
	return err == nil && (padding == 0 || len(text)%4 == 0 && padding <= 2)
}

func isReference(text string) bool {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7F || strings.ContainsRune("<>\"\\^`{|}", r) }) {
		return false
	}
	_, err := url.Parse(text)
	return err == nil
}

// misfit reads a value that has not the JSON type of its attribute: the options may know what is meant, and PATCH takes a plain text for
// the value of a complex attribute, as Entra sends a manager (and an empty one for none).
func (p *parser) misfit(a *Attribute, want string) (any, error) {
	kind := p.dec.PeekKind()
	v, err := p.any()
	if err != nil {
		return nil, err
	}
	if p.opt.Relax != nil {
		if instead, ok := p.opt.Relax(a, v); ok {
			return instead, nil
		}
	}
	text, isText := v.(string)
	if isText && p.patch && a.Sub("value") != nil && (!a.MultiValued || p.isLinked(a)) {
		if text == "" {
			return nil, nil
		}
		return Object{"value": text}, nil
	}
	subject := p.label(a)
	if a.MultiValued && want != "an array" {
		subject = "An entry of " + subject
	}
	return nil, Bad(InvalidValue, "%s is %s, not %s.", subject, want, kindName(kind))
}

// kindName is a JSON type as a noun in a sentence. Values are not repeated: they may be passwords.
func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	}
	return "a boolean"
}

// label is the attribute's name in a message.
func (p *parser) label(a *Attribute) string {
	if p.parent != "" {
		return p.parent + "." + a.Name
	}
	return a.Name
}
