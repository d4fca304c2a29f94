package check

import (
	"net/http"
	"sync"
	"time"

	"scimproof/simulator/client"
)

// Together sends requests at the same instant and returns their answers in the order of the requests. The check ends where one got no answer,
// where one was answered with 500 or more, and, with nothing to judge, where the target limits the rate.
func (t *T) Together(requests ...client.Request) []*Answer {
	type outcome struct {
		answer *client.Answer
		err    error
	}
	outcomes := make([]outcome, len(requests))
	start := make(chan struct{})
	var senders sync.WaitGroup
	for i, r := range requests {
		senders.Go(func() {
			<-start
			a, err := t.client.Do(t.ctx, r)
			outcomes[i] = outcome{a, err}
		})
	}
	close(start)
	senders.Wait()
	// All that happened is known before anything ends the check, so that the clean-up misses nothing.
	for i, o := range outcomes {
		t.made.Saw(requests[i], o.answer, o.err)
		if o.answer != nil {
			t.keep(o.answer.Exchange)
		}
	}
	answers := make([]*Answer, len(requests))
	for i, o := range outcomes {
		switch {
		case o.err != nil:
			t.unanswered(o.err)
		case o.answer.Status == http.StatusTooManyRequests:
			t.NA("the target limits the rate (429), so that requests do not meet")
		case o.answer.Status >= 500:
			t.failing(requests[i], o.answer)
		}
		answers[i] = newAnswer(requests[i], o.answer)
	}
	return answers
}

// Pause waits, for clocks that count in whole seconds. It ends early with the run.
func (t *T) Pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
		t.unanswered(t.ctx.Err())
	}
}
