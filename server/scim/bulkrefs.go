package scim

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// bulkPrefix begins a reference to what another operation of the same request creates (RFC 7644 section 3.7.2).
const bulkPrefix = "bulkId:"

// BulkReference is the bulkId that a text refers to, if it is a reference.
func BulkReference(text string) (bulkID string, ok bool) {
	bulkID, ok = strings.CutPrefix(text, bulkPrefix)
	return bulkID, ok && bulkID != ""
}

// References lists the bulkIds that the data refers to, each once: by a string that is a reference as a whole, by a $ref that ends in one,
// and by the filter of a path of PATCH.
func (op BulkOperation) References() []string {
	var found []string
	seen := map[string]bool{}
	op.walk(func(bulkID string) string {
		if !seen[bulkID] {
			seen[bulkID] = true
			found = append(found, bulkID)
		}
		return bulkPrefix + bulkID
	})
	return found
}

// Resolve returns the data with the ids that references stand for.
func (op BulkOperation) Resolve(id func(bulkID string) string) []byte {
	return op.walk(id)
}

// walk goes through the strings of the data and puts what id says in the place of each reference. Data is JSON, since it has been decoded.
func (op BulkOperation) walk(id func(bulkID string) string) []byte {
	if !bytes.Contains(op.Data, []byte(bulkPrefix)) && !bytes.ContainsRune(op.Data, '\\') { // an escape may hide a letter of it
		return op.Data
	}
	dec := jsontext.NewDecoder(bytes.NewReader(op.Data), jsontext.AllowDuplicateNames(true))
	var out []byte
	name, copied := "", 0
	for {
		kind := dec.PeekKind()
		if kind != '"' {
			if _, err := dec.ReadToken(); err != nil {
				break
			}
			continue
		}
		container, position := dec.StackIndex(dec.StackDepth())
		raw, err := dec.ReadValue()
		if err != nil {
			break
		}
		end := int(dec.InputOffset())
		begin := end - len(raw)
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			break
		}
		if container == '{' && position%2 == 0 {
			name = string(text)
			continue
		}
		before := string(text)
		if after := op.replace(name, before, id); after != before {
			out = append(out, op.Data[copied:begin]...)
			out, _ = jsontext.AppendQuote(out, after) // what is no UTF-8 has not been decoded
			copied = end
		}
	}
	if copied == 0 {
		return op.Data
	}
	return append(out, op.Data[copied:]...)
}

// replace puts ids in the place of the references in a string that stands under a name. A password refers to nothing.
func (op BulkOperation) replace(name, text string, id func(bulkID string) string) string {
	if bulkID, ok := BulkReference(text); ok && !sameName(name, "password") {
		return id(bulkID)
	}
	switch {
	case sameName(name, "$ref"):
		end := strings.LastIndexByte(text, '/') + 1
		if bulkID, ok := BulkReference(text[end:]); ok {
			return text[:end] + id(bulkID)
		}
	case op.Method == http.MethodPatch && sameName(name, "path"):
		return replaceQuoted(text, id)
	}
	return text
}

// replaceQuoted puts ids in the place of the references among the values of a filter.
func replaceQuoted(text string, id func(bulkID string) string) string {
	const opening = `"` + bulkPrefix
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, opening)
		bulkID, after, closed := strings.Cut(rest, `"`)
		if !found || !closed || bulkID == "" {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(before + `"` + id(bulkID) + `"`)
		text = after
	}
}
