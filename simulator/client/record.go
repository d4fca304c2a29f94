package client

import (
	"strings"
	"unicode/utf8"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
)

// mask stands in evidence where a secret was.
const mask = evidence.Redacted

// Curl is a command that sends the request of an exchange again, with the token taken from a variable.
func Curl(e result.Exchange) string { return evidence.Curl(e) }

// record makes the evidence of an exchange. Bodies are decoded and masked, then cut.
func (c *Client) record(x *exchange, answer *Answer, err error) result.Exchange {
	out, in := x.tape.bytes()
	sent, _ := readHead(out)
	came := answerHead(in)
	where := c.sentTo(x, sent.line)
	red := c.redact.learn(where, sent.fields, x.body)
	e := result.Exchange{Method: x.method, URL: red.url(where), RequestHeaders: red.fields(sent.fields), Status: answer.Status, Credential: c.credential(sent.fields)}
	body := answer.Body
	if answer.Status == 0 { // whatever came, it is no answer
		came, body = head{}, in
	}
	e.Proto, _, _ = strings.Cut(red.text(came.line), " ")
	e.ResponseHeaders = red.fields(came.fields)
	e.RequestBody = c.evidenceOf(red, x.body, &e.Truncated)
	e.ResponseBody = c.evidenceOf(red, body, &e.Truncated)
	if err != nil {
		e.Error = red.text(err.Error())
	}
	return e
}

// credential says whose secret was sent. One that was made up for a request is not that of the run, and does not stand for it.
func (c *Client) credential(sent []result.Header) result.Credential {
	for _, h := range sent {
		if strings.EqualFold(h.Name, "Authorization") && (c.token == "" || !strings.Contains(h.Value, c.token.Reveal())) {
			return result.OfOther
		}
	}
	return c.config.Credential
}

// sentTo is the URL that the request line names, or would have.
func (c *Client) sentTo(x *exchange, line string) string {
	target := strings.TrimPrefix(x.url.Opaque, "//"+x.url.Host)
	if first, last := strings.Index(line, " "), strings.LastIndex(line, " "); first < last {
		target = line[first+1 : last]
	}
	if strings.HasPrefix(target, "http://") {
		return target
	}
	return c.base.Scheme + "://" + c.base.Host + target
}

func (c *Client) evidenceOf(red redactor, body []byte, truncated *bool) string {
	if len(body) > c.evidence+margin {
		body, *truncated = body[:c.evidence+margin], true
	}
	text := red.body(body)
	if len(text) <= c.evidence {
		return text
	}
	*truncated = true
	end := c.evidence
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
