// Package storetest is the contract of package store as tests: an implementation runs them over an empty store.
//
// To add a sentence to the contract, write it at the method in package store and a function here that would fail without it,
// and list that function in Run.
package storetest

import (
	"testing"

	"scimproof/server/store"
)

// MaxScan is how many rows the stores under test MUST look at without an index, and no more: a test exceeds it.
const MaxScan = 500

// Run holds a store against its contract. open makes an empty store for a test and MUST close it in a cleanup that takes ErrClosed well.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	tests := []struct {
		name string
		run  func(*testing.T, store.Store)
	}{
		{"record/what is written is read", testRoundTrip},
		{"record/update writes over", testUpdate},
		{"record/absent", testAbsent},
		{"record/ids are folded", testFoldedID},
		{"record/directories are apart", testDirectories},
		{"record/delete removes everywhere", testDelete},
		{"unique/keys", testUniqueKeys},
		{"unique/a refused change leaves nothing", testConflictLeavesNothing},
		{"unique/concurrent writers", testConcurrentUnique},
		{"unique/keys move and go", testKeysMove},
		{"unique/by key", testByKey},
		{"external/per application", testExternalPerApplication},
		{"external/unique or not", testExternalUnique},
		{"external/own records only", testExternalOwn},
		{"step/an error leaves nothing", testAtomicError},
		{"step/a panic leaves nothing", testAtomicPanic},
		{"step/a goroutine that ends leaves nothing", testAtomicExit},
		{"step/reads what it wrote", testReadYourWrites},
		{"step/no update is lost", testNoLostUpdate},
		{"step/a cancelled one does not run", testCancelled},
		{"step/read is one state", testSnapshot},
		{"scope/users by organization", testScopeUsers},
		{"scope/groups by list", testScopeGroups},
		{"scope/organizations below", testScopeTree},
		{"scope/trees that change", testScopeMoves},
		{"scope/totals", testScopeTotals},
		{"members/order and repetition", testMembersOrder},
		{"members/a large group", testMembersLarge},
		{"members/hidden ones stay", testMembersHidden},
		{"members/absent", testMembersAbsent},
		{"members/direct and indirect", testMembershipsNested},
		{"members/circles end", testMembershipsCircle},
		{"members/hidden groups", testMembershipsHidden},
		{"query/agrees with match", testAgreement},
		{"query/agrees with match at random", testAgreementRandom},
		{"query/in a scope", testAgreementScoped},
		{"query/paging", testPaging},
		{"query/sorting", testSorting},
		{"query/too many", testTooMany},
		{"query/positions", testPositions},
		{"query/positions in what changes", testPositionsChurn},
		{"control/instances", testInstances},
		{"control/applications", testApplications},
		{"control/tokens", testTokens},
		{"control/organizations", testOrganizations},
		{"control/admission", testAdmission},
		{"control/fields", testFields},
		{"control/delete an instance", testDeleteInstance},
		{"control/secrets", testSecrets},
		{"close/answers afterwards", testClosed},
		{"close/waits for what is under way", testCloseWaits},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}
