// Package sqlquery turns a bound filter into SQL, for the stores that keep resources in a relational database.
//
// It presumes tables that any such store can have:
//
//	collection   (seq, directory, type)                          a directory's resources of one type
//	attribute    (seq, name)                                     an indexed attribute, by Ref.Key
//	resource     (seq, collection, id, organization, created, modified, ...)
//	resource_key (resource, attribute, value, collection)        folded values of indexed attributes
//	external_id  (resource, application, collection, value)
//	membership   (holder, position, member)                      holder and member are resources
//	reach        (application, organization)                     the scope, with all that lies below
//	scope_group  (application, resource)
//
// CROSS JOIN says in which order tables are visited: SQLite keeps to it, and other databases lose nothing by it.
// Text compares by its bytes in UTF-8. SQL holds question marks for arguments; a dialect rewrites what its database spells differently.
// No condition is ever NULL, so that NOT is plain negation, as it is for scim.Cond.
package sqlquery
