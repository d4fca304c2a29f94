package scim

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// ReadHidden reads what a server keeps apart about a resource: a JSON object, whose numbers stay as they are written. No bytes are an
// empty object.
func ReadHidden(data []byte) (Object, error) {
	if len(data) == 0 {
		return Object{}, nil
	}
	v, err := readAny(jsontext.NewDecoder(bytes.NewReader(data)))
	o, _ := v.(Object)
	return o, err
}

func readAny(d *jsontext.Decoder) (any, error) {
	switch d.PeekKind() {
	case '{':
		o := Object{}
		err := each(d, func() error {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			key := name.String()
			o[key], err = readAny(d)
			return err
		})
		return o, err
	case '[':
		list := []any{}
		err := each(d, func() error {
			v, err := readAny(d)
			list = append(list, v)
			return err
		})
		return list, err
	}
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return t.String(), nil
	case '0':
		return Number(t.String()), nil
	case 't', 'f':
		return t.Bool(), nil
	}
	return nil, nil
}

// each reads the braces or brackets around what one reads again and again.
func each(d *jsontext.Decoder, one func() error) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for k := d.PeekKind(); k != '}' && k != ']'; k = d.PeekKind() {
		if err := one(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}
