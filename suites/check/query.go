package check

import "github.com/go-json-experiment/json/jsontext"

// Quote is a text as it stands in a filter or path: in double quotes, escaped as in JSON (RFC 7644 section 3.4.2.2).
func Quote(text string) string {
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		panic("a filter cannot hold " + err.Error())
	}
	return string(quoted)
}

// Eq is the filter that compares an attribute with a text.
func Eq(attribute, text string) string { return attribute + " eq " + Quote(text) }
