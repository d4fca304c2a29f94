package scim

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// readable words an error of package json for whoever wrote the file: where it is, what stands there and what may.
func readable(data []byte, err error) error {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		where := fmt.Sprintf("line %d: %s", line(data, semantic.ByteOffset), semantic.JSONPointer)
		switch {
		case errors.Is(err, json.ErrUnknownName):
			return fmt.Errorf("%s is no key that is known here; there are %s", where, strings.Join(keysOf(semantic.GoType), ", "))
		case errors.Is(err, jsontext.ErrDuplicateName):
			return fmt.Errorf("%s stands there twice; leave one out", where)
		case semantic.JSONKind != 0 && semantic.GoType != nil:
			return fmt.Errorf("%s is %s, but %s belongs there", where, kindName(semantic.JSONKind), goName(semantic.GoType))
		}
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		where := line(data, syntax.ByteOffset)
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Errorf("line %d: %s stands there twice; leave one out", where, syntax.JSONPointer)
		}
		return fmt.Errorf("line %d: this is not JSON: %v", where, syntax.Err)
	}
	return fmt.Errorf("this cannot be read as JSON: %w", err)
}

func line(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

// keysOf lists the keys of the object that a type is read from.
func keysOf(t reflect.Type) (keys []string) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return []string{"none"}
	}
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			keys = append(keys, name)
		}
	}
	return keys
}

// goName is what a type is read from, as a noun in a sentence.
func goName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}
