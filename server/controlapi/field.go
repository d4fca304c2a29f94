package controlapi

import (
	"context"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
)

type fieldView struct {
	ID          string       `json:"fieldId"`
	Instance    string       `json:"instanceId"`
	Name        string       `json:"fieldName"`
	DisplayName string       `json:"fieldDisplayName"`
	Description string       `json:"description"`
	Type        string       `json:"fieldDataType"`
	Input       string       `json:"fieldDisplayType"`
	Required    bool         `json:"required"`
	Unique      bool         `json:"unique"`
	Options     []optionView `json:"options"`
	Status      status       `json:"status"`
	Created     time.Time    `json:"createTime"`
}

type optionView struct {
	Value       string `json:"value"`
	DisplayName string `json:"displayName"`
	Status      status `json:"status"`
}

func viewField(f store.Field) fieldView {
	options := each(f.Options, func(o store.Option) optionView { return optionView{o.Value, o.DisplayName, status(o.Enabled)} })
	return fieldView{f.ID, f.Instance, f.Name, f.DisplayName, f.Description, f.Type, f.Input, f.Required, f.Unique, options, status(f.Enabled), f.Created}
}

// option is a value that a field can have; it is enabled unless it says otherwise.
type option struct {
	Value       string  `json:"value"`
	DisplayName string  `json:"displayName"`
	Status      *status `json:"status"`
}

func (o option) stored() store.Option {
	return store.Option{Value: o.Value, DisplayName: o.DisplayName, Enabled: enabled(o.Status)}
}

// enabled is a status that means enabled where it is absent.
func enabled(s *status) bool { return s == nil || bool(*s) }

type newField struct {
	Name        string   `json:"fieldName"`
	DisplayName string   `json:"fieldDisplayName"`
	Description string   `json:"description"`
	Type        string   `json:"fieldDataType"`
	Input       string   `json:"fieldDisplayType"` // the first that the type has where it is absent
	Required    bool     `json:"required"`
	Unique      bool     `json:"unique"`
	Options     []option `json:"options"`
	Status      *status  `json:"status"`
}

func (n newField) of(instance string) store.Field {
	return store.Field{
		Instance: instance, Name: n.Name, DisplayName: n.DisplayName, Description: n.Description, Type: n.Type, Input: n.Input,
		Required: n.Required, Unique: n.Unique, Options: each(n.Options, option.stored), Enabled: enabled(n.Status),
	}
}

type fieldChange struct {
	DisplayName *string   `json:"fieldDisplayName"`
	Description *string   `json:"description"`
	Required    *bool     `json:"required"`
	Status      *status   `json:"status"`
	Options     *[]option `json:"options"` // all of them
}

func (c fieldChange) change() control.FieldChange {
	out := control.FieldChange{DisplayName: c.DisplayName, Description: c.Description, Required: c.Required, Enabled: (*bool)(c.Status)}
	if c.Options != nil {
		out.Options = new(each(*c.Options, option.stored))
	}
	return out
}

func fields(p *control.Plane) routes {
	return routes{
		"/v1/instances/{id}/fields": {
			"GET": listed(p.Fields, viewField),
			"POST": created(func(ctx context.Context, instance string, n newField) (store.Field, error) {
				return p.AddField(ctx, n.of(instance))
			}, viewField),
		},
		"/v1/fields/{id}": {
			"GET": found(p.Field, viewField),
			"PATCH": answered(func(ctx context.Context, id string, c fieldChange) (store.Field, error) {
				return p.ChangeField(ctx, id, c.change())
			}, viewField),
			"DELETE": deleted(p.DeleteField),
		},
	}
}
