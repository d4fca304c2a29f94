// Package check says what a check is: a literal with a stable id, where its requirement stands, what it needs, and a body.
// Level, features and text are declared once, on the literal; a body never mentions them.
package check

// Level is how binding the requirement is.
type Level string

// The levels. A check of profile idaas has no level of its own: the basis of its rule gives it.
const (
	Must   Level = "MUST"
	Should Level = "SHOULD"
	May    Level = "MAY"
	Info   Level = "INFO"
)

// Profile is a set of expectations a target can be judged by.
type Profile string

// The profiles.
const (
	RFC   Profile = "rfc"
	IDaaS Profile = "idaas"
	Okta  Profile = "okta"
	Entra Profile = "entra"
)

// Need is something that a target must offer before a check makes sense; what it advertises decides (Target.Offers).
type Need string

// The needs.
const (
	Users          Need = "users"  // a resource type at /Users
	Groups         Need = "groups" // a resource type at /Groups
	Patch          Need = "patch"
	Filter         Need = "filter"
	Sort           Need = "sort"
	ETag           Need = "etag"
	Bulk           Need = "bulk"
	Auth           Need = "auth"       // a credential was given, so that leaving it out means something
	Name           Need = "name"       // User has the complex attribute name
	Emails         Need = "emails"     // User has emails
	Multi          Need = "multi"      // User keeps several values of emails
	Enterprise     Need = "enterprise" // User has the enterprise extension
	ChangePassword Need = "changePassword"
	Title          Need = "title" // User has a plain, writable, optional string attribute beside displayName
)

// Ref is where the requirement stands.
type Ref struct {
	RFC     string // "7643", "7644", "IDaaS", "Okta", "Entra"
	Section string // "3.5.2.1", or the name of a scenario; empty for a rule of the seed, which Rule names
}

// Check is one question to a target.
type Check struct {
	ID          string    // words joined by - and grouped by dots: "users.create.location". Never changes its meaning.
	Title       string    // what a right server does, as a sentence without a full stop
	Requirement string    // the requirement in own words, one or two sentences
	Profiles    []Profile // the first is its home; the others count it too
	Level       Level     // empty where Rule is set
	Ref         Ref
	Rule        string   // id of a rule of the seed, for profile idaas
	Part        string   // of the rule, where it has parts with a basis of their own
	Replaced    []string // rules of the seed that replace this expectation on an IDaaS application
	Needs       []Need
	Exclusive   bool // needs the collection to itself: nothing runs beside it
	Since       int  // catalogue version that brought it
	Run         func(t *T)
}
