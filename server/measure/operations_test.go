package measure

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
)

// operation is something that a client asks for again and again.
type operation struct {
	name   string
	status int
	// next makes the request with the number n to a directory of people; ids are the ids of the first of them.
	next func(n int, d *directory) request
	once bool // measured as it is, without a bare handler to compare with
}

// directory is what the target holds.
type directory struct {
	size int      // people 0..size-1 are there
	ids  []string // of the person with each number
	more int      // number of a person who is not there
}

// draw chooses a person for request n, the same one in every run.
func (d *directory) draw(n int) int {
	return int(rand.New(rand.NewPCG(7, uint64(n))).Uint64N(uint64(d.size)))
}

// page asks for a hundred people from the place that part of the directory lies before.
func page(part float64) func(int, *directory) request {
	return func(_ int, d *directory) request {
		start := min(1+int(part*float64(d.size)), max(1, d.size-99))
		return request{"GET", fmt.Sprintf("/Users?startIndex=%d&count=100", start), ""}
	}
}

func filtered(text func(i int) string) func(int, *directory) request {
	return func(n int, d *directory) request {
		return request{"GET", "/Users?filter=" + url.QueryEscape(text(d.draw(n))), ""}
	}
}

var operations = []operation{
	{name: "GET by id", status: http.StatusOK, next: func(n int, d *directory) request {
		return request{"GET", "/Users/" + d.ids[d.draw(n)], ""}
	}},
	{name: "filter by userName", status: http.StatusOK, next: filtered(func(i int) string { return fmt.Sprintf("userName eq %q", userName(i)) })},
	{name: "filter by externalId", status: http.StatusOK, next: filtered(func(i int) string { return fmt.Sprintf(`externalId eq "hr-%08d"`, i) })},
	{name: "PATCH active", status: http.StatusOK, next: func(n int, d *directory) request {
		return request{"PATCH", "/Users/" + d.ids[d.draw(n)], fmt.Sprintf(
			`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":%v}]}`, n%2 == 0)}
	}},
	{name: "POST", status: http.StatusCreated, next: func(n int, d *directory) request {
		return request{"POST", "/Users", person(d.more + n)}
	}},
	{name: "list of 100, first", status: http.StatusOK, next: page(0)},
	{name: "list of 100, middle", status: http.StatusOK, next: page(0.5)},
	{name: "list of 100, last", status: http.StatusOK, next: page(1)},
}

// withPassword is POST with what hashing adds to it.
var withPassword = operation{name: "POST with a password", status: http.StatusCreated, once: true, next: func(n int, d *directory) request {
	text := person(d.more + n)
	return request{"POST", "/Users", text[:len(text)-1] + `,"password":"correct horse battery staple"}`}
}}

// unindexed is a filter that no index answers.
var unindexed = operation{name: "filter by title (no index)", once: true, next: filtered(func(int) string { return `title eq "Nobody"` })}
