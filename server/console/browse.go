package console

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/control"
	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

func (c *console) browseRoutes() routes {
	out := routes{}
	for _, k := range []kind{users, groups} {
		out["GET "+anApplication+k.path] = func(v *visit) error { return c.showResources(v, k) }
		out["GET "+anApplication+k.path+"/{resource}"] = func(v *visit) error { return c.showResource(v, k) }
	}
	return out
}

// kind is a type of resource that can be looked at.
type kind struct {
	typ, path, many string
	search          []string // the attributes that a search looks at
	left            []string // those that a list leaves out
}

var (
	users  = kind{"User", "/users", "Users", []string{"userName", "displayName"}, nil}
	groups = kind{"Group", "/groups", "Groups", []string{"displayName"}, []string{"members"}}
)

// pageSizes are how many resources a page can have.
var pageSizes = []int{25, 50, 100}

// query is what a page of resources was asked for.
type query struct {
	Search, Filter string
	Start, Count   int
}

// readQuery reads the query of a page. What is out of range is as if it was not there.
func readQuery(f url.Values) query {
	q := query{Search: f.Get("search"), Filter: f.Get("filter"), Start: 1, Count: pageSizes[0]}
	if n, err := strconv.Atoi(f.Get("startIndex")); err == nil && n >= 1 && n < 1<<31 {
		q.Start = n
	}
	if n, err := strconv.Atoi(f.Get("count")); err == nil && n >= 1 && n <= slices.Max(pageSizes) {
		q.Count = n
	}
	return q
}

// From is the query of the page that begins elsewhere.
func (q query) From(start int) string {
	return url.Values{"search": {q.Search}, "filter": {q.Filter}, "startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(q.Count)}}.Encode()
}

// scim is the query as SCIM has it for a kind.
func (q query) scim(k kind) (out engine.Query, err error) {
	for name, text := range map[string]string{"Search": q.Search, "Filter": q.Filter} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return out, problem(http.StatusBadRequest, "InvalidParameter."+name, "This is no UTF-8 or has the character U+0000; write plain text.")
		}
	}
	var parts []string
	if q.Search != "" {
		text, err := jsontext.AppendQuote(nil, q.Search)
		if err != nil {
			return out, err
		}
		for _, attribute := range k.search {
			parts = append(parts, fmt.Sprintf("%s co %s", attribute, text))
		}
	}
	out.Filter = strings.Join(parts, " or ")
	switch {
	case q.Filter != "" && out.Filter != "":
		out.Filter = "(" + out.Filter + ") and (" + q.Filter + ")"
	case q.Filter != "":
		out.Filter = q.Filter
	}
	out.StartIndex, out.Count, out.Excluded = &q.Start, &q.Count, k.left
	return out, nil
}

// found is a ListResponse.
type found struct {
	Total     int              `json:"totalResults"`
	Resources []jsontext.Value `json:"Resources"`
}

// ask has a browser of the control plane answer a query. A filter that SCIM refuses is refused with what SCIM says.
func ask(v *visit, browse control.Browse, k kind, q engine.Query) (out found, err error) {
	id := v.r.PathValue("application")
	res, err := browse(v.r.Context(), id, k.typ, q)
	if e := (*scim.Error)(nil); errors.As(err, &e) {
		return out, problem(e.Status, "InvalidParameter.Filter", e.Detail)
	}
	if errors.Is(err, store.ErrNotFound) {
		return out, problem(http.StatusConflict, "OperationDenied.TemplateApplication", "A template application sees no accounts; look at a standard or custom one.")
	}
	if err == nil {
		err = json.Unmarshal(res.Body, &out)
	}
	return out, err
}

// resourceRow is a resource as a list shows it.
type resourceRow struct {
	ID, Path, Name, Display, Mail, External string
	Active                                  bool
}

type resourcesPage struct {
	head
	Query          query
	Many, Type     string
	Self           string // path of the page
	Rows           []resourceRow
	Total          int
	First, Last    int
	Before, Beyond string // the pages before and after, or ""
	Counts         []choice
}

// Example is a filter that SCIM has for the type.
func (p resourcesPage) Example() string {
	if p.Type == users.typ {
		return `active eq true and emails.value ew "@example.com"`
	}
	return `displayName sw "Team"`
}

// showResources shows a page of accounts or groups as the application sees them.
func (c *console) showResources(v *visit, k kind) error {
	values := v.r.URL.Query()
	q := readQuery(values)
	list, err := c.look(v, k, q)
	f := refusal{}
	if err != nil {
		if f, err = refused("browse", err, values); err != nil {
			return err
		}
	}
	h, err := c.head(v, k.path, f)
	if err != nil {
		return err
	}
	p := resourcesPage{head: h, Query: q, Many: k.many, Type: k.typ, Self: h.Path + k.path, Total: list.Total}
	p.Counts = mark([]choice{{ID: "25", Name: "25"}, {ID: "50", Name: "50"}, {ID: "100", Name: "100"}}, []string{strconv.Itoa(q.Count)})
	for _, raw := range list.Resources {
		row, err := readRow(raw)
		if err != nil {
			return err
		}
		row.Path = p.Self + "/" + url.PathEscape(row.ID)
		p.Rows = append(p.Rows, row)
	}
	p.turn()
	return c.show(v, f.status(), "resources", k.many+" of "+h.Application.Name, p)
}

// look asks for what an application sees.
func (c *console) look(v *visit, k kind, q query) (found, error) {
	asked, err := q.scim(k)
	if err != nil {
		return found{}, err
	}
	list, err := ask(v, c.Plane.Browse, k, asked)
	if err != nil && q.Search != "" && q.Filter != "" {
		q.Search = "" // what is wrong with the filter is said of the filter as it was written
		return c.look(v, k, q)
	}
	return list, ofSearch(err, q)
}

