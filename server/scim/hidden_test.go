package scim_test

import (
	"reflect"
	"testing"

	"scimproof/server/scim"
)

func TestReadHidden(t *testing.T) {
	for text, want := range map[string]scim.Object{
		"":   {},
		"{}": {},
		`{"a":"x","n":12345678901234567890.50,"b":true,"f":false,"z":null,"l":["y",1],"o":{"i":-2}}`: {
			"a": "x", "n": scim.Number("12345678901234567890.50"), "b": true, "f": false, "z": nil,
			"l": []any{"y", scim.Number("1")}, "o": scim.Object{"i": scim.Number("-2")},
		},
	} {
		got, err := scim.ReadHidden([]byte(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ReadHidden(%s) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, bad := range []string{"{", `{"a"`, `{"a":`, `{"a":1`, `{"a":[1}`, `{"a" 1}`, "nul"} {
		if got, err := scim.ReadHidden([]byte(bad)); err == nil {
			t.Errorf("ReadHidden(%s) = %v", bad, got)
		}
	}
}
