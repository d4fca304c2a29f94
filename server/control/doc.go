// Package control is the console's steps as operations on a store: instances, organizations, applications with their scope, target,
// permissions and extended fields, and tokens. The rules app-*, scope-*, sync-*, tok-*, perm-* and ext-* of the seed that an administrator
// meets live here. Every refusal is an Error with a code, and says what to do; what is refused has changed nothing.
//
// There is one file per noun. To add an operation, write a method of Plane that checks and writes in one step of the store, so that two
// administrators at once cannot break a rule between them.
package control