// ofSearch blames the search for a filter that was made of it alone.
func ofSearch(err error, q query) error {
	if e := (*control.Error)(nil); q.Filter == "" && errors.As(err, &e) && e.Code == "InvalidParameter.Filter" {
		return problem(e.Status, "InvalidParameter.Search", e.Message)
	}
	return err
}

// turn sets where the page begins and ends, and what lies before and after it.
func (p *resourcesPage) turn() {
	if len(p.Rows) > 0 {
		p.First, p.Last = p.Query.Start, p.Query.Start+len(p.Rows)-1
	}
	if p.Query.Start > 1 {
		p.Before = p.Self + "?" + p.Query.From(max(1, min(p.Query.Start, p.Total+1)-p.Query.Count))
	}
	if p.Last > 0 && p.Last < p.Total {
		p.Beyond = p.Self + "?" + p.Query.From(p.Last+1)
	}
}

func readRow(raw jsontext.Value) (resourceRow, error) {
	var r struct {
		ID          string `json:"id"`
		UserName    string `json:"userName"`
		DisplayName string `json:"displayName"`
		ExternalID  string `json:"externalId"`
		Active      bool   `json:"active"`
		Emails      []struct {
			Value string `json:"value"`
		} `json:"emails"`
	}
	err := json.Unmarshal(raw, &r)
	row := resourceRow{ID: r.ID, Name: r.UserName, Display: r.DisplayName, External: r.ExternalID, Active: r.Active}
	if len(r.Emails) > 0 {
		row.Mail = r.Emails[0].Value
	}
	return row, err
}

const (
	mostLeaves = 200       // of the table of a resource
	mostJSON   = 128 << 10 // bytes of it that are shown
)

// leaf is one value of a resource.
type leaf struct {
	Path, Value string
	Link        string // to the page of the resource that the value names, or ""
}

// elsewhere are the values by which resources name others: groups their members, and accounts their groups.
var elsewhere = regexp.MustCompile(`^(members|groups)\[\d+\]\.value$`)

// lead links the values that name other resources to their pages.
func lead(list []leaf, application string) {
	for i, l := range list {
		switch named := elsewhere.FindStringSubmatch(l.Path); {
		case named == nil:
		case named[1] == "members" && strings.HasPrefix(l.Value, "user_"):
			list[i].Link = application + users.path + "/" + url.PathEscape(l.Value)
		default:
			list[i].Link = application + groups.path + "/" + url.PathEscape(l.Value)
		}
	}
}

type resourcePage struct {
	head
	Many, Self string
	Name       string
	Leaves     []leaf
	Left       int // values that the table leaves out
	JSON       string
	Cut        bool
}

// one finds a resource that the application sees by its id.
func (c *console) one(v *visit, k kind, id string) (jsontext.Value, error) {
	quoted, _ := jsontext.AppendQuote(nil, id) // what is no UTF-8 is the id of nothing
	list, err := ask(v, c.Plane.Browse, k, engine.Query{Filter: "id eq " + string(quoted)})
	if e := (*control.Error)(nil); err != nil && (!errors.As(err, &e) || e.Status != http.StatusBadRequest) {
		return nil, err
	}
	if len(list.Resources) == 0 { // also where nothing can have such an id
		return nil, problem(http.StatusNotFound, "ResourceNotFound."+k.typ, "The application sees no such resource; it is deleted or out of the scope.")
	}
	return list.Resources[0], nil
}

// showResource shows one account or group.
func (c *console) showResource(v *visit, k kind) error {
	h, err := c.head(v, k.path, refusal{})
	if err != nil {
		return err
	}
	raw, err := c.one(v, k, v.r.PathValue("resource"))
	if err != nil {
		return err
	}
	row, err := readRow(raw)
	if err != nil {
		return err
	}
	p := resourcePage{head: h, Many: k.many, Self: h.Path + k.path, Name: row.Name}
	if p.Name == "" {
		p.Name = row.Display
	}
	if p.Leaves, err = leaves(raw); err != nil {
		return err
	}
	if p.Left = len(p.Leaves) - mostLeaves; p.Left > 0 {
		p.Leaves = p.Leaves[:mostLeaves]
	}
	lead(p.Leaves, h.Path)
	text := raw.Clone()
	if err := text.Indent(jsontext.WithIndent("  ")); err != nil {
		return err
	}
	p.JSON = text.String()
	if p.Cut = len(p.JSON) > mostJSON; p.Cut {
		p.JSON = strings.ToValidUTF8(p.JSON[:mostJSON], "")
	}
	return c.show(v, http.StatusOK, "resource", p.Name, p)
}

// leaves lists the values of a resource in the order in which they stand, each with the way to it.
func leaves(raw jsontext.Value) (out []leaf, err error) {
	err = walk(jsontext.NewDecoder(bytes.NewReader(raw)), "", "", &out)
	return out, err
}

// walk reads the next value, which stands at a path. What parts the path from the names below it is a point, or a colon behind a URN.
func walk(dec *jsontext.Decoder, path, part string, out *[]leaf) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	kind := token.Kind()
	if kind != '{' && kind != '[' {
		*out = append(*out, leaf{Path: path, Value: token.String()})
		return nil
	}
	for i := 0; dec.PeekKind() != '}' && dec.PeekKind() != ']'; i++ {
		below, next := fmt.Sprintf("%s[%d]", path, i), "."
		if kind == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return err
			}
			below = path + part + name.String()
			if path == "" && strings.HasPrefix(below, "urn:") {
				next = ":"
			}
		}
		if err := walk(dec, below, next, out); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken() // the end of it
	return err
}
