// Package replay plays what an identity provider sends, once and step by step, and judges each answer by what that client needs to go on.
//
// A step passes when every expectation of its file is met. Where one is not, the judgement asks in this order:
//
//   - does a rule of the IDaaS profile replace the expectation on this target: N/A, "replaced by user-7";
//   - does another authority grant the answer, as RFC 7644 section 3.5.2.3 grants noTarget: N/A, with who grants it;
//   - could the run not judge at all (no answer, 401, 429, a target that fails at plain requests too): error;
//   - else the step failed, and its reason names the first expectation that was not met.
//
// A step that needs a value that an earlier one did not bring, in its request or in what it expects, is blocked and sends nothing; so is one whose
// after names a step that did not succeed. An expectation with such an after is left out, and the rest of its step judged. So one failure is told once.
// Everything that a scenario made and did not delete is deleted when the scenario ends, also when the run is interrupted; what cannot be deleted is
// residue.
//
// To play another scenario, add a file (see package persona); nothing here knows a scenario by name.
package replay
