package postgres

// Options adjust a store. The zero value is safe and right for most.
type Options struct {
	// MaxScan is how many rows a query may look at one by one, for what has no index; 0 means 100,000.
	MaxScan int
	// Readers and Writers are how many connections this replica opens at most for each; 0 means 8. More reads and steps wait. All replicas
	// together stay below what the database allows (its max_connections).
	Readers, Writers int
	// Jitter returns a number from 0 to 1, a different one each time, by which steps that have collided keep clear of each other. Without
	// one they try again at once.
	Jitter func() float64
}

func (o Options) withDefaults() Options {
	if o.MaxScan == 0 {
		o.MaxScan = 100_000
	}
	if o.Readers == 0 {
		o.Readers = 8
	}
	if o.Writers == 0 {
		o.Writers = 8
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0 }
	}
	return o
}
