// Package client sends one HTTP request to a SCIM server and gives back its one answer, recorded as both were on the wire.
//
// What leaves is what the caller asked for: nothing is retried, no redirect is followed, no cookie is kept, no header is added beside Host,
// Content-Length, Authorization and the documented defaults. What is recorded is what a connection carried, not what a library meant to send: it is
// read off the connection below net/http, and secrets are masked at that moment, so that nothing that holds an Exchange ever holds a secret.
//
// [Client.Raw] sends bytes that no HTTP library would send: malformed, slow, cut short.
package client
