package discovery

import (
	"net/http"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// features are what a target says yes or no to.
var features = []string{"patch", "bulk", "filter", "changePassword", "sort", "etag"}

// config asks about /ServiceProviderConfig.
var config = []check.Check{
	{
		ID:          "discovery.config.status",
		Title:       "/ServiceProviderConfig is there",
		Requirement: "A GET of /ServiceProviderConfig is answered with 200 and one JSON object, not a list.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Get(configPath)
			t.Expect(a).To(match.Status(http.StatusOK))
			t.Expect(a).To(match.Kind("$", tree.Object))
			t.Expect(a).To(match.Lacks("Resources"))
		},
	},
	{
		ID:          "discovery.config.schema",
		Title:       "/ServiceProviderConfig names its schema",
		Requirement: "The schemas of the answer name that of the service provider's configuration.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.MustGet(configPath)).To(match.Schema(check.ConfigSchema)) },
	},
	{
		ID:          "discovery.config.features",
		Title:       "/ServiceProviderConfig says yes or no to each feature",
		Requirement: "patch, bulk, filter, changePassword, sort and etag each say under supported, as a boolean, whether there is such a thing.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Since:       1,
		Run: func(t *check.T) {
			a := t.MustGet(configPath)
			for _, f := range features {
				t.Expect(a).To(match.Kind(f+".supported", tree.Boolean))
			}
		},
	},
	{
		ID:          "discovery.config.bulk-limits",
		Title:       "/ServiceProviderConfig says how large a bulk request may be",
		Requirement: "bulk has maxOperations and maxPayloadSize, both whole numbers.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Since:       1,
		Run: func(t *check.T) {
			a := t.MustGet(configPath)
			t.Expect(a).To(match.Kind("bulk.maxOperations", tree.Integer))
			t.Expect(a).To(match.Kind("bulk.maxPayloadSize", tree.Integer))
		},
	},
	{
		ID:          "discovery.config.filter-limit",
		Title:       "/ServiceProviderConfig says how many results a query gives",
		Requirement: "filter has maxResults, a whole number.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.MustGet(configPath)).To(match.Kind("filter.maxResults", tree.Integer)) },
	},
	{
		ID:          "discovery.config.authentication",
		Title:       "/ServiceProviderConfig describes how to authenticate",
		Requirement: "authenticationSchemes is a list; each entry has a type, a name and a description.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Since:       1,
		Run: func(t *check.T) {
			for _, scheme := range array(t, t.MustGet(configPath).Doc, "authenticationSchemes") {
				for _, name := range []string{"type", "name", "description"} {
					want(t, scheme, name, tree.String)
				}
			}
		},
	},
	{
		ID:          "discovery.config.public",
		Title:       "/ServiceProviderConfig can be read without credentials",
		Requirement: "Clients find out how to authenticate before they do: the configuration is open to all, unless that is a risk.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Needs:       []check.Need{check.Auth},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Do(client.Request{Method: http.MethodGet, Path: configPath, Auth: client.AuthNone})).To(match.Status(http.StatusOK))
		},
	},
	{
		ID:          "discovery.config.read-only",
		Title:       "/ServiceProviderConfig cannot be written",
		Requirement: "All attributes of the configuration are read-only: a PUT is refused.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "5"},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Put(configPath, t.MustGet(configPath).Doc)).NotTo(match.Success())
		},
	},
}
