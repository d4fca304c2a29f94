package sqlstore

import (
	"errors"
	"maps"
	"sync"

	"scimproof/server/store"
)

// maxCached is how many entries of a kind a cache holds. One that is full begins anew.
const maxCached = 10_000

// Cache keeps what every request asks for. Numbers of collections and attributes are for good. Admissions are kept for one generation of the
// control plane, which a store establishes before it takes one from here.
type Cache struct {
	mu         sync.RWMutex
	numbers    map[name]int64
	generation int64
	admissions *Admissions
}

// name is that of a collection, or with no directory that of an attribute.
type name struct{ directory, name string }

// NewCache makes an empty cache for one store.
func NewCache() *Cache {
	return &Cache{numbers: map[name]int64{}, admissions: newAdmissions()}
}

// Supersede forgets all admissions. Where a process has a database to itself, it calls this after a change of the control plane is durable
// and before it is acknowledged.
func (c *Cache) Supersede() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.admissions = newAdmissions()
}

// Current is what is kept now. Who asks for it before it reads the database keeps nothing there that is older.
func (c *Cache) Current() *Admissions {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.admissions
}

// At is what is kept for a generation, as the database tells it. One that has passed has nothing kept.
func (c *Cache) At(generation int64) *Admissions {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation < c.generation {
		return newAdmissions()
	}
	if generation > c.generation {
		c.generation, c.admissions = generation, newAdmissions()
	}
	return c.admissions
}

// number finds a number that is known already, or 0.
func (c *Cache) number(of name) int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.numbers[of]
}

// keep keeps numbers that are committed.
func (c *Cache) keep(numbers map[name]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.numbers) >= maxCached {
		clear(c.numbers)
	}
	maps.Copy(c.numbers, numbers)
}

// Admissions are those of one generation.
type Admissions struct {
	mu sync.RWMutex
	m  map[admissionKey]store.Admission
}

type admissionKey struct{ application, digest string }

func newAdmissions() *Admissions { return &Admissions{m: map[admissionKey]store.Admission{}} }

// Get finds an admission that is kept.
func (a *Admissions) Get(application string, digest []byte) (store.Admission, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	found, ok := a.m[admissionKey{application, string(digest)}]
	return found, ok
}

// Keep keeps an admission that was read in the generation. What has no token is not kept, since anybody can make up digests.
func (a *Admissions) Keep(application string, digest []byte, found store.Admission) {
	if found.Token.ID == "" && len(digest) > 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.m) >= maxCached {
		clear(a.m)
	}
	a.m[admissionKey{application, string(digest)}] = found
}

// Admission reads what decides about a request (store.Store).
func (r *Reader) Admission(application string, digest []byte) (a store.Admission, err error) {
	if a.Application, err = r.Application(application); err != nil {
		return a, err
	}
	if a.Instance, err = r.Instance(a.Application.Instance); err != nil {
		return a, err
	}
	if a.Fields, err = r.Fields(a.Application.Instance); err != nil {
		return a, err
	}
	if len(digest) > 0 {
		if a.Token, err = r.TokenByDigest(digest); errors.Is(err, store.ErrNotFound) {
			err = nil
		}
	}
	return a, err
}

// Generation is the number of the control plane's generation.
func (r *Reader) Generation() (int64, error) { return r.number("SELECT number FROM generation") }
