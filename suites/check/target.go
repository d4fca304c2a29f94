package check

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
)

// The URNs that checks speak of (RFC 7643 section 10.2, RFC 7644 section 8.2).
const (
	UserSchema         = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema        = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseSchema   = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ConfigSchema       = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeSchema = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaSchema       = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	ListSchema         = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	PatchSchema        = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	ErrorSchema        = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// Target is what the judged server says about itself. What could not be read is empty: only what a target plainly denies is not asked for.
type Target struct {
	BaseURL       string
	Authenticated bool         // a credential goes with each request
	Config        *tree.Node   // ServiceProviderConfig, or nil
	Types         []*tree.Node // of ResourceTypes
	Schemas       []*tree.Node
	Discovery     []*client.Answer // what was asked for it, as evidence
	Means         Means            // what the run was given beside all this
}

// Discover reads the discovery endpoints (RFC 7644 section 4). It is an error when the target cannot be reached; a target that answers
// oddly is judged all the same.
func Discover(ctx context.Context, c *client.Client) (*Target, error) {
	t := &Target{BaseURL: c.BaseURL(), Authenticated: c.Authenticated()}
	get := func(path string) (*tree.Node, error) {
		a, err := c.Do(ctx, client.Request{Method: http.MethodGet, Path: path})
		if err != nil {
			return nil, err
		}
		t.Discovery = append(t.Discovery, a)
		if a.Status != http.StatusOK {
			return nil, nil
		}
		doc, err := tree.Parse(a.Body)
		if err != nil {
			return nil, nil // no JSON: there is nothing to read in it, and the checks of discovery will say so
		}
		return doc, nil
	}
	var err error
	if t.Config, err = get("/ServiceProviderConfig"); err != nil {
		return nil, err
	}
	types, err := get("/ResourceTypes")
	if err != nil {
		return nil, err
	}
	schemas, err := get("/Schemas")
	if err != nil {
		return nil, err
	}
	t.Types, t.Schemas = items(types), items(schemas)
	return t, nil
}

// items are the resources of a list, or the elements of a bare array, which some servers send.
func items(doc *tree.Node) []*tree.Node {
	if doc == nil {
		return nil
	}
	if doc.Kind == tree.Array {
		return doc.Items
	}
	if list := doc.At("Resources"); list != nil {
		return list.Items
	}
	return nil
}

func (t *Target) resourceType(name string) *tree.Node {
	for _, rt := range t.Types {
		if strings.EqualFold(rt.Text("name"), name) || strings.EqualFold(rt.Text("id"), name) {
			return rt
		}
	}
	return nil
}

// Endpoint is the path of a resource type below the base URL: what ResourceTypes says, else the fallback. An absolute URL is left to the
// checks of discovery to complain about.
func (t *Target) Endpoint(name, fallback string) string {
	rt := t.resourceType(name)
	if rt == nil {
		return fallback
	}
	e := strings.TrimSuffix(rt.Text("endpoint"), "/")
	if e == "" || strings.Contains(e, "://") {
		return fallback
	}
	return "/" + strings.TrimPrefix(e, "/")
}

// Schema is the schema with the URN, or nil.
func (t *Target) Schema(urn string) *tree.Node {
	for _, s := range t.Schemas {
		if strings.EqualFold(s.Text("id"), urn) {
			return s
		}
	}
	return nil
}

// Attribute is the declaration of an attribute ("userName") or sub-attribute ("name.familyName") in a schema, or nil.
func (t *Target) Attribute(urn, path string) *tree.Node {
	s := t.Schema(urn)
	if s == nil {
		return nil
	}
	list := s.At("attributes")
	name, sub, dotted := strings.Cut(path, ".")
	found := named(list, name)
	if found == nil || !dotted {
		return found
	}
	return named(found.At("subAttributes"), sub)
}

func named(list *tree.Node, name string) *tree.Node {
	if list == nil {
		return nil
	}
	for _, a := range list.Items {
		if strings.EqualFold(a.Text("name"), name) {
			return a
		}
	}
	return nil
}

// IDaaS says whether the target looks like an application of an IDaaS instance, and by what.
func (t *Target) IDaaS() (bool, string) {
	if t.Attribute(UserSchema, "phoneRegion") == nil {
		return false, "Schemas declares no phoneRegion on User"
	}
	if org := t.Attribute(EnterpriseSchema, "organization"); org == nil || org.Text("type") != "complex" {
		return false, "Schemas declares no complex organization"
	}
	return true, "Schemas declares phoneRegion on User and organization as a complex attribute"
}

// Describe is the target in a few words.
func (t *Target) Describe() string {
	var names []string
	for _, rt := range t.Types {
		names = append(names, rt.Text("name"))
	}
	if len(names) == 0 {
		return "a target that lists no resource types"
	}
	return fmt.Sprintf("a target with %s", strings.Join(names, ", "))
}
