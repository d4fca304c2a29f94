package check

import (
	"net/http"
	"strings"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
)

// Answer is what the target answered, with its body read as raw JSON: numbers as they were written, members in their order.
type Answer struct {
	Request client.Request
	Status  int
	Header  http.Header
	Body    []byte
	Doc     *tree.Node // nil where the body is empty or no JSON
	Broken  error      // why the body is no JSON; nil where it is empty
}

func newAnswer(r client.Request, a *client.Answer) *Answer {
	out := &Answer{Request: r, Status: a.Status, Header: a.Header, Body: a.Body}
	if len(strings.TrimSpace(string(a.Body))) > 0 {
		out.Doc, out.Broken = tree.Parse(a.Body)
	}
	return out
}

// OK says whether the status is 200 to 299.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// At is the first part of the body that a path leads to (package tree), or nil.
func (a *Answer) At(path string) *tree.Node { return a.Doc.At(path) }

// All are the parts of the body that a path leads to.
func (a *Answer) All(path string) []*tree.Node { return a.Doc.All(path) }

// Text is the first part of the body that a path leads to, as people read it, or "".
func (a *Answer) Text(path string) string { return a.Doc.Text(path) }

// ID is the id of the resource in the body, or "".
func (a *Answer) ID() string { return a.Text("id") }

// Resources are the resources of a list.
func (a *Answer) Resources() []*tree.Node {
	if list := a.At("Resources"); list != nil {
		return list.Items
	}
	return nil
}

// Total is totalResults of a list, or -1 where it is no whole number.
func (a *Answer) Total() int { return whole(a.At("totalResults")) }

func whole(n *tree.Node) int {
	if n == nil || n.Kind != tree.Integer || len(n.Raw) > 9 {
		return -1
	}
	v := 0
	for _, c := range n.Raw {
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

// Path is the path of the request below the base URL, unescaped enough for people.
func (a *Answer) Path() string { return a.Request.Path }
