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
}

// All lists the faults of every area.
func All() []Fault {
	return slices.Concat(
		protocol, misdescribed, created, read, replaced, deleted, projected,
		filterOperators, filterLogic, filterSpelling, filterPaths, filterRefusals, listMessages, listPaging, listSorting,
		patchGeneral, patchAdd, patchReplace, patchRemove, patchErrors, patchPaths, patchClients,
		groupsCreated, groupsRead, groupsReplaced, groupsPatched, groupsJoined,
		entriesMapped, accountsNamed, accountsEnabled, accountsExtended, accountsPlaced, areaCoded, numbersFormed, addressesFormed, passwordsTaken,
		submittedAgain, groupsAgain, failedInPart, accessGiven,
	)
}

// Handler puts the fault in front of a right server's handler.
func (f Fault) Handler(h http.Handler) http.Handler {
	if f.Wrap == nil {
		return h
	}
	return f.Wrap(h)
}

// Over puts the fault in front of a right store.
func (f Fault) Over(s store.Store) store.Store {
	if f.Store == nil {
		return s
	}
	return f.Store(s)
}
