// Package fault holds deliberate deviations of the reference server, one literal each, so that every check can be shown to fail.
//
// A fault decorates: it wraps the handler, or the store, of a right server. No correct code knows about faults.
//
// To add one, write a literal into the list of the file for its area:
//
//	{
//		Name:   "post-without-location",
//		Breaks: []string{"users.create.location"},
//		Seen:   "several servers leave the header out of a 201",
//		Wrap:   response(method("POST"), func(_ *http.Request, res *answer) { res.header.Del("Location") }),
//	}
//
// Store decorates the store behind the SCIM endpoints instead; Control and ControlStore do the same for the control API.
//
// Breaks names the checks that the fault exists for: the selftest runs them and each has to fail. What else the fault breaks is kept in
// the golden kill matrix. The building blocks (response, document, resources, request, and the predicates) are in blocks.go;
// those over a store are in plane.go (what decides about a request), view.go (what is read) and writing.go (what is written).
package fault
