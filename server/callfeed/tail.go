package callfeed

import (
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/calllog"
)

// pulse is how often something is sent while no calls come, so that either side learns that the other has gone.
const pulse = 15 * time.Second

const contentType = "text/event-stream"

// Tail sends the calls that a filter chooses as they happen, as server-sent events: "call" with a call in JSON, and a last one, "end", that
// says why. A reader who is too slow is left behind. An error came before anything was sent.
func Tail(w http.ResponseWriter, r *http.Request, log *calllog.Log, f calllog.Filter) error {
	h := w.Header()
	if r.Method == http.MethodHead {
		h.Set("Content-Type", contentType)
		return nil // who asks for the head alone follows nothing
	}
	tail, err := log.Tail(f)
	if err != nil {
		return err
	}
	defer tail.Close()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // else a proxy of the kind of nginx waits for more
	out := &patient{w: w, control: http.NewResponseController(w)}
	out.begin()
	follow(out, r, tail)
	return nil
}

// follow ends with the tail, with the request, or when nothing can be sent any more.
func follow(out *patient, r *http.Request, tail *calllog.Tail) {
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	err := out.event(": the calls from now on\nretry: 2000\n\n")
	for err == nil {
		select {
		case c, open := <-tail.Calls:
			if !open {
				_ = out.event("event: end\ndata: " + why(tail) + "\n\n") // the reader may have gone
				return
			}
			err = out.call(c)
		case <-beat.C:
			err = out.event(": nothing\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

func why(tail *calllog.Tail) string {
	if tail.Behind() {
		return "slow"
	}
	return "closing"
}

func (p *patient) call(c calllog.Call) error {
	data, err := json.Marshal(c, jsontext.AllowInvalidUTF8(true)) // an address may have any bytes; the log replaces them, too
	if err != nil {
		return err
	}
	return p.event(fmt.Sprintf("event: call\ndata: %s\n\n", data))
}

// event sends an event at once.
func (p *patient) event(text string) error {
	if _, err := p.Write([]byte(text)); err != nil {
		return err
	}
	return p.within(p.control.Flush)
}
