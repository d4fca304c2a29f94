// Package callfeed sends the calls of a log over HTTP as they are read: as a file, and as they happen. Who may have them its callers decide.
//
// To add a form of the file, give forms an entry.
package callfeed
