// Package result is what a run found, as plain data with a version. Every report is a pure function of a Run.
// It imports nothing of ours.
package result

import "time"

// SchemaVersion is the version of the shape below; it changes when a reader of an older file would misread a newer one.
const SchemaVersion = 1

// Outcome is what came of a check.
type Outcome string

// The outcomes. Fail is a broken MUST, Warn a broken SHOULD, Info an observation that is held against nobody.
// NA means that the target does not claim the feature or that a rule replaces the expectation, Skip that the user left it out,
// Blocked that a precondition failed, Error that the run could not judge.
const (
	Pass    Outcome = "pass"
	Warn    Outcome = "warn"
	Fail    Outcome = "fail"
	Info    Outcome = "info"
	NA      Outcome = "na"
	Skip    Outcome = "skip"
	Blocked Outcome = "blocked"
	Error   Outcome = "error"
)

// Outcomes lists all outcomes, worst first.
var Outcomes = []Outcome{Fail, Error, Blocked, Warn, Info, Skip, NA, Pass}

// Verdict is the judgement of a profile or a scenario.
type Verdict string

// The verdicts. Partial: nothing failed, but something that had to be judged was not.
const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "non-conformant"
	Partial       Verdict = "partial"
	Inconclusive  Verdict = "inconclusive"
)

// Run is one run against one target, of checks, of replays or of both. It is the content of results.json.
type Run struct {
	SchemaVersion int        `json:"schemaVersion"`
	Tool          Tool       `json:"tool"`
	Target        Target     `json:"target"`
	Started       time.Time  `json:"started"`
	Ended         time.Time  `json:"ended"`
	Complete      bool       `json:"complete"` // false where the run was interrupted
	Seed          uint64     `json:"seed"`
	Command       string     `json:"command,omitempty"` // that repeats the run, without secrets
	Notes         []string   `json:"notes,omitempty"`   // e.g. why these profiles were chosen
	Profiles      []Profile  `json:"profiles"`
	Checks        []Check    `json:"checks"`
	Scenarios     []Scenario `json:"scenarios"`
	Residue       []Residue  `json:"residue"` // what the run made and could not remove
}

// Tool names the program that ran.
type Tool struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// Target is what was judged.
type Target struct {
	BaseURL string `json:"baseUrl"`
}

// Profile is the judgement of one profile.
type Profile struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"` // of a verdict that is not plain from the counts
	Counts  Counts  `json:"counts"`
}

// Counts are the numbers of checks by outcome.
type Counts struct {
	Pass    int `json:"pass"`
	Warn    int `json:"warn"`
	Fail    int `json:"fail"`
	Info    int `json:"info"`
	NA      int `json:"na"`
	Skip    int `json:"skip"`
	Blocked int `json:"blocked"`
	Error   int `json:"error"`
}

// Check is the row of one check.
type Check struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Profile     string     `json:"profile"`  // its home
	Profiles    []string   `json:"profiles"` // every selected profile that counts it
	Level       string     `json:"level"`    // MUST, SHOULD, MAY or INFO
	RFC         string     `json:"rfc"`      // "7644", "7643", "IDaaS", "Okta", "Entra"
	Section     string     `json:"section"`  // a section, or the id of a rule
	Requirement string     `json:"requirement,omitempty"`
	Outcome     Outcome    `json:"outcome"`
	Reason      string     `json:"reason"` // one line for people; for info: "holds" or "departs", then why
	Expected    string     `json:"expected"`
	Actual      string     `json:"actual"`
	Location    string     `json:"location,omitempty"` // JSON pointer or header that Expected and Actual speak of
	DurationMs  float64    `json:"durationMs"`
	Exchanges   []Exchange `json:"exchanges"`
	Rerun       string     `json:"rerun,omitempty"`
}

// Credential says whose secret a request brought.
type Credential string

// The credentials. None is named where it is that of the run.
const (
	OfControl Credential = "control" // of the control API, with which the exchange was
	OfOther   Credential = "other"   // of another application of the server, another one of the application that is judged, or one that was made up
)

// Exchange is one request and its answer, as they were on the wire, redacted when they were recorded.
type Exchange struct {
	Method          string     `json:"method"`
	URL             string     `json:"url"`
	RequestHeaders  []Header   `json:"requestHeaders"`
	RequestBody     string     `json:"requestBody,omitempty"`
	Status          int        `json:"status"` // 0 where no answer came
	Proto           string     `json:"proto,omitempty"`
	ResponseHeaders []Header   `json:"responseHeaders"`
	ResponseBody    string     `json:"responseBody,omitempty"`
	Truncated       bool       `json:"truncated,omitzero"` // a body is cut at the evidence limit
	Error           string     `json:"error,omitempty"`    // why no answer came
	Credential      Credential `json:"credential,omitempty"`
	Started         time.Time  `json:"started"`
	DurationMs      float64    `json:"durationMs"`
}

// Header is one header field; order and spelling are those of the wire.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Scenario is one sequence of requests of one client.
type Scenario struct {
	Client  string  `json:"client"` // okta, entra
	Name    string  `json:"name"`   // "entra/jml-default"
	Title   string  `json:"title,omitempty"`
	Target  string  `json:"target,omitempty"` // base URL, where it is not that of the run
	Verdict Verdict `json:"verdict"`
	Steps   []Step  `json:"steps"`
}

// Step is one request of a scenario.
type Step struct {
	Name     string    `json:"name"`
	Source   string    `json:"source,omitempty"` // evidence tag of what that client is known to send
	Outcome  Outcome   `json:"outcome"`
	Reason   string    `json:"reason,omitempty"`
	Expected string    `json:"expected"` // what this client needs
	Actual   string    `json:"actual"`
	Exchange *Exchange `json:"exchange"`
}

// Residue is something that the run made on the target and could not remove.
type Residue struct {
	Type     string `json:"type"`
	ID       string `json:"id"`
	Location string `json:"location"`
	Reason   string `json:"reason"`
}
