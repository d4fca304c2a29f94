package check

// Level is how binding the requirement is.
type Level string

// The levels. A check of profile idaas has no level of its own: the basis of its rule gives it (package catalogue fills it in).
const (
	Must   Level = "MUST"
	Should Level = "SHOULD"
	May    Level = "MAY"
	Info   Level = "INFO" // behaviour that nothing regulates: observed, and held against nobody
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

// Profiles lists all profiles.
var Profiles = []Profile{RFC, IDaaS, Okta, Entra}

// Ref is where the requirement stands.
type Ref struct {
	RFC     string // "7643", "7644", "9110", ...; "IDaaS", "Okta" or "Entra"
	Section string // "3.5.2.1", the id of a rule, or the name of a scenario
}

// Check is one question to a target.
type Check struct {
	ID          string    // words joined by - and grouped by dots: "users.create.location". Never changes its meaning.
	Title       string    // what a right server does, as a sentence without a full stop
	Requirement string    // the requirement in own words, one or two sentences
	Profiles    []Profile // the first is its home; the others count it too
	Level       Level     // empty where Rule is set, unless the rule rests on an RFC
	Ref         Ref       // empty where Rule is set
	Rule        string    // id of a rule of the seed, for profile idaas
	Part        string    // of the rule, where it has parts with a basis of their own
	Replaced    []string  // rules of the seed that replace this expectation on an IDaaS application
	Needs       []Need
	Exclusive   bool // needs the collection to itself: nothing runs beside it
	Since       int  // catalogue version that brought it
	Run         func(t *T)
}

// Home is the profile that the check belongs to.
func (c Check) Home() Profile { return c.Profiles[0] }
