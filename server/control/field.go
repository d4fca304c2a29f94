package control

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"scimproof/server/store"
)

// Limits of extended fields.
const (
	maxFields          = 100 // of an instance
	maxOptions         = 100
	longestDescription = 512
	longestOption      = 64
	longestOptionName  = 128
	longestNamespace   = 256
)

var (
	fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)
	// urn is the form of a URN (RFC 8141 section 2), without what a SCIM path or a list of attributes could not carry: brackets, commas.
	urn = regexp.MustCompile(`^(?i:urn):[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9](:[A-Za-z0-9._~!$&'*+;=@%-]+)+$`)
	// inputs are the ways to fill in a field of each type.
	inputs = map[string][]string{"string": {"input", "select", "checkbox"}, "number": {"input"}, "boolean": {"select"}}
)

// Fields lists the extended fields of an instance.
func (p *Plane) Fields(ctx context.Context, instance string) ([]store.Field, error) {
	return read(ctx, p, func(r store.Reader) ([]store.Field, error) {
		if _, err := r.Instance(instance); err != nil {
			return nil, absent(err, "Instance", instance)
		}
		return r.Fields(instance)
	})
}

// Field finds an extended field.
func (p *Plane) Field(ctx context.Context, id string) (store.Field, error) {
	f, err := read(ctx, p, func(r store.Reader) (store.Field, error) { return r.Field(id) })
	return f, absent(err, "CustomField", id)
}

// AddField makes an extended field of an instance. ID and Created are the plane's to give; an empty Input is the first that the type has.
func (p *Plane) AddField(ctx context.Context, f store.Field) (_ store.Field, err error) {
	if f.Input == "" && len(inputs[f.Type]) > 0 {
		f.Input = inputs[f.Type][0]
	}
	if !fieldName.MatchString(f.Name) {
		return f, invalid("FieldName", "A field is named by 1 to 40 letters, digits and underscores, a letter first.")
	}
	if inputs[f.Type] == nil {
		return f, invalid("FieldDataType", "The type of a field is string, number or boolean, not %q.", f.Type)
	}
	if !slices.Contains(inputs[f.Type], f.Input) {
		return f, invalid("FieldDisplayType", "A field of type %s is filled in by %s, not by %q.", f.Type, strings.Join(inputs[f.Type], ", "), f.Input)
	}
	if err := checkField(f); err != nil {
		return f, err
	}
	if f.ID, err = p.id("ufd"); err != nil {
		return f, err
	}
	f.Created = p.now()
	return f, p.Store.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.Instance(f.Instance); err != nil {
			return absent(err, "Instance", f.Instance)
		}
		list, err := tx.Fields(f.Instance)
		if err != nil {
			return err
		}
		if len(list) >= maxFields {
			return denied("FieldLimit", "An instance has at most %d extended fields; delete one first.", maxFields)
		}
		for _, other := range list {
			if strings.EqualFold(other.Name, f.Name) {
				return denied("FieldNameTaken", "There is a field %s already; choose another name.", other.Name)
			}
		}
		return tx.PutField(f)
	})
}

// FieldChange is what becomes different of an extended field; nil stays. Its name, type and uniqueness are for good, since accounts are
// stored by them.
type FieldChange struct {
	DisplayName, Description *string
	Required, Enabled        *bool
	Options                  *[]store.Option
}

// ChangeField changes an extended field. What accounts hold already stays.
func (p *Plane) ChangeField(ctx context.Context, id string, c FieldChange) (f store.Field, err error) {
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if f, err = tx.Field(id); err != nil {
			return absent(err, "CustomField", id)
		}
		set(&f.DisplayName, c.DisplayName)
		set(&f.Description, c.Description)
		set(&f.Required, c.Required)
		set(&f.Enabled, c.Enabled)
		set(&f.Options, c.Options)
		if err := checkField(f); err != nil {
			return err
		}
		return tx.PutField(f)
	})
	return f, err
}

