package callfeed

import (
	"net/http"
	"strconv"
	"time"
)

// patience is how long a reader may take for a part of an answer.
const patience = 15 * time.Second

// patient lets an answer take longer than the listener gives one, as long as each part of it goes on.
type patient struct {
	w       http.ResponseWriter
	control *http.ResponseController
	sent    bool // whether anything has been written
}

// begin lifts the deadline of the answer as a whole.
func (p *patient) begin() { _ = p.control.SetWriteDeadline(time.Time{}) } // where there is none, nothing is to be lifted

func (p *patient) Write(data []byte) (n int, err error) {
	p.sent = true
	err = p.within(func() (err error) {
		n, err = p.w.Write(data)
		return err
	})
	return n, err
}

// within gives a reader so long to take what is sent.
func (p *patient) within(send func() error) error {
	past := time.Unix(1, 0) // a deadline that is over, however the clock stands
	over := time.AfterFunc(patience, func() { _ = p.control.SetWriteDeadline(past) })
	defer over.Stop()
	return send()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
