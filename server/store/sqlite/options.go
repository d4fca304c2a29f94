package sqlite

// Memory is the path of a store that is gone when it is closed.
const Memory = ":memory:"

// Options adjust a store. The zero value is safe and right for most.
type Options struct {
	// NoSync leaves it to the operating system when to write to disk: a power failure may lose what was acknowledged. For tests.
	NoSync bool
	// MaxScan is how many rows a query may look at one by one, for what has no index; 0 means 100,000.
	MaxScan int
	// Readers is how many reads run at a time; 0 means 8. More wait.
	Readers int
	// MaxBatch is how many writes share a commit at most; 0 means 128.
	MaxBatch int
}

func (o Options) withDefaults() Options {
	if o.MaxScan == 0 {
		o.MaxScan = 100_000
	}
	if o.Readers == 0 {
		o.Readers = 8
	}
	if o.MaxBatch == 0 {
		o.MaxBatch = 128
	}
	return o
}
