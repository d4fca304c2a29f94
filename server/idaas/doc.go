// Package idaas holds the account rules of profile idaas: which entries of emails and phoneNumbers count, how a phone number and its
// area code go together, what a password has to be, where an account is placed, and when a POST is an update. The rules have the ids
// of fixtures/rules, and a comment names the rule that a piece of code carries out.
//
// A rule lives in the file of the noun it is about. To add one, let Settle, or the hook of engine.Rules that fits, call it.
package idaas
