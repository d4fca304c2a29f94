// Package calllog keeps a record of every SCIM call: who called, what for, what came of it and how long it took.
//
// A record becomes a line of JSON in a bounded buffer, which one goroutine takes away and appends to segment files in a directory. Whoever
// records a call never waits and is never refused: where the buffer is full or the disk fails, the record is dropped and counted. The
// oldest segments make room for new ones, so that the directory keeps its bound; those that are too old go, too. Exchanges of calls that
// failed have segments of their own. Who follows the log as it grows is left behind where he is too slow. A Reader answers all questions
// from the segments alone: that of a Log, or one beside the Log of another process.
//
// To add a field: give Call a member with a name in JSON, bound it in Call.bound where a client chooses it, and write it in appendCall;
// the test of the round trip fails until all of them agree. Nothing that opens anything belongs here: no token and no password; an
// Exchange has been through package redact.
package calllog
