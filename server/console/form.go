package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"scimproof/server/control"
)

// refusal is a form that was refused: its name, why, and what was entered. The zero refusal is none.
type refusal struct {
	form    string
	reason  *control.Error
	entered url.Values
}

// refused makes the refusal of a form from an error; an error of another kind is not the form's.
func refused(name string, err error, entered url.Values) (refusal, error) {
	reason := (*control.Error)(nil)
	if !errors.As(err, &reason) {
		return refusal{}, err
	}
	return refusal{name, reason, entered}, nil
}

// blamed says which field of a form the refusals of a parameter are about. The others are about the form as a whole.
func blamed(form, parameter string) string {
	return map[string]map[string]string{
		"instance":     {"InstanceName": "name"},
		"organization": {"OrganizationalUnitName": "name", "ParentId": "parent", "OrganizationalUnit": "parent"},
		"application":  {"InstanceId": "instance", "Instance": "instance", "ApplicationName": "name", "ApplicationSourceType": "kind", "Profile": "profile"},
		"name":         {"ApplicationName": "name"},
		"profile":      {"Profile": "profile"},
		"variants":     {"Variants": "variant"},
		"policy":       {"PasswordPolicy": "policy"},
		"delete":       {"Confirmation": "confirmation"},
		"scope":        {"OrganizationalUnitIds": "organization"},
		"target":       {"TargetNotInScope": "target", "OrganizationalUnit": "target"},
		"permissions":  {"GrantScopes": "scenario"},
		"namespace":    {"UserCustomFieldNamespace": "namespace", "SupportedUserCustomFieldIds": "field"},
		"tokens":       {"ExpirationTime": "validity"},
		"secrets":      {"ExpirationTime": "validity"},
		"account":      {"AccountId": "account", "User": "account"},
		"browse":       {"Filter": "filter", "Search": "search"},
		"groups":       {"GroupIds": "group"},
		"monitoring":   {"From": "from", "To": "to", "Status": "status", "Target": "target", "Operation": "operation", "Application": "application"},
		"field": {
			"FieldName": "name", "FieldDisplayName": "shown", "FieldDataType": "type", "FieldDisplayType": "input",
			"Description": "description", "Options": "options",
		},
	}[form][parameter]
}

// about is the field that the refusal is about, or "" for the form as a whole.
func (f refusal) about() string {
	if f.reason == nil {
		return ""
	}
	parts := strings.Split(f.reason.Code, ".")
	return blamed(f.form, parts[min(1, len(parts)-1)])
}

// Of gives the reason why a form was refused as a whole, or nil.
func (f refusal) Of(name string) *control.Error {
	if f.form != name || f.about() != "" {
		return nil
	}
	return f.reason
}

// Is says whether it is this form that was refused.
func (f refusal) Is(name string) bool { return f.form == name }

// Entered is what was entered in a field of a form that was refused, else what the field begins with.
func (f refusal) Entered(name, field, begins string) string {
	if f.form != name {
		return begins
	}
	return f.entered.Get(field)
}

// chosen is Entered for a field that can be there many times.
func (f refusal) chosen(name, field string, begins []string) []string {
	if f.form != name {
		return begins
	}
	return f.entered[field]
}

// ticked is Entered for a field that is there or not.
func (f refusal) ticked(name, field string, begins bool) bool {
	if f.form != name {
		return begins
	}
	return f.entered.Has(field)
}

// Reason is why a form was refused, whichever it was; nil where none was.
func (f refusal) Reason() *control.Error { return f.reason }

// Secret is the field that shows a value which nobody is shown again.
func (refusal) Secret(label, value string) input { return input{Label: label, Value: value} }

// status is that of the page that shows the refusal.
func (f refusal) status() int {
	if f.reason == nil {
		return http.StatusOK
	}
	return f.reason.Status
}

// input is a field of a form as a page shows it: with what was entered, and with why it was refused.
type input struct {
	ID, Name, Label, Value string
	Wrong                  *control.Error
	Choices                []choice
}

// choice is something to choose.
type choice struct {
	ID, Name string
	On       bool
}

// Input makes a field.
func (f refusal) Input(form, name, label, begins string) input {
	in := input{ID: form + "-" + name, Name: name, Label: label, Value: f.Entered(form, name, begins)}
	if f.form == form && f.about() == name {
		in.Wrong = f.reason
	}
	return in
}

// Select makes a field that has one of some choices.
func (f refusal) Select(form, name, label, begins string, choices []choice) input {
	in := f.Input(form, name, label, begins)
	in.Choices = mark(choices, []string{in.Value})
	return in
}

// Checks makes a field that has any of some choices.
func (f refusal) Checks(form, name, label string, begins []string, choices []choice) input {
	in := f.Input(form, name, label, "")
	in.Choices = mark(choices, f.chosen(form, name, begins))
	return in
}

// mark turns on those of the choices that are chosen.
func mark(choices []choice, chosen []string) []choice {
	out := slices.Clone(choices)
	for i, c := range out {
		out[i].On = slices.Contains(chosen, c.ID)
	}
	return out
}

// plain makes choices that are called by themselves.
func plain(names ...string) (out []choice) {
	for _, n := range names {
		out = append(out, choice{ID: n, Name: n})
	}
	return out
}

// view shows a page, with the form that was refused, if any.
type view func(*visit, refusal) error

// page is the action of a view that nothing was refused on.
func (show view) page(v *visit) error { return show(v, refusal{}) }

// settle ends a form: with a redirect to where it tells what was done, or with the view that shows why it was refused.
func (c *console) settle(v *visit, form string, err error, show view, path, notice string) error {
	if err == nil {
		return c.done(v, path, notice)
	}
	f, err := refused(form, err, v.r.PostForm)
	if err != nil {
		return err
	}
	return show(v, f)
}

// readSwitch reads a form of two buttons.
func readSwitch(f url.Values) (bool, error) {
	switch do := f.Get("do"); do {
	case "enable", "disable":
		return do == "enable", nil
	default:
		return false, problem(http.StatusBadRequest, "InvalidParameter.Status", "This can be enabled and disabled; use one of the two buttons.")
	}
}

// confirm holds what was typed against the name of what is to go.
func confirm(f url.Values, name string) error {
	if f.Get("confirmation") == name {
		return nil
	}
	return problem(http.StatusBadRequest, "InvalidParameter.Confirmation", "This is not its name; type the name as it stands above, or leave it as it is.")
}
