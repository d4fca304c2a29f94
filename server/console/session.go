package console

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
	"time"
)

const (
	idleEnd     = 30 * time.Minute
	lastEnd     = 12 * time.Hour // also of one that is never idle, since a page asks for more by itself
	secretBytes = 32             // of a session's id, and of its CSRF token
)

// sessions are the people who are signed in. They live in memory: a restart signs everyone out.
type sessions struct {
	clock  func() time.Time
	random io.Reader

	mu   sync.Mutex
	open map[[sha256.Size]byte]*session // by the digest of the id, so that a look-up tells nothing of an id by its time
}

type session struct {
	csrf   string
	notice string // what the next page tells
	began  time.Time
	seen   time.Time
	over   chan struct{} // closed when it is signed out
}

func newSessions(clock func() time.Time, random io.Reader) *sessions {
	return &sessions{clock: clock, random: random, open: map[[sha256.Size]byte]*session{}}
}

// begin opens a session, and forgets those that have ended.
func (s *sessions) begin() (id string, err error) {
	id, err = s.secret()
	if err != nil {
		return "", err
	}
	csrf, err := s.secret()
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for key, old := range s.open {
		if old.ended(now) {
			delete(s.open, key)
		}
	}
	s.open[sha256.Sum256([]byte(id))] = &session{csrf: csrf, began: now, seen: now, over: make(chan struct{})}
	return id, nil
}

// csrf gives the CSRF token of a session that has not ended, which goes on from now.
func (s *sessions) csrf(id string) (token string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(id)
	if found == nil || found.ended(s.clock()) {
		return "", false
	}
	found.seen = s.clock()
	return found.csrf, true
}

// tell keeps a text for the next page of a session.
func (s *sessions) tell(id, notice string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.find(id); found != nil {
		found.notice = notice
	}
}

// told gives the text that was kept, once.
func (s *sessions) told(id string) (notice string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.find(id); found != nil {
		notice, found.notice = found.notice, ""
	}
	return notice
}

// end closes a session.
func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.find(id); found != nil {
		close(found.over)
		delete(s.open, sha256.Sum256([]byte(id)))
	}
}

// over is closed when a session is signed out.
func (s *sessions) over(id string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.find(id); found != nil {
		return found.over
	}
	closed := make(chan struct{})
	close(closed)
	return closed
}

func (s *sessions) find(id string) *session { return s.open[sha256.Sum256([]byte(id))] }

func (s *session) ended(now time.Time) bool {
	return now.Sub(s.seen) >= idleEnd || now.Sub(s.began) >= lastEnd
}

func (s *sessions) secret() (string, error) {
	raw := make([]byte, secretBytes)
	_, err := io.ReadFull(s.random, raw)
	return hex.EncodeToString(raw), err
}
