// Package sqlstore is what the stores on relational databases share: a store.Reader and a store.Tx in SQL, over a Session that is in a
// transaction and a sqlquery.Dialect. Connections, transactions and tables are each store's own; the tables have the names and columns
// that package sqlquery presumes, and counters that a session keeps up to date (Counter):
//
//	placement       (collection, organization, total)               resources of a collection in an organization
//	block           (collection, number, total)                     of a collection, in each run of 4096 numbers
//	placement_block (collection, bits, organization, number, total) the same for each organization, in runs of 2^12 and of 2^18 numbers
//
// A counter may be spread over several rows, which are added up.
package sqlstore
