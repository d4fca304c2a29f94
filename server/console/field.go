package console

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"scimproof/server/control"
	"scimproof/server/store"
)

func (c *console) fieldRoutes() routes {
	const one = anInstance + "/fields/{field}"
	return routes{
		"GET " + anInstance + "/fields":  view(c.showFields).page,
		"POST " + anInstance + "/fields": c.addField,
		"GET " + one:                     view(c.showField).page,
		"POST " + one:                    c.changeField,
		"POST " + one + "/status":        c.switchField,
		"POST " + one + "/delete":        c.deleteField,
	}
}

type fieldsPage struct {
	instanceHead
	Fields        []store.Field
	Types, Inputs []choice
	Required      bool // as it was ticked in the form that makes a field
	Unique        bool
}

func fieldPath(f store.Field) string {
	return instancePath(f.Instance) + "/fields/" + url.PathEscape(f.ID)
}

// PathOf is that of a field's page.
func (fieldsPage) PathOf(f store.Field) string { return fieldPath(f) }

func (c *console) showFields(v *visit, f refusal) error {
	h, err := c.instanceHead(v, "/fields", f)
	if err != nil {
		return err
	}
	list, err := c.Plane.Fields(v.r.Context(), h.Instance.ID)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "fields", "Extended fields of "+h.Instance.Name, fieldsPage{
		instanceHead: h, Fields: list, Types: plain("string", "number", "boolean"),
		Inputs:   []choice{{Name: "as the type has it"}, {ID: "input", Name: "input"}, {ID: "select", Name: "select, of the options"}, {ID: "checkbox", Name: "checkbox, of the options"}},
		Required: f.ticked("field", "required", false), Unique: f.ticked("field", "unique", false),
	})
}

func (c *console) addField(v *visit) error {
	f := v.r.PostForm
	options, err := readOptions(f.Get("options"))
	if err == nil {
		_, err = c.Plane.AddField(v.r.Context(), store.Field{
			Instance: v.r.PathValue("instance"), Name: f.Get("name"), DisplayName: f.Get("shown"), Description: f.Get("description"),
			Type: f.Get("type"), Input: f.Get("input"), Required: f.Has("required"), Unique: f.Has("unique"), Options: options, Enabled: true,
		})
	}
	return c.settle(v, "field", err, c.showFields, instancePath(v.r.PathValue("instance"))+"/fields",
		"The extended field is created. An application syncs it once it is among its sync target fields.")
}

// off marks an option that cannot be chosen any more.
const off = "disabled"

// readOptions reads options, one a line: the value, the name that people see, and off.
func readOptions(text string) (out []store.Option, err error) {
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord, lines.TrimLeadingSpace = -1, true
	list, err := lines.ReadAll()
	if err != nil {
		return nil, wrongOptions("These lines cannot be read; write the value, a comma and the name, and set in quotation marks what has a comma in it.")
	}
	for _, line := range list {
		for i := range line {
			line[i] = strings.TrimSpace(line[i])
		}
		o := store.Option{Value: line[0], Enabled: true}
		if len(line) > 1 {
			o.DisplayName = line[1]
		}
		if len(line) > 3 || len(line) == 3 && line[2] != off {
			return nil, wrongOptions("A line has the value, the name and perhaps the word " + off + "; leave the rest out.")
		}
		o.Enabled = len(line) < 3
		out = append(out, o)
	}
	return out, nil
}

func wrongOptions(message string) error {
	return problem(http.StatusBadRequest, "InvalidParameter.Options", message)
}

// writeOptions is the reverse of readOptions.
func writeOptions(list []store.Option) string {
	var out strings.Builder
	lines := csv.NewWriter(&out)
	for _, o := range list {
		line := []string{o.Value}
		if o.DisplayName != "" || !o.Enabled {
			line = append(line, o.DisplayName)
		}
		if !o.Enabled {
			line = append(line, off)
		}
		_ = lines.Write(line) // into memory
	}
	lines.Flush()
	return out.String()
}

type fieldPage struct {
	instanceHead
	Field    store.Field
	Path     string
	Options  string
	Required bool
}

// fieldOf finds the extended field of a visit.
func (c *console) fieldOf(v *visit) (store.Field, error) {
	f, err := c.Plane.Field(v.r.Context(), v.r.PathValue("field"))
	if err == nil && f.Instance != v.r.PathValue("instance") {
		err = problem(http.StatusNotFound, "ResourceNotFound.CustomField", "The instance has no such extended field; go back to its fields.")
	}
	return f, err
}

func (c *console) showField(v *visit, f refusal) error {
	field, err := c.fieldOf(v)
	if err != nil {
		return err
	}
	h, err := c.instanceHead(v, "/fields", f)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "field", field.DisplayName, fieldPage{
		h, field, fieldPath(field), writeOptions(field.Options), f.ticked("field", "required", field.Required),
	})
}

func (c *console) changeField(v *visit) error {
	field, err := c.fieldOf(v)
	var options []store.Option
	form := v.r.PostForm
	if err == nil {
		options, err = readOptions(form.Get("options"))
	}
	if err == nil {
		_, err = c.Plane.ChangeField(v.r.Context(), field.ID, control.FieldChange{
			DisplayName: new(form.Get("shown")), Description: new(form.Get("description")), Required: new(form.Has("required")), Options: &options,
		})
	}
	return c.settle(v, "field", err, c.showField, fieldPath(field), "The extended field is saved.")
}

func (c *console) switchField(v *visit) error {
	field, err := c.fieldOf(v)
	var on bool
	if err == nil {
		on, err = readSwitch(v.r.PostForm)
	}
	if err == nil {
		_, err = c.Plane.ChangeField(v.r.Context(), field.ID, control.FieldChange{Enabled: &on})
	}
	return c.settle(v, "status", err, c.showField, fieldPath(field), "The status of the extended field is changed.")
}

func (c *console) deleteField(v *visit) error {
	field, err := c.fieldOf(v)
	if err == nil {
		err = confirm(v.r.PostForm, field.Name)
	}
	if err == nil {
		err = c.Plane.DeleteField(v.r.Context(), field.ID)
	}
	return c.settle(v, "delete", err, c.showField, instancePath(field.Instance)+"/fields", "The extended field is deleted.")
}
