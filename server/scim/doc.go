// Package scim holds SCIM semantics (RFC 7643, RFC 7644): schemas, resources, filters, PATCH, projection, sorting, errors.
// JSON goes in and JSON comes out; it knows neither HTTP nor a database.
//
// A resource is an Object: attribute names in the spelling of their schema, values as string, bool, Number, []any or Object,
// extensions under their URN, and no entry for what is unassigned (RFC 7643 section 2.5).
package scim

// Object is a resource or a complex value. No key maps to nil or to an empty list.
type Object = map[string]any
