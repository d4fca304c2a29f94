// Package scim holds SCIM semantics (RFC 7643, RFC 7644): schemas, resources, filters, PATCH, projection, sorting, errors.
// JSON goes in and JSON comes out; it knows neither HTTP nor a database.
//
// A resource is an Object: attribute names in the spelling of their schema, values as string, bool, Number, []any or Object,
// extensions under their URN, and no entry for what is unassigned (RFC 7643 section 2.5).
//
// A write goes through Decode or DecodePatch, which hold a body against the schema, then TakeLinked and TakeSecret or SplitLinked, which
// take out what is kept elsewhere, then CreateFrom, ReplaceWith, Merge or Patch, and ends with CheckRequired and Append. A query goes
// through Bind, BindSort and Select. Read brings back what Append wrote.
package scim

// Object is a resource or a complex value. No key maps to nil or to an empty list.
type Object = map[string]any
