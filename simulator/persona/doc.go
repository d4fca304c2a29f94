// Package persona knows how each identity provider talks: its headers and encodings, and its scenarios, which are plans of named steps with memory.
// It renders the bytes of a request; package replay sends them and judges what comes back.
//
// # To add a scenario
//
// Write fixtures/idp/<client>/<name>.yaml beside the client's persona.yaml. Its name is "<client>/<name>"; fixtures/idp/scenario.schema.json
// describes every key and serves editors too. Say under people which generated users, groups and GUIDs the steps speak of:
//
//	name: okta/rename
//	client: okta
//	title: A person takes another name
//	form: aiw
//	description: What happens, in one or two sentences.
//	people:
//	  users: [user, renamed]
//	steps: [...]
//
// A scenario deletes what it made where its client does; whatever is left then is deleted by replay.
//
// # To add a step
//
// A step is one request of that client. Its source starts with how well the request is known (documented, vendor-test, vendor-staff, observed,
// reported or inferred; tester for a look that no client takes) and goes on with where. Texts are templates: {{user.userName}} is a generated
// value, {{userId}} one that an earlier step saved. A text that is nothing but a template takes over the saved JSON value as it is.
//
//	steps:
//	  - name: change of surname
//	    source: "observed: build log of an App Integration Wizard application"
//	    request:
//	      method: PUT
//	      path: /Users/{{userId}}
//	      from: current                 # saved earlier with {current: $}
//	      set: {name.familyName: "{{renamed.familyName}}"}
//	    expect:
//	      status: [200]
//	      body:
//	        - {path: id, equals: "{{userId}}"}
//	        - {path: name.familyName, equals: "{{renamed.familyName}}", replaced: [user-7]}
//	    why: Okta compares the answer with what it sent and repeats the write when they differ.
//
// A step that says nothing without the success of earlier ones names them in after; so does an expectation, where the rest of its step can be judged
// without them. A test refuses one write of each scenario at a time and wants to see that one step fail, and no other.
//
// An expectation that a rule of the IDaaS profile replaces carries that rule under replaced; package replay shows it as not applicable there.
// An unknown key, rule-breaking path or template variable that no earlier step can have filled is an error when the file is loaded.
package persona
