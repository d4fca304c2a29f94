// Package redact takes secrets out of what a server keeps of a failure, before it is kept.
//
// It errs on the side of too little: what it cannot take apart it does not show. A value is masked where its own name, the name of what it
// lies in, or a text beside it speaks of a secret; a text where it has a word for one and more than that.
//
// To mask something more, add a word to words, or a form of token to isToken, and plant a secret of that kind in the tests.
package redact
