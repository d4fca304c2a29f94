package api

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

const (
	configSchema       = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	resourceTypeSchema = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaSchema       = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

type meta struct {
	ResourceType string `json:"resourceType"`
	Location     string `json:"location"`
}

// discovery answers /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 section 4). Paging and sorting parameters are
// ignored there; a filter is refused.
func (c *call) discovery(kind string) error {
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return c.wrongMethod(http.MethodGet, http.MethodHead)
	}
	if c.r.URL.Query().Has("filter") {
		return scim.Refuse(http.StatusForbidden, "Discovery cannot be filtered; leave the filter out.")
	}
	base := c.app.BaseURL + "/" + kind
	if kind == "ServiceProviderConfig" {
		if len(c.rest) > 1 {
			return c.nowhere()
		}
		return c.document(serviceProviderConfig(c.app.Profile, c.Limits, base))
	}
	all := resourceTypes(c.app.Profile, base)
	if kind == "Schemas" {
		all = schemas(c.app.Profile, base)
	}
	switch len(c.rest) {
	case 1:
		list := make([]any, len(all))
		for i, d := range all {
			list[i] = d.document
		}
		return c.document(struct {
			Schemas      []string `json:"schemas"`
			TotalResults int      `json:"totalResults"`
			StartIndex   int      `json:"startIndex"`
			ItemsPerPage int      `json:"itemsPerPage"`
			Resources    []any    `json:"Resources"`
		}{[]string{engine.ListSchema}, len(all), 1, len(all), list})
	case 2:
		for _, d := range all {
			if strings.EqualFold(d.id, c.rest[1]) {
				return c.document(d.document)
			}
		}
		return scim.Refuse(http.StatusNotFound, "/%s has no %s.", kind, c.rest[1])
	}
	return c.nowhere()
}

func (c *call) document(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	writeBody(c.w, c.r, http.StatusOK, data)
	return nil
}

// described is a document of discovery under the id that asks for it alone.
type described struct {
	id       string
	document any
}

func resourceTypes(p *engine.Profile, base string) []described {
	type extension struct {
		Schema   string `json:"schema"`
		Required bool   `json:"required"`
	}
	type resourceType struct {
		Schemas          []string    `json:"schemas"`
		ID               string      `json:"id"`
		Name             string      `json:"name"`
		Endpoint         string      `json:"endpoint"`
		Description      string      `json:"description,omitempty"`
		Schema           string      `json:"schema"`
		SchemaExtensions []extension `json:"schemaExtensions,omitempty"`
		Meta             meta        `json:"meta"`
	}
	var out []described
	for _, rt := range p.Registry.Types() {
		doc := resourceType{
			Schemas: []string{resourceTypeSchema}, ID: rt.Name, Name: rt.Name, Endpoint: rt.Endpoint, Description: rt.Description,
			Schema: rt.Schema.ID, Meta: meta{"ResourceType", base + "/" + rt.Name},
		}
		for _, e := range rt.Extensions {
			doc.SchemaExtensions = append(doc.SchemaExtensions, extension{e.Schema.ID, e.Required})
		}
		out = append(out, described{rt.Name, doc})
	}
	return out
}

func schemas(p *engine.Profile, base string) []described {
	type schema struct {
		Schemas     []string          `json:"schemas"`
		ID          string            `json:"id"`
		Name        string            `json:"name"`
		Description string            `json:"description,omitempty"`
		Attributes  []*scim.Attribute `json:"attributes"`
		Meta        meta              `json:"meta"`
	}
	var out []described
	for _, s := range p.Registry.Schemas() {
		out = append(out, described{s.ID, schema{[]string{schemaSchema}, s.ID, s.Name, s.Description, s.Attributes, meta{"Schema", base + "/" + s.ID}}})
	}
	return out
}

// serviceProviderConfig says what the profile supports (RFC 7643 section 5).
func serviceProviderConfig(p *engine.Profile, limits Limits, location string) any {
	type supported struct {
		Supported bool `json:"supported"`
	}
	type bulk struct {
		Supported      bool  `json:"supported"`
		MaxOperations  int   `json:"maxOperations"`
		MaxPayloadSize int64 `json:"maxPayloadSize"`
	}
	type filter struct {
		Supported  bool `json:"supported"`
		MaxResults int  `json:"maxResults"`
	}
	type scheme struct {
		Type        string `json:"type"`
		Name        string `json:"name"`
		Description string `json:"description"`
		SpecURI     string `json:"specUri"`
		Primary     bool   `json:"primary"`
	}
	type paging struct {
		Cursor        bool   `json:"cursor"`
		Index         bool   `json:"index"`
		Default       string `json:"defaultPaginationMethod"`
		DefaultSize   int    `json:"defaultPageSize"`
		MaxSize       int    `json:"maxPageSize"`
		CursorTimeout int    `json:"cursorTimeout"` // seconds
	}
	var pagination *paging // RFC 9865 section 4
	if p.Has("cursor") {
		pagination = &paging{true, true, "index", p.MaxResults, p.MaxResults, int(p.CursorTimeout.Seconds())}
	}
	many := bulk{}
	if p.Has("bulk") {
		many = bulk{true, limits.BulkOperations, limits.BulkBody}
	}
	return struct {
		Schemas               []string  `json:"schemas"`
		Patch                 supported `json:"patch"`
		Bulk                  bulk      `json:"bulk"`
		Filter                filter    `json:"filter"`
		ChangePassword        supported `json:"changePassword"`
		Sort                  supported `json:"sort"`
		ETag                  supported `json:"etag"`
		Pagination            *paging   `json:"pagination,omitzero"`
		AuthenticationSchemes []scheme  `json:"authenticationSchemes"`
		Meta                  meta      `json:"meta"`
	}{
		Schemas:        []string{configSchema},
		Patch:          supported{p.Has("patch")},
		Bulk:           many,
		Filter:         filter{p.Has("filter"), p.MaxResults},
		ChangePassword: supported{p.Has("changePassword")},
		Sort:           supported{p.Has("sort")},
		ETag:           supported{p.Has("etag")},
		Pagination:     pagination,
		AuthenticationSchemes: []scheme{{
			Type: "oauthbearertoken", Name: "Bearer token", Description: "A token of the application in the Authorization header",
			SpecURI: "https://www.rfc-editor.org/info/rfc6750", Primary: true,
		}, {
			Type: "oauth2", Name: "OAuth 2.0 client credentials",
			Description: "An access token from ../oauth2/token beside the base URL, for the id of the application and a client secret of it",
			SpecURI:     "https://www.rfc-editor.org/info/rfc6749",
		}},
		Meta: meta{"ServiceProviderConfig", location},
	}
}
