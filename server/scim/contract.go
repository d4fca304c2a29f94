package scim

import (
	"io/fs"

	"scimproof/server/scim/filter"
)

// This file is a scaffold: signatures that other packages build on, until each is filled in its own file.

// Fold is the form in which values of an attribute compare equal: as they are where caseExact, else folded.
func Fold(a *Attribute, text string) string { panic("scaffold") }

// Registry is the resource types and schemas of a profile.
type Registry struct{}

// Load reads <profile>/... below fsys.
func Load(fsys fs.FS, profile string) (*Registry, error) { panic("scaffold") }

func (r *Registry) Types() []*ResourceType             { panic("scaffold") }
func (r *Registry) Type(name string) *ResourceType     { panic("scaffold") }
func (r *Registry) Endpoint(path string) *ResourceType { panic("scaffold") }
func (r *Registry) Schemas() []*Schema                 { panic("scaffold") }

func (rt *ResourceType) Resolve(a filter.Attr) (Ref, bool)      { panic("scaffold") }
func (rt *ResourceType) Bind(x filter.Expr) (Cond, error)       { panic("scaffold") }
func (rt *ResourceType) BindSort(text string) (Ref, error)      { panic("scaffold") }
func (rt *ResourceType) Append(dst []byte, o Object) []byte     { panic("scaffold") }
func (rt *ResourceType) Read(data []byte) (Object, error)       { panic("scaffold") }
func (rt *ResourceType) TakeSecret(o Object) string             { panic("scaffold") }
func (rt *ResourceType) CreateFrom(sent Object) (Object, error) { panic("scaffold") }
func (rt *ResourceType) CheckRequired(o Object) error           { panic("scaffold") }
func (rt *ResourceType) Merge(before, sent Object) (Object, error) {
	panic("scaffold")
}
func (rt *ResourceType) ReplaceWith(before, sent Object) (Object, error) { panic("scaffold") }

// DecodeOptions adjust Decode.
type DecodeOptions struct {
	RefuseUnknown bool
	Relax         func(attr *Attribute, value any) (instead any, ok bool)
	Named         map[string]bool
}

func (rt *ResourceType) Decode(body []byte, opt DecodeOptions) (Object, error) { panic("scaffold") }

// LinkValue is an entry of the linked attribute as a client sent it.
type LinkValue struct{ Value, Type string }

func (rt *ResourceType) TakeLinked(o Object) ([]LinkValue, bool, error) { panic("scaffold") }

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

// Selection is what attributes and excludedAttributes choose.
type Selection struct{}

func (rt *ResourceType) Select(attributes, excluded []string) (Selection, error) { panic("scaffold") }
func (s Selection) IsDefault() bool                                              { panic("scaffold") }
func (s Selection) Names(key string) bool                                        { panic("scaffold") }
func (s Selection) Wants(key string) bool                                        { panic("scaffold") }
func (s Selection) Apply(o Object) Object                                        { panic("scaffold") }

// SortBefore orders two resources by a reference.
func SortCompare(ref Ref, a, b Object, descending bool) int { panic("scaffold") }

func (AndCond) Match(Object) bool     { panic("scaffold") }
func (OrCond) Match(Object) bool      { panic("scaffold") }
func (NotCond) Match(Object) bool     { panic("scaffold") }
func (CompareCond) Match(Object) bool { panic("scaffold") }
func (EachCond) Match(Object) bool    { panic("scaffold") }
func (NothingCond) Match(Object) bool { panic("scaffold") }
