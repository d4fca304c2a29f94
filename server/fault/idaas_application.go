package fault

import (
	"net/http"
	"strings"

	"scimproof/server/store"
)

// applicationsKept are deviations of what an application is and what its status does.
var applicationsKept = []Fault{
	{
		Name:    "template-with-token",
		Breaks:  []string{"idaas.application.template-token"},
		Seen:    "an administrator's API that checks the kind of an application in its pages only",
		Control: granted(and(method("POST"), ends("/tokens")), http.StatusCreated),
	},
	{
		Name:    "template-with-settings",
		Breaks:  []string{"idaas.application.template-settings"},
		Seen:    "settings that are taken and have no effect",
		Control: granted(method("PATCH"), http.StatusOK),
	},
	{
		Name:   "template-with-base-url",
		Breaks: []string{"idaas.application.template-base-url"},
		Seen:   "a base URL that is computed from the id, whatever the application is",
		Control: document(method("GET"), func(_ *http.Request, _ *answer, doc object) {
			if id, ok := doc["applicationId"].(string); ok {
				doc["scimBasePath"] = "/v2/" + id + "/scim"
			}
		}),
	},
	{
		Name:   "disabled-application-answers",
		Breaks: []string{"idaas.application.disabled"},
		Seen:   "a switch that only stops sign-in",
		Store:  admitting(func(a *store.Admission) { a.Application.Enabled = true }),
	},
	{
		Name:         "status-of-the-instance",
		Breaks:       []string{"idaas.application.disabled-alone"},
		Seen:         "a subscription that is switched off as a whole",
		ControlStore: spreading(func(from, to *store.Application) { to.Enabled = from.Enabled }),
	},
	{
		Name:   "enabling-without-effect",
		Breaks: []string{"idaas.application.enabled-again"},
		Seen:   "a status that only one process writes and only another one reads",
		Control: payload(method("PATCH"), func(doc object) {
			if doc["status"] == "enabled" {
				delete(doc, "status")
			}
		}),
	},
}

// ends chooses requests by the end of their path.
func ends(suffix string) when {
	return func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, suffix) }
}

// spreading writes a setting of an application to all others of its instance as well.
func spreading(copied func(from, to *store.Application)) func(store.Store) store.Store {
	return writing(func(tx store.Tx) store.Tx { return spread{tx, copied} })
}

type spread struct {
	store.Tx
	copied func(from, to *store.Application)
}

// PutApplication is that of a store.
func (t spread) PutApplication(a store.Application) error {
	if err := t.Tx.PutApplication(a); err != nil {
		return err
	}
	list, err := t.Applications(a.Instance)
	for i := 0; i < len(list) && err == nil; i++ {
		t.copied(&a, &list[i])
		err = t.Tx.PutApplication(list[i])
	}
	return err
}
