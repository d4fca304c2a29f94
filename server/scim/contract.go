package scim

import "scimproof/server/scim/filter"

// This file is a scaffold: signatures that other packages build on, until each is filled in its own file.

// The operations of PATCH.
const (
	OpAdd     = "add"
	OpRemove  = "remove"
	OpReplace = "replace"
)

// PatchPath is the bound target of an operation.
type PatchPath struct {
	Ref
	Filter Cond
	Expr   filter.Expr
}

// Operation is one operation of a PATCH.
type Operation struct {
	Op    string
	Path  *PatchPath
	Value any
}

// LinkOperation is an operation on the linked attribute.
type LinkOperation struct {
	Op     string
	Values []LinkValue
	Filter Cond
	IDs    []string
}

// PatchOptions adjust PATCH.
type PatchOptions struct {
	CreateOnNoMatch, IgnoreUnknown bool
	Relax                          func(attr *Attribute, value any) (instead any, ok bool)
}

func (rt *ResourceType) DecodePatch(body []byte, opt PatchOptions) ([]Operation, error) {
	panic("scaffold")
}
func (rt *ResourceType) SplitLinked(ops []Operation) ([]Operation, []LinkOperation, error) {
	panic("scaffold")
}
func (rt *ResourceType) Touched(ops []Operation) map[string]bool { panic("scaffold") }
func (rt *ResourceType) Patch(before Object, ops []Operation, opt PatchOptions) (Object, error) {
	panic("scaffold")
}
