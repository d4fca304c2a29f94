// Package runner runs checks against a target and makes rows of results. Judge is the judgement itself: a pool of workers, in the order
// that the rules demand. Run hands it to Ginkgo, which reports each check as a spec of its own.
//
// It is the only importer of Ginkgo outside tests.
package runner
