// Package sqlite is a store.Store in one SQLite file.
//
// Readers have connections of their own and see the last committed state (WAL). All writes go through one connection: their
// functions take turns in one transaction, each inside a savepoint, and one commit makes all of them durable (group commit).
//
// What it reads and writes is package sqlstore's; here are the file, the connections, the turns and the tables.
package sqlite
