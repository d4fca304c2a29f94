// Package controlapi serves the control plane over HTTP as JSON, to the bearer of the admin token.
//
// There is one file per noun: its view (how an answer shows it), its bodies (what a request says of it), and its routes. To add a route,
// name it in the routes of its noun, with an endpoint for each of its methods: listed, found, created, answered or deleted. An
// endpoint gives a request to one operation of the plane, which makes every decision; here is only the form of it. Then describe the route
// in openapi.json: the tests hold against it every request that succeeds, and every answer.
//
// Bodies are read strictly, so that a slip of the pen is never taken for a wish. Each error is a JSON object with code, message and, where
// a member of the body is to blame, field; what is refused has changed nothing.
package controlapi
