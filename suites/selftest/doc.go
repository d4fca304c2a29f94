// Package selftest judges the judge. It holds tests only: no fault and every check holds, a fault and each check that it exists for breaks,
// every check stands in some fault, every variant and all still holds, every rule has a check or a named test, and no package imports against
// the arrows of the design.
//
// The kill matrix, testdata/kills.txt, says for each fault which checks break under it. It is made by make prove, and its difference is read by
// a person.
package selftest
