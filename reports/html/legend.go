package html

import "scimproof/reports/result"

// legend explains a word of the report.
type legend struct {
	Look look
	Text string
}

var legends = []legend{
	{looks[result.Fail], "A MUST is broken, or a step of a client did not get what that client needs. It makes the profile non-conformant."},
	{looks[result.Error], "The run could not judge: no answer, a time-out, a limit on the rate, or a server that failed at a plain request too."},
	{looks[result.Blocked], "Something that had to work first did not, so there was nothing to judge."},
	{looks[result.Warn], "A SHOULD is missed. The profile can still be conformant."},
	{looks[result.Info], "Nothing binds here. What the server does was seen and is told: it holds to, or departs from, what clients like to see."},
	{looks[result.Skip], "Left out by whoever started the run, or in need of something that was not given."},
	{looks[result.NA], "The server does not claim the feature, or a rule of another profile replaces the expectation."},
	{looks[result.Pass], "As required."},
}
