// Package control is the console's steps as operations on a store: instances, organizations, applications, bearer tokens.
// Rules app-*, scope-*, sync-*, tok-* and perm-* of the seed live here. Every refusal is an Error with a code that says what to do.
package control
