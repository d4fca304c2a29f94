package match

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// Typed wants every value of the resource in the body, or of each resource of a list, to be of the type that the target's own /Schemas
// declares for its attribute: simple or complex, one or many (RFC 7643 sections 2.3 and 2.4). What no schema declares, and null, may be there.
func Typed(t *check.Target) types.GomegaMatcher {
	return matcher{"values of the types that /Schemas declares", "body", func(a *check.Answer) (string, bool) {
		if a.Doc == nil || a.Doc.Kind != tree.Object {
			return brief(a) + ", no JSON object", false
		}
		resources := a.Resources()
		if a.At("Resources") == nil {
			resources = []*tree.Node{a.Doc}
		}
		for _, r := range resources {
			if problem := misfit(t, r); problem != "" {
				return problem, false
			}
		}
		return "all values are of the declared types", true
	}}
}

// misfit says what of a resource has not the declared type, or "".
func misfit(t *check.Target, resource *tree.Node) string {
	if resource.Kind != tree.Object {
		return "a resource is " + describe(resource)
	}
	for _, d := range common {
		if problem := d.check(d.name, resource.At(d.name)); problem != "" {
			return problem
		}
	}
	for _, urn := range elements(resource.At("schemas")) {
		attributes := declarations(t.Schema(urn.String()))
		if base(t, urn.String()) {
			if problem := within("", resource, attributes); problem != "" {
				return problem
			}
		}
		for _, m := range resource.Members {
			if strings.EqualFold(m.Name, urn.String()) {
				if problem := within(m.Name+":", m.Value, attributes); problem != "" {
					return problem
				}
			}
		}
	}
	return ""
}

// base says whether the attributes of a schema stand at the top of a resource, and not under its URN as those of an extension do.
func base(t *check.Target, urn string) bool {
	return slices.ContainsFunc(t.Types, func(rt *tree.Node) bool { return strings.EqualFold(rt.Text("schema"), urn) })
}

// declaration is what a schema says about the values of an attribute.
type declaration struct {
	name string
	typ  string
	many bool
	subs []declaration
}

// common are the attributes of every resource (RFC 7643 section 3.1), which no schema has to declare.
var common = []declaration{
	{name: "schemas", typ: "string", many: true},
	{name: "id", typ: "string"},
	{name: "externalId", typ: "string"},
	{name: "meta", typ: "complex", subs: []declaration{
		{name: "resourceType", typ: "string"}, {name: "created", typ: "dateTime"}, {name: "lastModified", typ: "dateTime"},
		{name: "location", typ: "reference"}, {name: "version", typ: "string"},
	}},
}

// declarations reads the attributes of a schema, or the sub-attributes of an attribute.
func declarations(n *tree.Node) []declaration {
	if n == nil {
		return nil
	}
	list := n.At("attributes")
	if list == nil {
		list = n.At("subAttributes")
	}
	var out []declaration
	for _, a := range elements(list) {
		out = append(out, declaration{a.Text("name"), a.Text("type"), a.Text("multiValued") == "true", declarations(a)})
	}
	return out
}

func within(prefix string, object *tree.Node, list []declaration) string {
	for _, d := range list {
		for _, m := range object.Members {
			if !strings.EqualFold(m.Name, d.name) {
				continue
			}
			if problem := d.check(prefix+m.Name, m.Value); problem != "" {
				return problem
			}
		}
	}
	return ""
}

func (d declaration) check(path string, v *tree.Node) string {
	switch {
	case v == nil || v.Kind == tree.Null:
		return ""
	case !d.many:
		return d.one(path, v)
	case v.Kind != tree.Array:
		return fmt.Sprintf("%s is declared as multi-valued and is %s", path, describe(v))
	}
	for i, item := range v.Items {
		if problem := d.one(fmt.Sprintf("%s[%d]", path, i), item); problem != "" {
			return problem
		}
	}
	return ""
}

func (d declaration) one(path string, v *tree.Node) string {
	fits, known := shapes[strings.ToLower(d.typ)]
	switch {
	case !known:
		return ""
	case !fits(v):
		return fmt.Sprintf("%s is declared as %s and is %s", path, d.typ, describe(v))
	case v.Kind == tree.Object:
		return within(path+".", v, d.subs)
	}
	return ""
}

// shapes are the types of RFC 7643 section 2.3 as JSON, their names folded.
var shapes = map[string]func(*tree.Node) bool{
	"string":    func(v *tree.Node) bool { return v.Kind == tree.String },
	"boolean":   func(v *tree.Node) bool { return v.Kind == tree.Boolean },
	"decimal":   func(v *tree.Node) bool { return v.Kind == tree.Number || v.Kind == tree.Integer },
	"integer":   func(v *tree.Node) bool { return v.Kind == tree.Integer },
	"datetime":  func(v *tree.Node) bool { return v.Kind == tree.String && isDateTime(v.String()) },
	"binary":    func(v *tree.Node) bool { return v.Kind == tree.String && isBase64(v.String()) },
	"reference": func(v *tree.Node) bool { return v.Kind == tree.String && isReference(v.String()) },
	"complex":   func(v *tree.Node) bool { return v.Kind == tree.Object },
}

// dateTime is xsd:dateTime: a date and a time, fraction and zone as one likes.
var dateTime = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$`)

func isDateTime(s string) bool {
	_, ok := Instant(s)
	return ok
}

// Instant reads an xsd:dateTime (RFC 7643 section 2.3.5). One without a zone is taken as UTC.
func Instant(s string) (time.Time, bool) {
	if !dateTime.MatchString(s) {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// isBase64 takes both alphabets, with padding or without, which the definition of an attribute may allow (RFC 7643 section 2.3.6).
func isBase64(s string) bool {
	s = strings.TrimRight(s, "=")
	s = strings.NewReplacer("-", "+", "_", "/").Replace(s)
	_, err := base64.RawStdEncoding.DecodeString(s)
	return err == nil
}

func isReference(s string) bool {
	_, err := url.Parse(s)
	return err == nil && s != ""
}

// DateTime wants the part at the path to be an xsd:dateTime (RFC 7643 section 2.3.5).
func DateTime(path string) types.GomegaMatcher {
	return matcher{path + " as a date and time such as 2026-01-31T09:30:00Z", path, func(a *check.Answer) (string, bool) {
		n := a.At(path)
		if n == nil {
			return path + " is missing", false
		}
		return path + " is " + describe(n), n.Kind == tree.String && isDateTime(n.String())
	}}
}
