package console

import (
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/calllog"
)

// mostDeeds is how many operations of a request to /Bulk a page shows. The others can be exported.
const mostDeeds = 100

// deedPage is what happened under a correlation id.
type deedPage struct {
	ID    string
	Deeds []deedView
	More  int // operations that are not shown
}

// deedView is a call with its exchange, where it failed.
type deedView struct {
	callRow
	Sides []side
}

// side is what was sent, or what came back.
type side struct {
	Name string
	calllog.Message
}

// Pretty is the body as people read it.
func (s side) Pretty() string {
	v := jsontext.Value(s.Body)
	if v.Indent(jsontext.WithIndent("  ")) != nil {
		return s.Body
	}
	return string(v)
}

// Note says what of the body is not there.
func (s side) Note() string {
	return map[calllog.Kept]string{
		calllog.Begins:   "Only the beginning is kept.",
		calllog.Withheld: "The body is not kept: its secrets cannot be told from the rest.",
		calllog.Nothing:  "There was no body, or nobody read it.",
	}[s.Kept]
}

// showCall shows the call with a correlation id, and what was sent and got, without its secrets (rule mon-2).
func (c *console) showCall(v *visit) error {
	log, err := c.calls()
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	deeds, err := log.Deeds(v.r.Context(), id)
	if err != nil {
		return err
	}
	if len(deeds) == 0 {
		return problem(http.StatusNotFound, "ResourceNotFound.Call", "No call has this correlation id, or it is no longer kept; choose one from a list.")
	}
	known, err := c.names(v.r.Context())
	if err != nil {
		return err
	}
	p := deedPage{ID: id}
	if p.More = len(deeds) - mostDeeds; p.More > 0 {
		deeds = deeds[:mostDeeds]
	}
	for _, d := range deeds {
		view := deedView{callRow: known.rows([]calllog.Call{d.Call})[0]}
		if d.Exchange != nil {
			view.Sides = []side{{"Request", d.Exchange.Request}, {"Answer", d.Exchange.Answer}}
		}
		p.Deeds = append(p.Deeds, view)
	}
	return c.show(v, http.StatusOK, "monitoring-call", "Call "+id, p)
}
