package evidence

import (
	"strings"
	"testing"

	"scimproof/reports/result"
)

func TestSource(t *testing.T) {
	for _, c := range []struct{ rfc, section, want string }{
		{"7644", "3.5.2.1", "RFC 7644 section 3.5.2.1"},
		{"9865", "", "RFC 9865"},
		{"IDaaS", "idem-1", "IDaaS rule idem-1"},
		{"Entra", "jml-default", "Entra jml-default"},
		{"Okta", "", "Okta"},
		{"", "", ""},
	} {
		if got := Source(c.rfc, c.section); got != c.want {
			t.Errorf("%q %q: %q, want %q", c.rfc, c.section, got, c.want)
		}
	}
}

func TestTelling(t *testing.T) {
	for _, c := range []struct{ sent, want string }{
		{"", ""},
		{"GET1", "GET1"},
		{"GET1 GET2", "GET2"},
		{"POST1", "POST1"},
		{"POST1 PATCH2", "PATCH2"},
		{"POST1 GET2", "POST1 GET2"},
		{"POST1 PATCH2 GET3 HEAD4", "PATCH2 HEAD4"},
		{"POST1 PATCH5 GET3", "PATCH5"},
	} {
		var all []result.Exchange
		for _, word := range strings.Fields(c.sent) {
			n := len(word) - 1
			all = append(all, result.Exchange{Method: word[:n], URL: word, Status: int(word[n]-'0') * 100})
		}
		var got []string
		for _, e := range Telling(all) {
			got = append(got, e.URL)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("of %q: %q, want %q", c.sent, got, c.want)
		}
	}
}
