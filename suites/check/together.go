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
	outcomes := make([]outcome, len(requests))
	start := make(chan struct{})
	var senders sync.WaitGroup
	for i, r := range requests {
		senders.Go(func() {
			<-start
			outcomes[i] = t.ask(r)
		})
	}
	close(start)
	senders.Wait()
	return t.answers(requests, outcomes)
}

// During sends each of the requests over and over for as long as do works, and at least once before it begins and after it ends. It returns the
// last answer to each, which is the first that was no success where there was one. What is sent must be as good the second time. The check
// ends as with Together.
func (t *T) During(do func(), requests ...client.Request) []*Answer {
	outcomes := make([]outcome, len(requests))
	done := make(chan struct{})
	var begun, senders sync.WaitGroup
	begun.Add(len(requests))
	for i, r := range requests {
		senders.Go(func() {
			outcomes[i] = t.ask(r)
			begun.Done()
			for last := false; outcomes[i].good() && !last; outcomes[i] = t.ask(r) {
				select {
				case <-done:
					last = true
				default:
				}
			}
		})
	}
	begun.Wait()
	func() {
		defer senders.Wait() // also where do ends the check
		defer close(done)
		do()
	}()
	return t.answers(requests, outcomes)
}

// outcome is what became of a request beside others.
type outcome struct {
	answer *client.Answer
	err    error
}

func (o outcome) good() bool { return o.err == nil && o.answer.Status < 300 }

func (t *T) ask(r client.Request) outcome {
	a, err := t.client.Do(t.ctx, r)
	return outcome{a, err}
}

// answers are what became of the requests, where that can be judged.
func (t *T) answers(requests []client.Request, outcomes []outcome) []*Answer {
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
