// Package measure compares what a request costs the reference server with what it costs a bare net/http handler that answers the same
// bytes: CPU of the serving process per request, and latencies at a number of connections. All of it is tests:
//
//	make bench                        both sizes, the Go benchmarks after it
//	go test ./server/measure -run TestMeasures -v -measure bin/scimproof -sizes 10000
//
// Both serve from a process of their own, one after the other on the same machine, so that the ratio means something where the
// figures themselves depend on the machine. The requests follow each other as soon as one is answered (a closed loop), so the latencies are
// those of a busy server, not of an open load.
//
// To add an operation, write a literal into operations.
package measure
