package fault

import (
	"net/http"
	"slices"

	"scimproof/server/store"
)

// Fault is one known deviation.
type Fault struct {
	Name   string                          // words joined by dashes
	Breaks []string                        // ids of the checks it exists for
	Seen   string                          // where real servers do this, or why it is plausible
	Wrap   func(http.Handler) http.Handler // nil where the handler stays
	Store  func(store.Store) store.Store   // nil where the store stays

	// The same for the control API, which the first two leave alone.
	Control      func(http.Handler) http.Handler
	ControlStore func(store.Store) store.Store
}

// All lists the faults of every area.
func All() []Fault {
	return slices.Concat(
		protocol, misdescribed, created, read, replaced, deleted, projected,
		filterOperators, filterLogic, filterSpelling, filterPaths, filterRefusals, listMessages, listPaging, listSorting,
		patchGeneral, patchAdd, patchReplace, patchRemove, patchErrors, patchPaths, patchClients,
		groupsCreated, groupsRead, groupsReplaced, groupsPatched, groupsJoined,
		entriesMapped, accountsNamed, accountsEnabled, accountsExtended, accountsPlaced, areaCoded, numbersFormed, addressesFormed, passwordsTaken,
		submittedAgain, groupsAgain, failedInPart, accessGiven, tokensKept, scenariosGranted, unguarded(), elsewhereOpen, applicationsKept,
		scopesKept, hiddenKept, overlapsKept, instancesKept, targetsKept, fieldsNamed, fieldsKept, fieldsDeclared, fieldRules, passwordsHeld,
	)
}

// Handler puts the fault in front of a right server's handler.
func (f Fault) Handler(h http.Handler) http.Handler { return apply(f.Wrap, h) }

// Over puts the fault in front of a right store.
func (f Fault) Over(s store.Store) store.Store { return apply(f.Store, s) }

// Plane puts the fault in front of a right control API.
func (f Fault) Plane(h http.Handler) http.Handler { return apply(f.Control, h) }

// Under puts the fault in front of the store of a right control API.
func (f Fault) Under(s store.Store) store.Store { return apply(f.ControlStore, s) }

// Idle says whether the fault changes nothing.
func (f Fault) Idle() bool {
	return f.Wrap == nil && f.Store == nil && f.Control == nil && f.ControlStore == nil
}

func apply[T any](wrap func(T) T, right T) T {
	if wrap == nil {
		return right
	}
	return wrap(right)
}
