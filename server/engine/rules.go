package engine

import (
	"scimproof/server/scim"
	"scimproof/server/store"
)

// Kind is what a request does to a resource.
type Kind int

// The kinds of change.
const (
	Create   Kind = iota
	Resubmit      // a POST that matched a resource which is there (rules idem-*)
	Replace       // PUT
	Patch
)

// Change is a write to one resource on its way into the store. The engine has decoded and merged; the profile's rules have the last word.
type Change struct {
	App    *App
	Reader store.Reader // of the transaction that will write
	Type   *scim.ResourceType
	Kind   Kind
	Before scim.Object // nil on Create
	// Touched says whether the request named a top-level attribute of the base schema ("phoneRegion"), or an extension by its URN.
	Touched func(name string) bool
	// After is what the engine made of it; rules change it in place. It never holds the password.
	After scim.Object
	// Hidden is what the server keeps for itself about the resource; rules read and change it. Never nil.
	Hidden scim.Object
	// Organization is where the resource is placed; on Create it is empty and rules choose.
	Organization string
	// Password is the plain text that the request carried, or "". KeepPassword, set by a rule, keeps the stored one.
	Password     string
	HasPassword  bool // the account has one already
	KeepPassword bool
	ID           string // of the resource; on Create the one it will get
}

// Rules are what a profile adds to plain SCIM. The zero behaviour of each is what Plain does.
type Rules interface {
	// Relax is asked when a value has not the JSON type of its attribute. It returns what to take instead, or ok false to refuse it with 400;
	// a nil value with ok true drops it.
	Relax(attr *scim.Attribute, value any) (instead any, ok bool)
	// Received may change, before anything else looks at it, what a POST or PUT carried: entries that are filtered out go here.
	Received(app *App, rt *scim.ResourceType, sent scim.Object) error
	// Operations may rewrite the operations of a PATCH. An operation it drops has no effect.
	Operations(app *App, rt *scim.ResourceType, ops []scim.Operation) ([]scim.Operation, error)
	// Match looks for the resource that a POST submits again: its id, or "" where the POST is a creation. A *scim.Error refuses the POST.
	Match(app *App, r store.Reader, rt *scim.ResourceType, sent scim.Object) (id string, err error)
	// Restore puts what is kept apart of a resource in its place, after it was read from the store. Settle takes it out again.
	Restore(rt *scim.ResourceType, o, hidden scim.Object)
	// Settle checks and completes a change. A *scim.Error refuses it whole.
	Settle(c *Change) error
	// Filter may rewrite a bound filter, and Sort what is sorted by.
	Filter(rt *scim.ResourceType, c scim.Cond) scim.Cond
	Sort(rt *scim.ResourceType, by scim.Ref) scim.Ref
	// Member checks who may join a group, given the visible record with the id (ok false where there is none).
	Member(app *App, m store.Member, r store.Record, ok bool) error
	// Shape completes what a client is about to see where it selects attributes; named says whether it asked for one by name.
	Shape(app *App, rt *scim.ResourceType, o, hidden scim.Object, named func(key string) bool)
	// Reshapes says that Shape has a say in every answer of the application, so that none is what is stored.
	Reshapes(app *App) bool
	// Conflict words the refusal of a value that another resource has; attr is a Ref.Key.
	Conflict(rt *scim.ResourceType, attr string) *scim.Error
	// NotFound words the refusal of an id that leads to nothing the application can see.
	NotFound(rt *scim.ResourceType, id string) *scim.Error
}
