// Package postgres is a store.Store in a PostgreSQL database, which many replicas of the server may share.
//
// A step is a serializable transaction. Steps run side by side, and one that PostgreSQL ends because it collides with another runs again;
// after some vain attempts it runs alone (see Store.Write). A read is a snapshot, and waits for nobody. Steps and reads have connections of
// their own, so that a read inside a step always finds one.
package postgres