// DeleteField removes an extended field that no application syncs. What accounts hold of it is not seen again.
func (p *Plane) DeleteField(ctx context.Context, id string) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		f, err := tx.Field(id)
		if err != nil {
			return absent(err, "CustomField", id)
		}
		apps, err := tx.Applications(f.Instance)
		if err != nil {
			return err
		}
		for _, a := range apps {
			if slices.Contains(a.Fields, id) {
				return denied("FieldInUse", "Application %q syncs this field; take it off its sync target fields first.", a.Name)
			}
		}
		return tx.DeleteField(id)
	})
}

// checkField checks what of a field can change.
func checkField(f store.Field) error {
	if err := text("FieldDisplayName", f.DisplayName, 1, longestName); err != nil {
		return err
	}
	if err := text("Description", f.Description, 0, longestDescription); err != nil {
		return err
	}
	if f.Type != "string" && len(f.Options) > 0 {
		return invalid("Options", "Only a field of type string has options; leave them out.")
	}
	if f.Type == "string" && f.Input != "input" && len(f.Options) == 0 {
		return invalid("Options", "A field that is filled in by %s needs at least one option.", f.Input)
	}
	if len(f.Options) > maxOptions {
		return invalid("Options", "A field has at most %d options; these are %d.", maxOptions, len(f.Options))
	}
	for i, o := range f.Options {
		if err := text(fmt.Sprintf("Options.%d.Value", i), o.Value, 1, longestOption); err != nil {
			return err
		}
		if err := text(fmt.Sprintf("Options.%d.DisplayName", i), o.DisplayName, 0, longestOptionName); err != nil {
			return err
		}
		if slices.ContainsFunc(f.Options[:i], func(other store.Option) bool { return other.Value == o.Value }) {
			return invalid("Options", "The option %q is there twice; leave one out.", o.Value)
		}
	}
	return nil
}

// checkNamespace holds the URN of the extended fields against the form of one, and against the schemas that an application has anyway
// (rule ext-1).
func checkNamespace(_ store.Tx, a *store.Application) error {
	switch {
	case a.Namespace == "":
		return nil
	case a.Profile != "idaas":
		return invalid("UserCustomFieldNamespace", "Only an application of profile idaas has extended fields; leave the namespace out.")
	case utf8.RuneCountInString(a.Namespace) > longestNamespace:
		return invalid("UserCustomFieldNamespace", "A namespace has up to %d characters.", longestNamespace)
	case !urn.MatchString(a.Namespace):
		return invalid("UserCustomFieldNamespace", "%q is no URN; use the one that the external system sends, such as urn:ietf:params:scim:schemas:extension:customfield:2.0:User.", a.Namespace)
	case reserved(a.Namespace):
		return invalid("UserCustomFieldNamespace", "%s belongs to SCIM itself; use one of the external system's own.", a.Namespace)
	}
	return nil
}

// reserved says whether a URN has a meaning in RFC 7643 or RFC 7644.
func reserved(namespace string) bool {
	low := strings.ToLower(namespace)
	return strings.HasPrefix(low, "urn:ietf:params:scim:schemas:core:") || strings.HasPrefix(low, "urn:ietf:params:scim:api:") ||
		strings.HasPrefix(low, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:")
}

// checkFields holds the fields that sync against those that the instance has (rule ext-2).
func checkFields(tx store.Tx, a *store.Application) error {
	if len(a.Fields) == 0 {
		return nil
	}
	if a.Namespace == "" {
		return invalid("SupportedUserCustomFieldIds", "Fields sync under a namespace; set the custom field namespace, too.")
	}
	list, err := tx.Fields(a.Instance)
	if err != nil {
		return err
	}
	for _, id := range a.Fields {
		if !slices.ContainsFunc(list, func(f store.Field) bool { return f.ID == id }) {
			return invalid("SupportedUserCustomFieldIds", "%q is the id of no extended field of the instance; only those can be sync targets.", id)
		}
	}
	return nil
}
