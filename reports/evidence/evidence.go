// Package evidence writes exchanges in forms that people can use again: a command that repeats a request, the messages as text.
package evidence

import (
	"net/http"
	"strings"

	"scimproof/reports/result"
)

// Redacted stands in recorded exchanges where a secret was. The program that records writes it, and the reports show it as a mark.
const Redacted = "[redacted]"

// Source names where a requirement stands: the section of an RFC, a rule, or a scenario of a client.
func Source(rfc, section string) string {
	number := rfc != "" && strings.Trim(rfc, "0123456789") == ""
	switch {
	case number && section != "":
		return "RFC " + rfc + " section " + section
	case number:
		return "RFC " + rfc
	case rfc == "IDaaS" && section != "":
		return "IDaaS rule " + section
	}
	return strings.TrimSpace(rfc + " " + section)
}

// Telling picks the exchanges that tell most of a check: the last write and what was read last after it, or else the last read.
// A check ends at what it stumbles over, so that comes at the end; after a 5xx there is only the question whether the target still lives.
func Telling(all []result.Exchange) []result.Exchange {
	if len(all) == 0 {
		return nil
	}
	last := len(all) - 1
	for i := last; i >= 0; i-- {
		switch {
		case reads(all[i].Method):
		case i == last || all[i].Status >= 500:
			return all[i : i+1]
		default:
			return []result.Exchange{all[i], all[last]}
		}
	}
	return all[last:]
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }
